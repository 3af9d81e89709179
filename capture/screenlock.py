"""Whether the screen is locked: the take goes on, and both moments are told with what is recorded
meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable

from capture.health import Health, screen_locked, screen_unlocked
from capture.ports import LockSource


class LockWatch:
    """Asked now and then while a take runs; belongs to one thread. A system that cannot say tells nothing."""

    def __init__(self, source: LockSource | None, now: Callable[[], float] = time.monotonic) -> None:
        self._source, self._now = source, now
        self._since: float | None = None

    def look(self) -> list[Health]:
        """What happened since the last look."""
        locked = self._source is not None and self._source.locked()
        if locked == (self._since is not None):
            return []
        if self._since is None:
            self._since = self._now()
            return [screen_locked()]
        since, self._since = self._since, None
        return [screen_unlocked(self._now() - since)]

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
