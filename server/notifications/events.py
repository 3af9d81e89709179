"""What notifications tell: to the person's own clients, and to this module itself."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox


class NotificationEventType(StrEnum):
    CREATED = "notification.created"
    # A bundle that nobody has read has grown.
    UPDATED = "notification.updated"
    # Read, unread or deleted elsewhere: only how many are left to read.
    COUNTED = "notification.counted"
    # The server writes to a Slack channel no more.
    CHANNEL_DISABLED = "channel.disabled"
    STORAGE_LOW = "storage.low"


def told(
    session: AsyncSession, type_: NotificationEventType, user_id: str, shown: Mapping[str, Any], unread: int
) -> None:
    """`shown` is the notification as the API answers it."""
    _record(session, type_, user_id, {"notification": dict(shown), "unread": unread})


def counted(session: AsyncSession, user_id: str, unread: int) -> None:
    _record(session, NotificationEventType.COUNTED, user_id, {"unread": unread})


def channel_disabled(
    session: AsyncSession, *, channel_id: str, user_id: str, description: str, reason: str
) -> None:
    data = {"channelId": channel_id, "description": description, "reason": reason}
    _record(session, NotificationEventType.CHANNEL_DISABLED, user_id, data)


def storage_low(session: AsyncSession, *, free_bytes: int, total_bytes: int, day: str) -> None:
    data = {"freeBytes": free_bytes, "totalBytes": total_bytes, "day": day}
    _record(session, NotificationEventType.STORAGE_LOW, None, data)


def _record(
    session: AsyncSession, type_: NotificationEventType, user_id: str | None, data: dict[str, Any]
) -> None:
    outbox.record(session, type_, recording_id=None, user_id=user_id, data=data)
