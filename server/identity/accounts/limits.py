"""How often somebody may have the server send mail, or try a password outside of signing in."""

import time

from limits import RateLimitItem, RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from server.errors import TooManyRequests

PER_ADDRESS = RateLimitItemPerHour(30, 1)
# Nobody's mailbox is filled by strangers.
PER_MAILBOX = RateLimitItemPerHour(5, 1)
PER_ACCOUNT = RateLimitItemPerHour(10, 1)


class Limits:
    """Counts in memory: a restart forgives, which costs an attacker more than us."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    async def asked(self, address: str) -> None:
        """Counts a request of a network address. Raises TooManyRequests."""
        await self._hit(PER_ADDRESS, "address", address)

    async def tried(self, user_id: str) -> None:
        """Counts a try of a password. Raises TooManyRequests."""
        await self._hit(PER_ACCOUNT, "account", user_id)

    async def may_mail(self, email: str) -> bool:
        """Whether one more mail may go there; counts it. Not an error: that would tell who is known here."""
        return await self._limiter.hit(PER_MAILBOX, "mailbox", email)

    async def _hit(self, rule: RateLimitItem, *key: str) -> None:
        if await self._limiter.hit(rule, *key):
            return
        window = await self._limiter.get_window_stats(rule, *key)
        wait_s = max(1, round(window.reset_time - time.time()))
        raise TooManyRequests(
            f"Too many requests of this kind. Try again in {wait_s} seconds.",
            details={"retryAfterSeconds": wait_s},
            headers={"Retry-After": str(wait_s)},
        )
