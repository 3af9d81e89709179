"""How much one address may tell."""

import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from server.errors import TooManyRequests

# A player sends six a minute: enough for two hundred people behind one address.
EVENTS = RateLimitItemPerMinute(1200)


class IntakeLimits:
    """Counts in memory, and addresses are nowhere else."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)

    async def count(self, address: str, events: int) -> None:
        """Raises TooManyRequests with the seconds to wait."""
        if await self._limiter.hit(EVENTS, address, cost=events):
            return
        window = await self._limiter.get_window_stats(EVENTS, address)
        wait_s = max(1, round(window.reset_time - time.time()))
        raise TooManyRequests(
            f"Too many events from this address. Send them again in {wait_s} seconds.",
            details={"retryAfterSeconds": wait_s},
            headers={"Retry-After": str(wait_s)},
        )
