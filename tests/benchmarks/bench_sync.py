"""Sound against picture: a window that flashes as a beep plays, recorded for `--minutes` with ten pauses."""

import argparse
import os
from pathlib import Path

from tests.benchmarks.table import Figure
from tests.support import flashbeep
from tests.support.services import open_pulse, open_screen

SIZE = (640, 360)
PAUSES = 10
MEAN_MS, SD_MS, DRIFT_MS = 20.0, 3.0, 1.0


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """One take of the microphone."""
    with open_screen(*SIZE) as screen, open_pulse(folder / "pulse") as pulse:
        os.environ.update(screen.env | pulse.env)
        flashbeep.record(folder / "take.mp4", seconds=options.minutes * 60, pauses=PAUSES)
    sync = flashbeep.measure(folder / "take.mp4")
    note = f"{len(sync.offsets_ms)} pairs of {sync.flashes} flashes, {PAUSES} pauses"
    return [
        Figure("sound after picture, mean", abs(sync.mean_ms), "ms", target=MEAN_MS, note=note),
        Figure("standard deviation", sync.sd_ms, "ms", target=SD_MS),
        Figure("drift a minute", abs(sync.drift_ms_per_minute), "ms", target=DRIFT_MS),
    ]
