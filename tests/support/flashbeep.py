"""Whether sound lies where the picture does: films `flashbeep` with pauses, and measures the file."""

import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.support.processes import Program, wait_until

FPS = 120  # so that a tick is short against what is measured
BRIGHT = 100  # of 255, in the mean of a picture
LOUD = 0.1
QUIET_S = 0.3  # so long before a beep there is none
PAIR_S = 0.25


@dataclass(frozen=True, slots=True)
class Sync:
    """Beep minus flash of each second that has both, in milliseconds, by media time in seconds."""

    at_s: list[float]
    offsets_ms: list[float]
    flashes: int
    beeps: int

    @property
    def mean_ms(self) -> float:
        return statistics.fmean(self.offsets_ms)

    @property
    def sd_ms(self) -> float:
        return statistics.stdev(self.offsets_ms)

    @property
    def drift_ms_per_minute(self) -> float:
        """The slope of a line through all offsets."""
        return float(np.polyfit(self.at_s, self.offsets_ms, 1)[0]) * 60


def record(path: Path, seconds: float, pauses: int, **options: Any) -> dict[str, Any]:
    """Film the scene on $DISPLAY with sound, paused so often at even distances; the `finished` event.

    A pause begins and ends in the dark half of a second, so that it cuts neither a flash nor a beep.
    """
    scene = [sys.executable, "-m", "tests.support.content", "flashbeep", "--fps", "250"]
    with Program(scene) as content, Program([sys.executable, "-m", "capture", "--control"]) as engine:
        content.says("ready")
        engine.event("state", state="idle")
        engine.send(command="start", output=str(path), fps=FPS, **options)
        engine.event("state", state="recording")
        for number in range(pauses):
            _recorded(engine, seconds * (number + 1) / (pauses + 1))
            _pause(engine, 0.7 + 0.3 * (number % 4))
        _recorded(engine, seconds)
        engine.send(command="stop")
        return engine.event("state", state="finished", timeout_s=30)


def _recorded(engine: Program, media_s: float) -> None:
    engine.first(
        lambda event: event.get("event") == "stats" and event["timeS"] >= media_s,
        timeout_s=media_s + 60,
        what=f"{media_s:.1f} s recorded",
    )


def _pause(engine: Program, length_s: float) -> None:
    _in_the_dark()
    engine.send(command="pause")
    until = time.monotonic() + length_s
    wait_until(lambda: time.monotonic() >= until, timeout_s=10, what="the pause's length")
    _in_the_dark()
    engine.send(command="resume")


def _in_the_dark() -> None:
    wait_until(lambda: 0.35 < time.monotonic() % 1.0 < 0.6, timeout_s=2, what="the middle of a second")


def measure(path: Path) -> Sync:
    """Both tracks' beginnings of flash and beep, paired. A picture stands for the moment at which it was
    taken; the flash began up to a tick before, so half a tick is taken off."""
    flashes, beeps = _flashes(path) - 0.5 / FPS, _beeps(path)
    at, offsets = [], []
    for flash in flashes:
        nearest = beeps[np.abs(beeps - flash).argmin()]
        if abs(nearest - flash) < PAIR_S:
            at.append(float(flash))
            offsets.append(float(nearest - flash) * 1000)
    return Sync(at, offsets, len(flashes), len(beeps))


def _flashes(path: Path) -> np.ndarray:
    found, lit = [], True
    with av.open(str(path), format="mp4") as file:
        for frame in file.decode(video=0):
            bright = frame.to_ndarray(format="gray").mean() > BRIGHT
            if bright and not lit:
                found.append(float(frame.time or 0.0))
            lit = bright
    return np.array(found)


def _beeps(path: Path) -> np.ndarray:
    with av.open(str(path), format="mp4") as file:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    loud = np.flatnonzero(np.abs(sound) > LOUD)
    first = np.diff(loud, prepend=-48_000) > QUIET_S * 48_000
    return loud[first] / 48_000
