"""How fast bytes may leave: a token bucket for the bandwidth cap, and the right of way for live
recordings.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

BURST_S = 0.1  # of sending saved up at most: a cap is kept over any second, not only on average
SMALLEST_BURST = 4 * 1024


class TokenBucket:
    """Lets `rate` bytes a second pass; None lets all pass. Bytes asked for late are not saved up beyond the
    burst.
    """

    def __init__(
        self,
        rate: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.rate = rate
        self._clock, self._sleep = clock, sleep
        self._level = 0.0
        self._at = clock()

    @property
    def burst(self) -> int | None:
        """The most bytes worth asking for at once; None without a limit."""
        return None if self.rate is None else max(SMALLEST_BURST, int(self.rate * BURST_S))

    async def take(self, count: int) -> None:
        """Returns when `count` more bytes may be sent. Debt is shared: later callers wait for it too."""
        if self.rate is None:
            return
        now = self._clock()
        self._level = min(float(self.burst or 0), self._level + (now - self._at) * self.rate)
        self._at = now
        self._level -= count
        if self._level < 0:
            await self._sleep(-self._level / self.rate)


class RightOfWay:
    """Finished files wait, between two requests, while a live recording has bytes to send."""

    def __init__(self) -> None:
        self._live = 0
        self._free = asyncio.Event()
        self._free.set()

    @asynccontextmanager
    async def live(self) -> AsyncIterator[None]:
        """Holds the way while inside."""
        self._live += 1
        self._free.clear()
        try:
            yield
        finally:
            self._live -= 1
            if not self._live:
                self._free.set()

    async def wait(self) -> None:
        """Returns when no live recording has anything to send."""
        while self._live:
            await self._free.wait()
