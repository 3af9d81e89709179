"""Tables of webhooks: who wants to hear, and every delivery with what was answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now

_WAITING = text("status = 'pending'")


class SubscriptionRow(Base):
    __tablename__ = "webhook_subscriptions"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(String(2048))
    description: Mapped[str] = mapped_column(String(255), default="")
    # Names of events, or `*`.
    events: Mapped[list[str]] = mapped_column(Json)
    # As they are: a signature needs the secret itself.
    secret: Mapped[str] = mapped_column(String(100))
    previous_secret: Mapped[str | None] = mapped_column(String(100))
    previous_secret_until: Mapped[datetime | None] = mapped_column(Moment)
    is_active: Mapped[bool] = mapped_column(default=True)
    # Why it is not active, where the server decided so.
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    # The circuit breaker: tries that failed in a row, and until when nothing is sent.
    failures: Mapped[int] = mapped_column(Integer, default=0)
    open_until: Mapped[datetime | None] = mapped_column(Moment)
    last_success_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)


class DeliveryRow(Base):
    """One event for one webhook. `status` is `pending`, `success` or `failed`."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        # An event that the outbox tells twice is noted once.
        UniqueConstraint("subscription_id", "event_id", "event"),
        Index("ix_webhook_deliveries_log", "subscription_id", "id"),
        Index(
            "ix_webhook_deliveries_due",
            "next_attempt_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_webhook_deliveries_order",
            "subscription_id",
            "recording_id",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    subscription_id: Mapped[str] = mapped_column(
        Id, ForeignKey("webhook_subscriptions.id", ondelete="CASCADE")
    )
    # The payload's `id`, the same in every try.
    delivery_id: Mapped[str] = mapped_column(Id, unique=True, default=new_id)
    # The outbox's id; null for a test.
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    event: Mapped[str] = mapped_column(String(64))
    # No foreign key: the delivery that tells of a deletion outlives its recording.
    recording_id: Mapped[str | None] = mapped_column(Id)
    # The body to the byte, as it is signed and sent.
    payload: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    # Asked for by a person: tried at once and once, whatever state the webhook is in.
    manual: Mapped[bool] = mapped_column(default=False)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    first_attempt_at: Mapped[datetime | None] = mapped_column(Moment)
    next_attempt_at: Mapped[datetime] = mapped_column(Moment, default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    # Of the last try.
    http_status: Mapped[int | None] = mapped_column(Integer)
    error_message: Mapped[str | None] = mapped_column(Text)
    request_url: Mapped[str | None] = mapped_column(String(2048))
    request_headers: Mapped[dict[str, str] | None] = mapped_column(Json)
    response_body: Mapped[str | None] = mapped_column(Text)
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    # When it ended, well or badly.
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    # `{at, httpStatus, error, durationMs}` of each try, the last twenty.
    attempts: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
