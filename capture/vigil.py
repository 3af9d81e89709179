"""Watching the clocks beside a take: a computer that slept, a clock that was set.

Where the monotonic clock stands still in sleep (Linux, macOS), media time does so by itself, and only another
clock, which counts sleep too, can tell how long it was. Where it runs on (Windows), and where the recorder
alone was held (a virtual machine, SIGSTOP), `MediaClock` leaves out what nobody looked at.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from capture.health import Health, clock_jumped, slept
from media.clock import MediaClock

NOTICED_S = 1.0
JUMP_S = 2.0


def with_sleep() -> float:
    """Seconds of a clock that runs on while the computer sleeps."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # Python's own monotonic clock is another one there
    return time.monotonic()


class Vigil:
    """Asked now and then; belongs to one thread."""

    def __init__(
        self,
        clock: MediaClock,
        *,
        awake: Callable[[], float] = time.monotonic,
        always: Callable[[], float] = with_sleep,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._awake, self._always, self._wall = awake, always, wall
        self._slept, self._set = self._asleep_s(), self._offset_s()
        self._skipped = clock.skipped_s

    def look(self) -> list[Health]:
        """What happened since the last look; sleep becomes a pause of the media clock."""
        found = []
        asleep = self._asleep_s()
        if asleep - self._slept >= NOTICED_S:
            self._clock.slept(asleep - self._slept)
            found.append(slept(asleep - self._slept))
        self._slept = asleep
        skipped, self._skipped = self._clock.skipped_s - self._skipped, self._clock.skipped_s
        if skipped:
            found.append(slept(skipped))
        offset = self._offset_s()
        if abs(offset - self._set) >= JUMP_S:
            found.append(clock_jumped(offset - self._set))
        self._set = offset
        return found

    def _asleep_s(self) -> float:
        return self._always() - self._awake()

    def _offset_s(self) -> float:
        return self._wall() - self._always()
