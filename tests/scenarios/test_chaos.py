"""kill -9 of the recorder at random moments: every file decodes clean and misses at most 1.2 s.

Twenty kills; `make chaos` (HEDDLE_CHAOS_KILLS=200) makes two hundred and prints the figures. The moments are
new each time; HEDDLE_CHAOS_SEED repeats those of a run, and a failure names it.
"""

import os
import random
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from media import manifest
from media.fragments import scan
from media.manifest import TakeState
from tests.support import media
from tests.support.processes import Program
from tests.support.services import Screen

KILLS = int(os.environ.get("HEDDLE_CHAOS_KILLS", "20"))
SEED = int(os.environ.get("HEDDLE_CHAOS_SEED", str(time.time_ns() % 1_000_000)))
AT_ONCE = 3
LATEST_S = 5.5  # past two key boundaries
GONE_S = 1.2

# What is filmed: a real screen that stands still, drawn ones that stand, move a little, and move everywhere.
SUBJECTS = {
    "static screen": ("--backend", "x11", "--no-audio"),
    "still, with sound": ("--backend", "synthetic", "--display", "still"),
    "bar, with sound": ("--backend", "synthetic"),
    "motion, with sound": ("--backend", "synthetic", "--display", "motion", "--region", "0,0,160,96"),
}


@dataclass(frozen=True, slots=True)
class Kill:
    """One recorder's end. `missing_s` is what it had recorded and the file does not have."""

    subject: str
    after_s: float
    missing_s: float
    complaint: str

    @property
    def bad(self) -> bool:
        return bool(self.complaint) or self.missing_s > GONE_S


def kill_one(path: Path, subject: str, after_s: float) -> Kill:
    """Record `subject` and kill the recorder `after_s` after its first picture."""
    command = [sys.executable, "-m", "capture", "--output", path, "--fps", "15", "--encoder", "libx264"]
    with Program([*command, *SUBJECTS[subject]]) as engine:
        began = engine.event("state", state="recording", timeout_s=60)["at"]
        while (left := began + after_s - time.time()) > 0:
            time.sleep(left)  # the moment itself is what is tested
        engine.kill()
        lived_s = time.time() - began
    complaint = _complaint(path)
    return Kill(subject, after_s, lived_s - _playable_s(path), complaint)


def _playable_s(path: Path) -> float:
    with path.open("rb") as file:
        return scan(file).duration_s


def _complaint(path: Path) -> str:
    if manifest.read(path).state is not TakeState.RECORDING:
        return "the manifest says that somebody ended it"
    # Killed before its first fragment: there is nothing to decode, and it misses what it misses.
    return media.decode_errors(path) if path.stat().st_size else ""


@pytest.mark.timeout(60 + 15 * KILLS)
@pytest.mark.parametrize("xvfb", [(640, 360)], indirect=True, ids=["360p"])
def test_a_recorder_killed_at_any_moment_leaves_a_clean_file(xvfb: Screen, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    subjects = list(SUBJECTS)
    chosen = [(subjects[n % len(subjects)], dice.uniform(0.0, LATEST_S)) for n in range(KILLS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [
            pool.submit(kill_one, tmp_path / f"{number}.mp4", subject, after_s)
            for number, (subject, after_s) in enumerate(chosen)
        ]
        kills = [job.result() for job in jobs]
    _report(kills)
    assert [kill for kill in kills if kill.bad] == [], f"HEDDLE_CHAOS_SEED={SEED}"


def _report(kills: list[Kill]) -> None:
    print(f"\n{len(kills)} kills, seed {SEED}; seconds missing: median, worst")
    for subject in SUBJECTS:
        gone = [kill.missing_s for kill in kills if kill.subject == subject]
        if gone:
            print(f"  {subject:20} {len(gone):4} {statistics.median(gone):6.2f} {max(gone):6.2f}")
