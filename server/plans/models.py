"""Tables of plans: what a workspace has subscribed to, what it has used, what it was warned of."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Moment, now


class SubscriptionRow(Base):
    """What a workspace has with the payment provider. No foreign key: where the workspace is gone, the
    provider must still be told."""

    __tablename__ = "workspace_subscriptions"

    workspace_id: Mapped[str] = mapped_column(Id, primary_key=True)
    plan: Mapped[str] = mapped_column(String(30))
    status: Mapped[str] = mapped_column(String(20))
    # The provider's ids.
    customer: Mapped[str] = mapped_column(String(255))
    subscription: Mapped[str] = mapped_column(String(255), unique=True)
    # Until when it is paid for.
    period_end: Mapped[datetime | None] = mapped_column(Moment)
    ends_with_period: Mapped[bool] = mapped_column(default=False)
    past_due_since: Mapped[datetime | None] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)


class UsageRow(Base):
    """One thing that was used, by a key that says what: noted twice, it is used once. It outlives its
    recording, for deleting one gives no minutes back."""

    __tablename__ = "usage_entries"
    __table_args__ = (
        Index("ix_usage_entries_sum", "workspace_id", "quota", "month", "milliseconds"),
        Index("ix_usage_entries_recording_id", "recording_id"),
    )

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(Id)
    quota: Mapped[str] = mapped_column(String(30))
    # As 2026-11, in UTC.
    month: Mapped[str] = mapped_column(String(7))
    recording_id: Mapped[str] = mapped_column(Id)
    milliseconds: Mapped[int] = mapped_column(BigInteger)


class WarningRow(Base):
    """That a workspace was told. `period` is a month, or what the quota was, where it is of no month."""

    __tablename__ = "usage_warnings"

    workspace_id: Mapped[str] = mapped_column(Id, primary_key=True)
    quota: Mapped[str] = mapped_column(String(30), primary_key=True)
    percent: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
