"""How much somebody may say in a while: more than any conversation, less than a flood."""

import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from server.comments.people import Actor
from server.errors import TooManyRequests

_ACCOUNT = (RateLimitItemPerMinute(30), RateLimitItemPerHour(600))
# By address: whoever has the link can be anybody.
_GUEST = (RateLimitItemPerMinute(10), RateLimitItemPerHour(60))
_REACTIONS = (RateLimitItemPerMinute(60),)


class SayLimits:
    """Counts in memory: a restart forgives."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def comment(self, actor: Actor, address: str) -> None:
        """Counts one. Raises TooManyRequests with the seconds to wait."""
        await self._count("comment", _GUEST if actor.user is None else _ACCOUNT, actor, address)

    async def reaction(self, actor: Actor, address: str) -> None:
        await self._count("reaction", _REACTIONS, actor, address)

    async def _count(self, what: str, rules: tuple[RateLimitItem, ...], actor: Actor, address: str) -> None:
        who = address if actor.user is None else actor.user.id
        for rule in rules:
            if not await self._limiter.hit(rule, what, who):
                window = await self._limiter.get_window_stats(rule, what, who)
                wait_s = max(1, round(window.reset_time - time.time()))
                raise TooManyRequests(
                    f"That was a lot in a short while. Try again in {wait_s} seconds.",
                    details={"retryAfterSeconds": wait_s},
                    headers={"Retry-After": str(wait_s)},
                )
