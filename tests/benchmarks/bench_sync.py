"""Sound against picture: a window that flashes as a beep plays, recorded for `--minutes` with ten pauses."""

import argparse
import os
import statistics
from pathlib import Path

from tests.benchmarks.table import Figure
from tests.support import flashbeep
from tests.support.services import open_pulse, open_screen

SIZE = (640, 360)
PAUSES = 10
MEAN_MS, SD_MS, DRIFT_MS = 20.0, 3.0, 1.0


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """One take of microphone and system audio, each measured by itself."""
    path = folder / "take.mp4"
    with open_screen(*SIZE) as screen, open_pulse(folder / "pulse") as pulse:
        os.environ.update(screen.env | pulse.env)
        sound = {"systemAudio": True, "separateTracks": True}
        flashbeep.record(path, screen, pulse, seconds=(options.minutes or 1) * 60, pauses=PAUSES, **sound)
    return [
        figure
        for kind in ("microphone", "system")
        for figure in _figures(kind, flashbeep.measure(path, sound=path.with_suffix(f".{kind}.m4a")))
    ]


def _figures(kind: str, sync: flashbeep.Sync) -> list[Figure]:
    note = f"{len(sync.offsets_ms)} pairs of {sync.flashes} flashes, {PAUSES} pauses"
    middle = statistics.median(sync.offsets_ms)
    strays = sorted(abs(offset - middle) for offset in sync.offsets_ms)
    worst = f"95 % within {strays[len(strays) * 95 // 100]:.1f} ms of the median, all within {strays[-1]:.1f}"
    seen = f"counted from the first picture that shows it, at {flashbeep.FPS} a second"
    return [
        Figure(f"{kind} after picture, mean", abs(sync.mean_ms), "ms", target=MEAN_MS, note=note),
        Figure(f"{kind}, standard deviation", sync.sd_ms, "ms", target=SD_MS, note=worst),
        Figure(f"{kind}, drift a minute", abs(sync.drift_ms_per_minute), "ms", target=DRIFT_MS),
        Figure(f"{kind} as seen, mean", statistics.fmean(sync.seen_ms), "ms", note=seen),
        Figure(f"{kind} as seen, standard deviation", statistics.stdev(sync.seen_ms), "ms", note=seen),
    ]
