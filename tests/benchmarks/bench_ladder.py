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
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from media import self_command
from media.cuts import cuts_of
from media.facts import rungs_for
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
MOST_LATE_S = 2.0  # a recording that is sent later than that is not sent as fast as it is made


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    require("ffmpeg")
    film = make_pages(folder / "pages.mp4", SECONDS, SIZE)
    (folder / "server").mkdir()
    with Server(folder / "server" / "data", env={"HEDDLE_WORKERS": "1"}) as server:
        loop = longplay.take_apart(film, SECONDS)
        minutes = options.minutes or goals.RENDITIONS_OF_MIN
        live = [poster(server, loop, options.repeat), after_stop(server, loop, minutes * 60)]
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
    """How much sooner two workers have the same pieces than one, each with one thread.

    Processors that share a core, or memory that is too slow for both, bound this whatever the program does.
    So ffmpeg encodes the same pieces in the same two ways, and the CPU that ours takes side by side is held
    against what it takes one after another.
    """
    with film.open("rb") as file:
        index = scan(file)
    cuts = cuts_of(index.fragments, finished=True, piece_s=SECONDS / PIECES)
    head = film.read_bytes()[: index.init_length]
    requests, commands = [], []
    for cut in cuts:
        requests.append(ask("rendition-piece", film, 1, {"cut": cut.as_dict(), "init": index.init_length}))
        piece = folder / f"{cut.number}.mp4"
        piece.write_bytes(head + film.read_bytes()[cut.begin : cut.end])
        commands.append(ffmpeg(piece, 1, f"ffmpeg-{cut.number}"))
    mine, theirs = Sides(), Sides()
    for _ in range(repeat):
        mine.measure([partial(cpu_of, child(), folder, one) for one in requests])
        theirs.measure([partial(cpu_of, one, folder) for one in commands])
    note = (
        f"{len(cuts)} pieces, {os.cpu_count()} processors, median of {repeat}; ffmpeg {theirs.sooner:.2f}x;"
        f" CPU side by side {mine.growth:.2f}x, ffmpeg's {theirs.growth:.2f}x"
    )
    return Figure("pieces on two workers", mine.sooner, "x", target=goals.SPLIT, at_least=True, note=note)


class Sides:
    """The same work one after another and two at a time."""

    def __init__(self) -> None:
        self._walls: list[float] = []
        self._growths: list[float] = []

    def measure(self, work: Sequence[Callable[[], float]]) -> None:
        """Each piece of work tells its CPU seconds."""
        (wall, cpu), (wall_of_two, cpu_of_two) = (self._run(work, count) for count in (1, 2))
        self._walls.append(wall / wall_of_two)
        self._growths.append(cpu_of_two / cpu)

    @property
    def sooner(self) -> float:
        return statistics.median(self._walls)

    @property
    def growth(self) -> float:
        """How much more CPU two at a time take."""
        return statistics.median(self._growths)

    def _run(self, work: Sequence[Callable[[], float]], workers: int) -> tuple[float, float]:
        began = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            cpu = sum(pool.map(lambda one: one(), work))
        return time.perf_counter() - began, cpu


def poster(server: Server, loop: longplay.Loop, repeat: int) -> Figure:
    """From the answer to the first fragment to the picture; half a second before, the recording began."""
    times = []
    for _ in range(repeat):
        recording = server.create_recording("Begun")
        upload = tus.create(server.api, recording["id"], length=None)
        made = server.data / "media" / "recordings" / recording["id"]
        Clock().wait(loop.seconds / len(loop.pieces))
        head, first, *_ = longplay.play(loop, seconds=loop.seconds)
        upload.patch(0, head + first)
        times.append(taken(time.perf_counter(), (made / "poster.jpg").exists))
    note = f"median of {repeat}, {max(times):.2f} s at most"
    return Figure(
        "poster after the first fragment", statistics.median(times), "s", target=goals.POSTER_S, note=note
    )


