"""A circuit breaker: a service that fails all the time is left alone for a while."""

import time
from collections.abc import Callable


class Breaker:
    """Open after `limit` failures in a row, for `rest_s` seconds; then one try decides.

    The states of Nygard, "Release It!" (2007): closed, open, half-open.
    """

    def __init__(
        self, *, limit: int = 5, rest_s: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._rest_s = rest_s
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    @property
    def open(self) -> bool:
        """Whether to leave it alone now."""
        return self._failures >= self._limit and self._clock() < self._open_until

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        """Also of the one try after a rest: then it rests again."""
        self._failures += 1
        if self._failures >= self._limit:
            self._open_until = self._clock() + self._rest_s
