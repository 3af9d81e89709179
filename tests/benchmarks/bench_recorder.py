"""What recording costs: CPU seconds of all its processes per recorded minute, against other recorders.

Each films the same screen with the same encoder settings, in turns, so that outside load hits all
alike. Beside that: the share of ticks lost, and the bitrate at equal SSIM against ffmpeg.
"""

import argparse
import statistics
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import goals, quality
from tests.benchmarks.recorders import PEERS, Peer, finish, record, scene
from tests.benchmarks.table import Figure, render
from tests.support import media
from tests.support.processes import Program, cpu_seconds
from tests.support.services import Screen, open_screen

WARM_S = 3.0
QUALITY_S = 8.0


@dataclass
class Takes:
    """CPU costs of the paired takes, lost ticks, and file sizes against ffmpeg's."""

    ours: list[float] = field(default_factory=list)
    peers: dict[str, list[float]] = field(default_factory=dict)
    lost: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """Every asked size, content and peer."""
    figures: list[Figure] = []
    for size in options.size or goals.SIZES:
        width, height, _ = goals.SIZES[size]
        peers = _peers(options.peer or PEERS, size, asked=bool(options.peer))
        with open_screen(width, height) as screen:
            for content in options.content or goals.CONTENTS:
                found = compare(screen, size, content, peers=peers, folder=folder, options=options)
                print(render(found), flush=True)  # a long run that breaks off has not been for nothing
                figures += found
    return figures


def compare(
    screen: Screen,
    size: str,
    content: str,
    *,
    peers: dict[str, Peer],
    folder: Path,
    options: argparse.Namespace,
) -> list[Figure]:
    """Medians over the paired takes of one content."""
    takes, fps = Takes(), goals.SIZES[size][2]
    for turn in range(options.repeat):
        with scene(screen, content, fps):
            _take_turns(
                screen, fps, peers, folder / f"{size}-{content}-{turn}", seconds=options.seconds, takes=takes
            )
    figures = [_cpu(size, content, peer, takes, options) for peer in peers]
    lost = statistics.median(takes.lost)
    figures.append(Figure(f"lost ticks, {size} {content}", lost, "%", target=goals.LOST_PERCENT.get(size)))
    if "ffmpeg" in peers and content in goals.CONTENTS and not options.no_bitrate:
        figures += _bitrate(screen, size, content, folder, min(QUALITY_S, options.seconds))
    return figures


def _take_turns(
    screen: Screen, fps: int, peers: dict[str, Peer], stem: Path, *, seconds: float, takes: Takes
) -> None:
    mine = stem.with_suffix(".mp4")
    program = record(screen, mine, fps)
    takes.ours.append(_cost(program, WARM_S, seconds))
    finish(program)
    takes.lost.append(_lost(program))
    program.close()
    assert media.decode_errors(mine) == ""
    for name, peer in peers.items():
        other = stem.with_name(f"{stem.name}-{name}.mp4")
        program = peer.start(screen, other, fps)
        takes.peers.setdefault(name, []).append(_cost(program, peer.warm_s, seconds))
        peer.end(program)
        program.close()
        if name == "ffmpeg":
            takes.sizes.append(mine.stat().st_size / other.stat().st_size)


def _cost(program: Program, warm_s: float, seconds: float) -> float:
    """CPU seconds per minute of a recorder in its stride: start and stop are not counted."""
    time.sleep(warm_s)
    began, before = time.monotonic(), cpu_seconds(program.pid)
    time.sleep(seconds)
    spent, took = cpu_seconds(program.pid) - before, time.monotonic() - began
    assert program.running, f"it ended by itself: {program.stderr[-500:]}"
    return spent / took * 60


def _lost(program: Program) -> float:
    """Percent of the ticks that gave no picture although they should have."""
    end = program.event("state", state="finished")
    lost = end["dropped"] + end["late"]
    return 100 * lost / max(1, lost + end["grabbed"] + end["unchanged"])


def _cpu(size: str, content: str, peer: str, takes: Takes, options: argparse.Namespace) -> Figure:
    note = f"{options.repeat} pairs of {options.seconds:.0f} s"
    if peer == "ffmpeg":
        note += f", file size {statistics.median(takes.sizes):.2f}x"
    return Figure(
        f"recorder CPU, {size} {content}",
        statistics.median(takes.ours),
        "s/min",
        peer=statistics.median(takes.peers[peer]),
        peer_name=peer,
        target=goals.cpu_goal(size, content, peer),
        note=note,
    )


def _bitrate(screen: Screen, size: str, content: str, folder: Path, seconds: float) -> list[Figure]:
    """With keys as often as ours, which is the goal, and with ffmpeg's own, which shows what keys cost."""
    fps = goals.SIZES[size][2]
    reference = quality.capture(screen, content, fps, seconds, folder / f"{size}-{content}.mkv")
    mine = quality.ours(reference, folder / "ours.mp4", fps)
    figures = []
    for keys_s, words, goal in ((2.0, "2 s keys", goals.BITRATE_AT_EQUAL_SSIM), (None, "its own keys", None)):
        theirs = quality.peer_bitrate(reference, folder, fps, mine.ssim, keys_s)
        name = f"bits at equal SSIM, {size} {content}"
        note = f"SSIM {mine.ssim:.4f} ({mine.decibel:.1f} dB), ffmpeg with {words}"
        figures.append(Figure(name, mine.bitrate / 1e3, "kb/s", theirs / 1e3, "ffmpeg", goal, note=note))
    reference.unlink()
    return figures


def _peers(names: Collection[str], size: str, *, asked: bool) -> dict[str, Peer]:
    """Those that can run here; why another cannot is printed. One asked for by name is taken at any size."""
    found: dict[str, Peer] = {}
    for name, peer in PEERS.items():
        if name not in names or not (asked or size in goals.SIZES_OF.get(name, goals.SIZES)):
            continue
        reason = peer.missing()
        if reason is None:
            found[name] = peer
        else:
            print(f"without {name}: {reason}", flush=True)
    return found
