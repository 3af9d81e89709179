"""How a take goes, twice a second: what is in the file, what was lost, how full the queues are."""

from __future__ import annotations

import time
from typing import Any

from capture import reports
from capture.model import Counters
from capture.pipeline import Pipeline
from media.clock import MediaClock

EVERY_S = 1.0


class Statistics:
    """Of one take, from `begin` on. Belongs to the session's thread."""

    def __init__(self, clock: MediaClock, counters: Counters) -> None:
        self._clock, self._counters = clock, counters
        self._next_at = 0.0
        self._ticks = (0.0, 0)

    def begin(self) -> None:
        self._next_at = time.monotonic() + EVERY_S

    def due_in(self) -> float:
        """Seconds until the next ones; not above 0 when they are due."""
        return self._next_at - time.monotonic()

    def take(self, pipeline: Pipeline) -> dict[str, Any]:
        """The `stats` event as it is now; the next is due half a second after this one was."""
        now = time.monotonic()
        self._next_at = max(self._next_at + EVERY_S, now)
        size, fragments = pipeline.committed
        return {
            "event": "stats",
            "timeS": round(self._clock.media_time(), 3),
            "bytes": size,
            "fps": self._rate(now),
            "fragments": fragments,
            **reports.counters(self._counters),
            "queues": pipeline.queues,
        }

    def _rate(self, now: float) -> float:
        """How often the screen was looked at lately, a second: what the person chose, when all is well."""
        count = self._counters.grabbed + self._counters.unchanged
        (since, before), self._ticks = self._ticks, (now, count)
        return round((count - before) / (now - since), 1) if since and now > since else 0.0
