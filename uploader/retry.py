"""When to try again: exponential backoff with full jitter, without end, and the server's own word above it.

Full jitter (a delay anywhere between nothing and the ceiling) keeps many clients from coming back in step
after their server was away.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BASE_S = 0.4
CAP_S = 30.0
LIVE_CAP_S = 5.0  # somebody is watching, or waiting for a link
LONGEST_RETRY_AFTER_S = 3600.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """`random` answers in 0..1; tests give their own."""

    base_s: float = BASE_S
    cap_s: float = CAP_S
    random: Callable[[], float] = random.random

    def delay(self, attempt: int, retry_after_s: float | None = None, *, live: bool = False) -> float:
        """Seconds to wait before try `attempt` + 1, where `attempt` >= 1 tries have failed in a row."""
        cap = min(self.cap_s, LIVE_CAP_S) if live else self.cap_s
        # The exponent is bounded: a float cannot hold 2 to the power of a month offline.
        ceiling = min(cap, self.base_s * 2.0 ** min(attempt - 1, 32))
        jittered = ceiling * self.random()
        if retry_after_s is None:
            return jittered
        return min(retry_after_s, LONGEST_RETRY_AFTER_S) + jittered


def parse_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds from a Retry-After header (a number or a date, RFC 9110 10.2.3); None when absent or
    unreadable.
    """
    if not value:
        return None
    if value.isascii() and value.strip().isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