def after_stop(server: Server, loop: longplay.Loop, seconds: float) -> Figure:
    """Until a recording that arrives as fast as it is made has all its renditions, once it has ended.

    The goal is one for a machine that keeps up: when the recording ends, all pieces but the one at work are
    encoded. Where more are left, the figure says how many, and has no goal.
    """
    recording = server.create_recording("Live")
    upload = tus.create(server.api, recording["id"], length=None)
    made = server.data / "media" / "recordings" / recording["id"]
    clock = Clock()
    offset, head = 0, b""
    for number, data in enumerate(longplay.play(loop, seconds=seconds)):
        if not number:
            head = data
            continue
        clock.wait(number * loop.seconds / len(loop.pieces))
        body, head = head + data, b""
        upload.patch(offset, body)
        offset += len(body)
    late_s = clock.late_s(seconds)
    done, left = pieces(server, recording["id"])
    began = time.perf_counter()
    upload.patch(offset, b"", length=offset)
    last = made / f"{rungs_for(*SIZE)[-1].name}.mp4"
    ready = taken(began, last.exists)
    keeps_up = left <= 1 and late_s < MOST_LATE_S
    words = "kept up" if keeps_up else f"did not keep up (sent {late_s:.1f} s late)"
    return Figure(
        f"renditions after a stop, {seconds / 60:g} min",
        ready,
        "s",
        target=goals.RENDITIONS_S if keeps_up else None,
        note=f"one worker, which {words}: {done} of {done + left} pieces were there at the stop",
    )


def pieces(server: Server, recording_id: str) -> tuple[int, int]:
    """Of a recording that still arrives: how many are encoded, how many are asked for and are not."""
    query = "SELECT status FROM processing_jobs WHERE output_path LIKE ?"
    with closing(sqlite3.connect(server.data / "heddle.db")) as database:
        statuses = [str(row[0]) for row in database.execute(query, (f"recordings/{recording_id}/pieces/%",))]
    done = statuses.count("completed")
    return done, len(statuses) - done


def taken(began: float, there: Callable[[], bool]) -> float:
    """Seconds until something is there."""
    wait_until(there, timeout_s=PATIENCE_S, what="what was waited for", poll_s=0.01)
    return time.perf_counter() - began


class Clock:
    """Waits until a moment counted from now; one that is past is no wait."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def wait(self, moment_s: float) -> None:
        time.sleep(max(0.0, -self.late_s(moment_s)))

    def late_s(self, moment_s: float) -> float:
        """How long ago that moment was; negative before it."""
        return time.perf_counter() - self._began - moment_s


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


def ffmpeg(film: Path, threads: int, name: str = "ffmpeg") -> list[str]:
    """The same ladder from one decode: pictures split, each scaled and encoded, the sound copied."""
    rungs = rungs_for(*SIZE)
    outputs = [f"[{rung.name}]" for rung in rungs]
    splits = [f"[in{number}]" for number in range(len(rungs))]
    scales = [
        f"{split}scale={rung.width}:{rung.height}:flags=bicubic{output}"
        for split, rung, output in zip(splits, rungs, outputs, strict=True)
    ]
    graph = ";".join([f"[0:v]split={len(rungs)}{''.join(splits)}", *scales])
    command = ["ffmpeg", *["-nostdin", "-y", "-v", "error"], "-threads", str(threads)]
    command += ["-filter_complex_threads", "1", "-i", str(film), "-filter_complex", graph]
    for rung, output in zip(rungs, outputs, strict=True):
        command += [*_output(output, threads), f"{name}-{rung.name}.mp4"]
    return command


def _output(picture: str, threads: int) -> Sequence[str]:
    preset = load().rendition
    coding = [word for name, value in preset.options.items() for word in (f"-{name}", value)]
    keys = ["-g", "100000", "-force_key_frames", "source", "-vsync", "passthrough"]
    form = ["-movflags", "delay_moov+default_base_moof+frag_keyframe"]
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
