"""How long guessing has to wait, as plain arithmetic."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Subject(StrEnum):
    """Whose failures are counted together."""

    PAIR = "pair"  # one address for one account
    ACCOUNT = "account"  # one account, from everywhere
    ADDRESS = "address"  # one address, for all accounts


@dataclass(frozen=True, slots=True)
class Rule:
    """`free` failures in a row cost nothing; each further one doubles the wait, from `first` to `most`.

    They are forgotten when nothing failed for `forget`.
    """

    free: int
    first: timedelta
    most: timedelta
    forget: timedelta

    def wait(self, failures: int) -> timedelta:
        over = failures - self.free
        # The exponent is bounded: a timedelta cannot hold 2 to the power of a night of guessing.
        return timedelta() if over < 0 else min(self.most, self.first * 2 ** min(over, 20))


RULES = {
    # A slip of the finger is forgiven, a list of passwords is not.
    Subject.PAIR: Rule(10, timedelta(seconds=30), timedelta(hours=1), timedelta(days=1)),
    # High and mild, or anybody could lock an owner out by failing in their name.
    Subject.ACCOUNT: Rule(100, timedelta(seconds=30), timedelta(minutes=15), timedelta(days=1)),
    # An office has one address, and behind a proxy that is set up wrongly everybody has.
    Subject.ADDRESS: Rule(60, timedelta(seconds=10), timedelta(minutes=5), timedelta(hours=1)),
}


@dataclass(frozen=True, slots=True)
class Count:
    """What is remembered of a subject."""

    failures: int = 0
    failed_at: datetime | None = None
    blocked_until: datetime | None = None


def blocked_for(count: Count, at: datetime) -> timedelta:
    """How long to wait from `at`; nothing where a try is allowed."""
    if count.blocked_until is None or count.blocked_until <= at:
        return timedelta()
    return count.blocked_until - at


def failed(count: Count, rule: Rule, at: datetime) -> Count:
    """After one more failure, or a try that may become one."""
    forgotten = count.failed_at is None or at - count.failed_at > rule.forget
    failures = (0 if forgotten else count.failures) + 1
    wait = rule.wait(failures)
    return Count(failures, at, at + wait if wait else None)


def taken_back(count: Count) -> Count:
    """After a try that was counted and then did not fail."""
    return replace(count, failures=max(0, count.failures - 1), blocked_until=None)
