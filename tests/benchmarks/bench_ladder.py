"""Renditions: the whole ladder against the ffmpeg command line, pieces on one worker and on two, and how soon
a recording that has just ended has them.

The ladder is asked of the codec child as the server asks it, start and Python included; ffmpeg makes the same
sizes with the same encoder settings, scaler and threads from one decode. CPU is that of the process, user and
system. The two make their films in turn and the median of the ratios is shown. A figure in wall time means
something only on a machine that has nothing else to do.
"""

import argparse
import concurrent.futures
import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from media import self_command
from media.cuts import cuts_of
from media.facts import Rung, rungs_for
from media.fragments import scan
from media.presets import load
from media.probe import probe
from media.sniff import Container
from server.processing import allowances
from server.processing.plan import recipe
from server.processing.protocol import Request
from tests.benchmarks import goals
from tests.benchmarks.pages import make_pages
from tests.benchmarks.table import Figure
from tests.support import longplay, tus
from tests.support.processes import wait_until
from tests.support.servers import Server
from tests.support.services import require

SIZE = (1920, 1080)
SECONDS = 30
PIECES = 4
PATIENCE_S = 1800.0


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    require("ffmpeg")
    film = make_pages(folder / "pages.mp4", SECONDS, SIZE)
    (folder / "server").mkdir()
    with Server(folder / "server" / "data", env={"HEDDLE_WORKERS": "1"}) as server:
        live = after_stop(server, longplay.take_apart(film, SECONDS), options.minutes * 60)
    return [ladder(folder, film, options.repeat), scaling(folder, film, options.repeat), *live]


def ladder(folder: Path, film: Path, repeat: int) -> Figure:
    """CPU for all rungs from one decode."""
    threads = min(4, os.cpu_count() or 1)
    mine, theirs = [], []
    for _ in range(repeat):
        mine.append(cpu_of(child(), folder, ask("rendition", film, threads, {})))
        theirs.append(cpu_of(ffmpeg(film, threads), folder))
    ratios = [one / other for one, other in zip(mine, theirs, strict=True)]
    number = ratios.index(statistics.median_low(ratios))
    note = f"{', '.join(rung.name for rung in rungs_for(*SIZE))} of {SECONDS} s, median of {repeat}"
    return Figure(
        "CPU of the ladder", mine[number], "s", theirs[number], "ffmpeg", goals.LADDER_CPU, note=note
    )


def scaling(folder: Path, film: Path, repeat: int) -> Figure:
    """How much sooner two workers have the same pieces, each with one thread."""
    with film.open("rb") as file:
        index = scan(file)
    cuts = cuts_of(index.fragments, finished=True, piece_s=SECONDS / PIECES)
    requests = [
        ask("rendition-piece", film, 1, {"cut": cut.as_dict(), "init": index.init_length}) for cut in cuts
    ]

    def encode(workers: int) -> float:
        began = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda request: cpu_of(child(), folder, request), requests))
        return time.perf_counter() - began

    ratios = [encode(1) / encode(2) for _ in range(repeat)]
    note = f"{len(cuts)} pieces, {os.cpu_count()} processors, median of {repeat}"
    return Figure(
        "pieces on two workers", statistics.median(ratios), "x", target=goals.SPLIT, at_least=True, note=note
    )


def after_stop(server: Server, loop: longplay.Loop, seconds: float) -> list[Figure]:
    """A recording that arrives as fast as it is made; its poster, and its renditions once it has ended."""
    recording = server.create_recording("Live")
    upload = tus.create(server.api, recording["id"], length=None)
    made = server.data / "media" / "recordings" / recording["id"]
    clock = Clock()
    offset, head, posted = 0, b"", 0.0
    for number, data in enumerate(longplay.play(loop, seconds=seconds)):
        if not number:
            head = data
            continue
        clock.wait(number * loop.seconds / len(loop.pieces))
        body, head = head + data, b""
        upload.patch(offset, body)
        offset += len(body)
        if number == 1:
            began = time.perf_counter()
            posted = taken(began, (made / "poster.jpg").exists)
    began = time.perf_counter()
    upload.patch(offset, b"", length=offset)
    last = made / f"{rungs_for(*SIZE)[-1].name}.mp4"
    ready = taken(began, last.exists)
    return [
        Figure("poster after the first fragment", posted, "s", target=goals.POSTER_S),
        Figure(
            f"renditions after a stop, {seconds / 60:g} min",
            ready,
            "s",
            target=goals.RENDITIONS_S,
            note="one worker, as long as it keeps up",
        ),
    ]


def taken(began: float, there: Callable[[], bool]) -> float:
    """Seconds until something is there."""
    wait_until(there, timeout_s=PATIENCE_S, what="what was waited for", poll_s=0.01)
    return time.perf_counter() - began


class Clock:
    """Waits until a moment counted from now; one that is past is no wait."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def wait(self, moment_s: float) -> None:
        time.sleep(max(0.0, self._began + moment_s - time.perf_counter()))


def ask(work: str, film: Path, threads: int, more: dict[str, Any]) -> Request:
    facts = probe(film, kind=Container.MP4)
    return Request(
        work=work,
        source=str(film),
        kind=Container.MP4.value,
        facts=facts.as_dict(),
        settings={**recipe(SIZE, facts.fps), **more},
        threads=threads,
        limits=allowances.encoding(allowances.Load(film.stat().st_size, facts.duration_s, threads)),
    )


def child() -> list[str]:
    return self_command.command("server.processing.child", isolated=True)


def ffmpeg(film: Path, threads: int) -> list[str]:
    """The same ladder from one decode: pictures split, each scaled and encoded, the sound copied."""
    rungs = rungs_for(*SIZE)
    outputs = [f"[{rung.name}]" for rung in rungs]
    splits = [f"[in{number}]" for number in range(len(rungs))]
    scales = [
        f"{split}scale={rung.width}:{rung.height}:flags=bilinear{output}"
        for split, rung, output in zip(splits, rungs, outputs, strict=True)
    ]
    graph = ";".join([f"[0:v]split={len(rungs)}{''.join(splits)}", *scales])
    command = ["ffmpeg", *["-nostdin", "-y", "-v", "error"], "-threads", str(threads)]
    command += ["-filter_complex_threads", "1", "-i", str(film), "-filter_complex", graph]
    for rung, output in zip(rungs, outputs, strict=True):
        command += [*_output(rung, output, threads)]
    return command


def _output(rung: Rung, picture: str, threads: int) -> Sequence[str]:
    preset = load().rendition
    coding = [word for name, value in preset.options.items() for word in (f"-{name}", value)]
    keys = ["-g", "100000", "-force_key_frames", "source", "-vsync", "passthrough"]
    form = ["-movflags", "delay_moov+default_base_moof+frag_keyframe", f"ffmpeg-{rung.name}.mp4"]
    sound = ["-map", "0:a", "-c:a", "copy"]
    return ["-map", picture, "-c:v", preset.name, "-threads", str(threads), *coding, *keys, *sound, *form]


def cpu_of(command: list[str], folder: Path, request: Request | None = None) -> float:
    """CPU seconds of a process that must succeed."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
    assert process.stdin is not None
    assert process.stdout is not None
    if request is not None:
        process.stdin.write(request.to_line())
        process.stdin.flush()  # closing it would end the child
    said = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdin.close()
    process.stdout.close()
    assert process.returncode == 0, said[-1:]
    if request is not None:
        assert json.loads(said[-1])["event"] == "done", said[-1]
    return usage.ru_utime + usage.ru_stime
