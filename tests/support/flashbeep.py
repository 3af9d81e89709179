"""Whether sound lies where the picture does: films `flashbeep` with pauses, and measures the file.

A picture of a flash says when it was drawn, so its place in the file is known to the millisecond, whatever
the frame rate: the grid of pictures, up to a frame late, is no error of sound against picture.
"""

import math
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.support import clock
from tests.support.content import FLASH_S, STEADY_IN_S
from tests.support.processes import Program, wait_until
from tests.support.services import Pulse, Screen, hasten

FPS = 30
REDRAWN = 500  # times a second
BRIGHT = 100  # of 255, in the mean of a picture
LOUD = 0.1
RATE = 48_000
QUIET_S = 0.3  # so long before a beep there is none
WHOLE_S = 0.003  # so much a beep's length may be off; others were interrupted in the player
PAIR_S = 0.25


@dataclass(frozen=True, slots=True)
class Sync:
    """Beep minus flash of each second that has both, in milliseconds, by media time in seconds; `seen_ms`
    counts from the first picture that shows the flash, as a viewer does, who sees it up to a picture late."""

    at_s: list[float]
    offsets_ms: list[float]
    seen_ms: list[float]
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


@dataclass(frozen=True, slots=True)
class _Flash:
    """By media time, when it was drawn first, and the time stamp of the first picture that shows it."""

    at_s: float
    seen_s: float


def record(
    path: Path, screen: Screen, pulse: Pulse, *, seconds: float, pauses: int, **options: Any
) -> dict[str, Any]:
    """Film the scene on $DISPLAY with sound, paused so often at even distances; the `finished` event.

    A pause begins and ends in the dark half of a second, so that it cuts neither a flash nor a beep. All but
    the recorder is given priority, so that a busy machine tells on the recorder alone.
    """
    scene = [sys.executable, "-m", "tests.support.content", "flashbeep", "--settled"]
    with (
        Program([*scene, "--fps", str(REDRAWN)]) as content,
        Program([sys.executable, "-m", "capture", "--control"]) as engine,
    ):
        hasten(content.pid, screen.process.pid, pulse.process.pid)
        content.says("ready", timeout_s=2 * STEADY_IN_S)
        engine.event("state", state="idle")
        engine.send(command="start", output=str(path), **{"fps": FPS, **options})
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


def measure(path: Path, sound: Path | None = None) -> Sync:
    """Both tracks' beginnings of flash and beep, paired; the beeps of another file when `sound` names one."""
    flashes, beeps = _flashes(path), _beeps(sound or path)
    pairs = []
    for flash in flashes:
        beep = min(beeps, key=lambda beep: abs(beep - flash.at_s), default=math.inf)
        if abs(beep - flash.at_s) < PAIR_S:
            pairs.append((flash, beep))
    return Sync(
        at_s=[flash.at_s for flash, _ in pairs],
        offsets_ms=[(beep - flash.at_s) * 1000 for flash, beep in pairs],
        seen_ms=[(beep - flash.seen_s) * 1000 for flash, beep in pairs],
        flashes=len(flashes),
        beeps=len(beeps),
    )


def _flashes(path: Path) -> list[_Flash]:
    """A flash lies where the middle one of its pictures says: each was drawn so much after the whole
    second."""
    seconds: dict[int, list[tuple[float, float]]] = defaultdict(list)
    now = int(time.monotonic() * 10_000)
    with av.open(str(path), format="mp4") as file:
        for frame in file.decode(video=0):
            if frame.to_ndarray(format="gray").mean() > BRIGHT:
                shown = clock.read(frame.to_image(), near_ms=now)
                if shown is not None:
                    second, late = divmod(shown / 10_000, 1.0)
                    seconds[int(second)].append((float(frame.time or 0.0), late))
    return [
        _Flash(statistics.median(at - late for at, late in pictures), min(pictures)[0])
        for _, pictures in sorted(seconds.items())
    ]


def _beeps(path: Path) -> list[float]:
    """Where the beeps begin that are as long as they were played."""
    with av.open(str(path), format="mp4") as file:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    loud = np.flatnonzero(np.abs(sound) > LOUD)
    first = np.flatnonzero(np.diff(loud, prepend=-RATE) > QUIET_S * RATE)
    last = np.append(first[1:], len(loud)) - 1
    whole = np.abs((loud[last] - loud[first]) / RATE - FLASH_S) < WHOLE_S
    return [float(sample) / RATE for sample in loud[first][whole]]
