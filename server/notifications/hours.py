"""When somebody wants to be told, by the clock on their wall. No I/O."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

DIGEST_HOUR = 8


@dataclass(frozen=True, slots=True)
class Hours:
    """From `quiet_from` to `quiet_until`, across midnight too, no letter goes but the digest at its hour."""

    zone: tzinfo = UTC
    digest_hour: int = DIGEST_HOUR
    quiet_from: time | None = None
    quiet_until: time | None = None

    def next_digest(self, at: datetime) -> datetime:
        return self._next(time(self.digest_hour), at)

    def after_quiet(self, at: datetime) -> datetime:
        """`at` itself, or when the quiet hours end that it lies in."""
        if self.quiet_from is None or self.quiet_until is None:
            return at
        clock = at.astimezone(self.zone).time()
        if self.quiet_from <= self.quiet_until:
            quiet = self.quiet_from <= clock < self.quiet_until
        else:
            quiet = clock >= self.quiet_from or clock < self.quiet_until
        return self._next(self.quiet_until, at) if quiet else at

    def _next(self, clock: time, at: datetime) -> datetime:
        """The first moment after `at` that has this time of day; in UTC."""
        today = at.astimezone(self.zone).date()
        days = (today + timedelta(days=more) for more in range(3))
        moments = (datetime.combine(day, clock, self.zone).astimezone(UTC) for day in days)
        return next(moment for moment in moments if moment > at)


def zone_of(name: str | None) -> tzinfo:
    """UTC where somebody named none, or one that this machine does not know any more."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        return UTC
