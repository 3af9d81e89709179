"""What is told of plans: named here, below everybody who tells it or hears it."""

from enum import StrEnum


class BillingEventType(StrEnum):
    # A workspace has another plan, or its subscription stands otherwise.
    UPDATED = "billing.updated"
    # Four fifths of a quota are used, or all of it.
    QUOTA_WARNING = "billing.quota_warning"
