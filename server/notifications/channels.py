"""The queue of messages for Slack channels, in the transaction of the caller. The poster empties it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Waiting, leave
from server.notifications.models import ChannelRow, PostRow
from server.notifications.stories import Notice

KEEP_POSTS = timedelta(days=30)


class State(StrEnum):
    """Of a message."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


async def of_people(session: AsyncSession, user_ids: Collection[str]) -> Mapping[str, Sequence[ChannelRow]]:
    """Those of their own that are told anything, by person."""
    found: dict[str, list[ChannelRow]] = {}
    query = select(ChannelRow).where(
        ChannelRow.user_id.in_(user_ids), ChannelRow.workspace_id.is_(None), ChannelRow.is_active.is_(True)
    )
    for row in await session.scalars(query.order_by(ChannelRow.created_at, ChannelRow.id)):
        found.setdefault(row.user_id, []).append(row)
    return found


async def of_workspace(session: AsyncSession, workspace_id: str | None) -> Sequence[ChannelRow]:
    if workspace_id is None:
        return ()
    query = select(ChannelRow).where(ChannelRow.workspace_id == workspace_id, ChannelRow.is_active.is_(True))
    return (await session.scalars(query.order_by(ChannelRow.created_at, ChannelRow.id))).all()


async def queue(
    session: AsyncSession,
    channel: ChannelRow,
    notice: Notice,
    recording_id: str | None,
    not_before: datetime,
) -> None:
    """Once for each thing that is told, however often it is heard of."""
    same = select(PostRow.id).where(PostRow.channel_id == channel.id, PostRow.dedupe_key == notice.key)
    if await session.scalar(same) is not None:
        return
    session.add(
        PostRow(
            channel_id=channel.id,
            kind=notice.kind,
            recording_id=recording_id,
            data=notice.data,
            dedupe_key=notice.key,
            state=State.PENDING,
            not_before=not_before,
        )
    )
    leave(session, Waiting.POSTS)


async def waiting_about(session: AsyncSession, recording_id: str, key: str) -> Sequence[PostRow]:
    query = select(PostRow).where(
        PostRow.recording_id == recording_id, PostRow.dedupe_key == key, PostRow.state == State.PENDING
    )
    return (await session.scalars(query)).all()


async def due(session: AsyncSession, at: datetime, most: int) -> Sequence[ChannelRow]:
    """Channels that something may be sent to now."""
    waits = exists().where(
        PostRow.channel_id == ChannelRow.id, PostRow.state == State.PENDING, PostRow.not_before <= at
    )
    query = select(ChannelRow).where(ChannelRow.is_active.is_(True), _rested(at), waits)
    return (await session.scalars(query.order_by(ChannelRow.id).limit(most))).all()


async def claim(session: AsyncSession, channel_id: str, at: datetime, lease: timedelta) -> bool:
    """Ours until the lease ends, unless another process was first."""
    change = update(ChannelRow).where(ChannelRow.id == channel_id, _rested(at))
    change = change.values(not_before=at + lease).returning(ChannelRow.id)
    return (await session.scalars(change)).first() is not None


async def first_waiting(session: AsyncSession, channel_id: str, at: datetime) -> PostRow | None:
    query = select(PostRow).where(
        PostRow.channel_id == channel_id, PostRow.state == State.PENDING, PostRow.not_before <= at
    )
    return (await session.scalars(query.order_by(PostRow.id).limit(1))).one_or_none()


async def drop_waiting(session: AsyncSession, channel_id: str, reason: str) -> None:
    change = update(PostRow).where(PostRow.channel_id == channel_id, PostRow.state == State.PENDING)
    await session.execute(change.values(state=State.FAILED, error=reason))


async def prune(session: AsyncSession, at: datetime) -> None:
    await session.execute(delete(PostRow).where(PostRow.created_at < at - KEEP_POSTS))


def _rested(at: datetime) -> ColumnElement[bool]:
    return or_(ChannelRow.not_before.is_(None), ChannelRow.not_before <= at)
