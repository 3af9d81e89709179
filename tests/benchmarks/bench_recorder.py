"""What recording costs: CPU seconds of all its processes per recorded minute, against `ffmpeg -f x11grab`.

Both film the same screen with the same encoder settings, in turns, so that outside load hits both alike.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

from tests.benchmarks.table import Figure
from tests.support import media
from tests.support.processes import Program, cpu_seconds
from tests.support.recorder import engine
from tests.support.services import Screen, open_screen

SIZE, FPS = (1920, 1080), 30
# On noise the encoder does nearly all of the work on both sides, so it only shows that nothing is lost there.
TARGETS = {"typing": 0.35, "motion": 0.9, "noise": None}
# As media/presets.toml has them for screens; sound is off on both sides.
PEER_ENCODER = [
    "-c:v",
    "libx264",
    "-preset",
    "superfast",
    "-tune",
    "zerolatency",
    "-crf",
    "23",
    "-pix_fmt",
    "yuv420p",
]
WARM_S = 3.0


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """Typing, full motion and noise at 1080p30."""
    figures: list[Figure] = []
    with open_screen(*SIZE) as screen:
        for content, target in TARGETS.items():
            figures += compare(screen, content, target, folder, options)
    return figures


def compare(
    screen: Screen, content: str, target: float | None, folder: Path, options: argparse.Namespace
) -> list[Figure]:
    """Medians over paired takes of one content."""
    ours, theirs, sizes = [], [], []
    for turn in range(options.repeat):
        mine, other = folder / f"{content}-{turn}.mp4", folder / f"{content}-{turn}-peer.mp4"
        with _scene(screen, content):
            ours.append(cost(record(screen, mine), options.seconds))
            theirs.append(cost(record_with_ffmpeg(screen, other), options.seconds))
        assert media.decode_errors(mine) == ""
        sizes.append(mine.stat().st_size / other.stat().st_size)
    note = f"file size {statistics.median(sizes):.2f}x, {options.repeat} pairs of {options.seconds:.0f} s"
    return [
        Figure(
            f"recorder CPU, {content}",
            statistics.median(ours),
            "s/min",
            peer=statistics.median(theirs),
            peer_name="ffmpeg",
            target=target,
            note=note,
        )
    ]


def cost(recorder: Program, seconds: float) -> float:
    """CPU seconds per minute of a recorder in its stride: start and stop are not counted."""
    with recorder as program:
        time.sleep(WARM_S)
        began, before = time.monotonic(), cpu_seconds(program.pid)
        time.sleep(seconds)
        spent, took = cpu_seconds(program.pid) - before, time.monotonic() - began
        program.interrupt()
        program.wait(30)
    return spent / took * 60


def record(screen: Screen, output: Path) -> Program:
    """Our engine."""
    arguments = ["--output", str(output), "--fps", str(FPS), "--no-audio"]
    program = engine(*arguments, env=screen.env, log_folder=output.parent)
    program.event("state", state="recording")
    return program


def record_with_ffmpeg(screen: Screen, output: Path) -> Program:
    """The peer."""
    size = f"{screen.width}x{screen.height}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "x11grab", "-framerate", str(FPS), "-video_size", size]
    command += ["-i", screen.name, *PEER_ENCODER, "-movflags", "frag_keyframe+delay_moov", str(output)]
    return Program(command, log_folder=output.parent)


def _scene(screen: Screen, content: str) -> Program:
    command = [sys.executable, "-m", "tests.support.content", content, "--display", screen.name]
    program = Program(command, env=dict(os.environ))
    program.says("ready")
    return program
