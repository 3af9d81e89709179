"""Tables of notifications: what people were told, how they want to be told, and their Slack channels."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now

_MAIL_DUE = text("email_due IS NOT NULL")
_WAITING = text("state = 'pending'")


def _person(*, primary_key: bool = False) -> Any:
    return mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=primary_key)


def _recording() -> ForeignKey:
    return ForeignKey("recording_sessions.id", ondelete="CASCADE")


class NotificationRow(Base):
    """Something a person is told. `dedupe_key` is what makes an event that is heard twice one row."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "dedupe_key"),
        Index("ix_notifications_user_id_at", "user_id", "at", "id"),
        Index("ix_notifications_recording_id", "recording_id"),
        Index("ix_notifications_caused_by", "caused_by"),
        Index("ix_notifications_at", "at"),
        Index("ix_notifications_mail", "email_due", sqlite_where=_MAIL_DUE, postgresql_where=_MAIL_DUE),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = _person()
    kind: Mapped[str] = mapped_column(String(32))
    recording_id: Mapped[str | None] = mapped_column(Id, _recording())
    # Who did it, where that is an account: when it goes, so does this.
    caused_by: Mapped[str | None] = mapped_column(Id)
    # What the words are made of; titles are looked up when it is read.
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    dedupe_key: Mapped[str] = mapped_column(String(120))
    # How many things it stands for, and the last event that was counted.
    count: Mapped[int] = mapped_column(Integer, default=1)
    last_event_id: Mapped[int] = mapped_column(BigInteger)
    # Whether it is shown in the app; else it is here for its letter, and to be told once.
    in_app: Mapped[bool] = mapped_column(default=True)
    # When it happened, the last time where it is a bundle.
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    # When a letter is to tell of it; null: never, or it has been told (`emailed_at`).
    email_due: Mapped[datetime | None] = mapped_column(Moment)
    email_daily: Mapped[bool] = mapped_column(default=False)
    emailed_at: Mapped[datetime | None] = mapped_column(Moment)


class PreferenceRow(Base):
    """What a person chose for one kind."""

    __tablename__ = "notification_preferences"

    user_id: Mapped[str] = _person(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    in_app: Mapped[bool] = mapped_column()
    email: Mapped[str] = mapped_column(String(10))
    slack: Mapped[bool] = mapped_column()


class HoursRow(Base):
    """When a person wants letters, by the clock of their time zone."""

    __tablename__ = "notification_hours"

    user_id: Mapped[str] = _person(primary_key=True)
    digest_hour: Mapped[int] = mapped_column(Integer)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)


class ChannelRow(Base):
    """An incoming webhook of Slack, or of what speaks like it: a person's, or a workspace's."""

    __tablename__ = "notification_channels"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    # Whose it is, or who made it for the workspace.
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    workspace_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    description: Mapped[str] = mapped_column(String(255), default="")
    # Whoever has the address can write there, so it is sealed; `shown` is what people see of it.
    sealed_url: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(300))
    # Of a workspace's: what it is told.
    kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    is_active: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    # Tries that failed in a row, since when, and when the next may be.
    failures: Mapped[int] = mapped_column(Integer, default=0)
    failing_since: Mapped[datetime | None] = mapped_column(Moment)
    not_before: Mapped[datetime | None] = mapped_column(Moment)
    last_success_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class PostRow(Base):
    """One message for one channel. `state` is `pending`, `sent` or `failed`."""

    __tablename__ = "notification_posts"
    __table_args__ = (
        UniqueConstraint("channel_id", "dedupe_key"),
        Index(
            "ix_notification_posts_due",
            "channel_id",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_notification_posts_recording_id", "recording_id"),
        Index("ix_notification_posts_created_at", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    channel_id: Mapped[str] = mapped_column(Id, ForeignKey("notification_channels.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    recording_id: Mapped[str | None] = mapped_column(Id, _recording())
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    dedupe_key: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default="pending")
    error: Mapped[str | None] = mapped_column(Text)
    # Not in somebody's quiet hours.
    not_before: Mapped[datetime] = mapped_column(Moment, default=now)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
