"""How a subscription stands. The payment provider decides; here is what follows from it."""

from datetime import datetime, timedelta
from enum import StrEnum

# How long a plan stays when a payment failed: the provider tries again meanwhile.
GRACE = timedelta(days=14)


class Status(StrEnum):
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELED = "canceled"

    @property
    def live(self) -> bool:
        """The provider goes on asking for money."""
        return self is not Status.CANCELED


def grace_until(status: Status, past_due_since: datetime | None) -> datetime | None:
    if status is not Status.PAST_DUE or past_due_since is None:
        return None
    return past_due_since + GRACE


def in_force(status: Status, past_due_since: datetime | None, at: datetime) -> bool:
    """Whether the plan that was subscribed to is the workspace's."""
    ends = grace_until(status, past_due_since)
    return status.live and (ends is None or at < ends)
