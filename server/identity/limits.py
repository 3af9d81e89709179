"""How often somebody may try to sign in."""

import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from server.errors import TooManyRequests

# From one address for one account; a slip of the finger is forgiven, a list of passwords is not.
PER_PAIR = RateLimitItemPerMinute(10, 5)
# For one account from all addresses together: high, or anybody could lock its owner out.
PER_ACCOUNT = RateLimitItemPerMinute(100, 5)
PER_ADDRESS = RateLimitItemPerMinute(60, 1)


class LoginLimits:
    """Counts in memory: a restart forgives, which costs an attacker more than us."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    async def attempt(self, email: str, address: str) -> None:
        """Counts a try. Raises TooManyRequests with the seconds to wait."""
        rules: tuple[tuple[RateLimitItem, tuple[str, ...]], ...] = (
            (PER_ADDRESS, ("address", address)),
            (PER_ACCOUNT, ("account", email)),
            (PER_PAIR, ("pair", email, address)),
        )
        for rule, key in rules:
            if not await self._limiter.hit(rule, *key):
                window = await self._limiter.get_window_stats(rule, *key)
                raise _refusal(max(1, round(window.reset_time - time.time())))

    async def succeeded(self, email: str, address: str) -> None:
        """Forgets the slips before a right password."""
        await self._limiter.clear(PER_PAIR, "pair", email, address)


def _refusal(wait_s: int) -> TooManyRequests:
    return TooManyRequests(
        f"Too many attempts to sign in. Try again in {wait_s} seconds.",
        details={"retryAfterSeconds": wait_s},
        headers={"Retry-After": str(wait_s)},
    )
