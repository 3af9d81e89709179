"""Counts requests and refuses what is too many."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import structlog
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from server.errors import ServerError, TooManyRequests
from server.limits.rules import Rule, WhenDown, Whose, relevant
from server.limits.storage import Counters

HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
# While Redis is gone it is asked this often, and the log is told that often.
ASK_AGAIN_S = 5.0
ALARM_EVERY_S = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands after a request. At `reset_at`, Unix time, the oldest counted one is forgotten."""

    limit: int
    remaining: int
    reset_at: float

    @property
    def headers(self) -> dict[str, str]:
        """As specification 06 section 5.1.2 has them."""
        told = (self.limit, self.remaining, ceil(self.reset_at))
        return dict(zip(HEADERS, map(str, told), strict=True))


class Exceeded(Exception):
    """A rule refuses."""

    def __init__(self, rule: Rule, standing: Standing | None, wait_s: int) -> None:
        super().__init__(rule.endpoint)
        self.rule = rule
        self.standing = standing
        self.wait_s = wait_s

    @property
    def answer(self) -> TooManyRequests:
        whom = "for all together" if self.rule.whose is Whose.ALL else "for you"
        sentence = f"Rate limit exceeded. Too many requests {whom}: try again in {self.wait_s} seconds."
        told = {} if self.standing is None else self.standing.headers
        return TooManyRequests(sentence, headers={**told, "Retry-After": str(self.wait_s)})


class Limits:
    """`rules` are those of requests; code that limits something else brings its own to `hit`."""

    def __init__(self, rules: Sequence[Rule], counters: Counters) -> None:
        self._rules = tuple(rules)
        self._counters = counters
        self._windows = MovingWindowRateLimiter(counters.storage)
        self._down_until = 0.0
        self._alarmed_at = 0.0

    async def close(self) -> None:
        await self._counters.close()

    async def reachable(self) -> bool:
        """Whether requests can be counted right now."""
        return await self._counters.reachable()

    async def admit(
        self, method: str, path: str, *, user_id: str, key_id: str | None = None
    ) -> Standing | None:
        """Counts a request; where one stands by the rule that leaves the least, None where no rule counts it.

        What a rule refuses is not counted by it, so who goes on asking waits no longer. Raises Exceeded.
        """
        standings = []
        for rule in relevant(self._rules, method, path):
            who = {Whose.USER: user_id, Whose.KEY: key_id, Whose.ALL: "all"}[rule.whose]
            if who is not None and (standing := await self._count(rule, (who,), 1)) is not None:
                standings.append(standing)
        return min(standings, key=lambda one: one.remaining, default=None)

    async def hit(self, rule: Rule, *who: str, cost: int = 1) -> Standing | None:
        """Counts `cost` for `who` by a rule of the caller's own. Raises TooManyRequests.

        With `when_down` CLOSED it raises ServerError (503) while nobody can count.
        """
        try:
            return await self._count(rule, who, cost)
        except Exceeded as exceeded:
            raise exceeded.answer from exceeded

    async def check(self, rule: Rule, *who: str) -> None:
        """Counts nothing: for what is counted once it turned out wrong. Raises as `hit` would."""
        try:
            for item in _items(rule):
                if not await self._windows.test(item, *who):
                    raise Exceeded(rule, None, await self._wait(item, who)).answer
        except StorageError as problem:
            self._alarm(problem)
            if rule.when_down is WhenDown.CLOSED:
                raise _uncounted() from problem

    async def forgive(self, rule: Rule, *who: str) -> None:
        """Forgets what was counted, such as slips before the right password."""
        try:
            for item in _items(rule):
                await self._windows.clear(item, *who)
        except StorageError as problem:
            self._alarm(problem)

    async def _count(self, rule: Rule, who: Sequence[str], cost: int) -> Standing | None:
        """None while nobody can count and the rule stands open."""
        if time.monotonic() < self._down_until and rule.when_down is WhenDown.OPEN:
            return None
        try:
            return await self._try(rule, who, cost)
        except StorageError as problem:
            self._alarm(problem)
            if rule.when_down is WhenDown.OPEN:
                return None
            raise _uncounted() from problem

    async def _try(self, rule: Rule, who: Sequence[str], cost: int) -> Standing:
        *bursts, window = _items(rule)
        for item in bursts:  # first, so that what they refuse does not use up the window
            if not await self._windows.hit(item, *who, cost=cost):
                raise Exceeded(rule, await self._standing(window, who), await self._wait(item, who))
        taken = await self._windows.hit(window, *who, cost=cost)
        standing = await self._standing(window, who)
        if not taken:
            raise Exceeded(rule, standing, _seconds_until(standing.reset_at))
        return standing

    async def _standing(self, window: RateLimitItem, who: Sequence[str]) -> Standing:
        stats = await self._windows.get_window_stats(window, *who)
        return Standing(window.amount, max(0, stats.remaining), stats.reset_time)

    async def _wait(self, item: RateLimitItem, who: Sequence[str]) -> int:
        return _seconds_until((await self._windows.get_window_stats(item, *who)).reset_time)

    def _alarm(self, problem: StorageError) -> None:
        at = time.monotonic()
        self._down_until = at + ASK_AGAIN_S
        if at - self._alarmed_at >= ALARM_EVERY_S or not self._alarmed_at:
            self._alarmed_at = at
            _log.error("rate_limits_down", reason=str(problem.storage_error)[:200])


def _items(rule: Rule) -> list[RateLimitItem]:
    """What the library counts by; the whole window last."""
    items: list[RateLimitItem] = []
    if rule.at_once is not None:
        most, seconds = rule.at_once
        items.append(RateLimitItemPerSecond(most, seconds, f"{rule.whose}/{rule.endpoint}/burst"))
    items.append(RateLimitItemPerSecond(rule.limit, rule.window_s, f"{rule.whose}/{rule.endpoint}"))
    return items


def _uncounted() -> ServerError:
    sentence = "The server cannot count attempts just now, so none is taken. Try again in a minute."
    return ServerError(sentence, status=503, code="unavailable", headers={"Retry-After": "60"})


def _seconds_until(moment: float) -> int:
    return max(1, ceil(moment - time.time()))
