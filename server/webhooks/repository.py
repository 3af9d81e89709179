"""Queries on the tables of webhooks, in the transaction of the caller."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from server.backlogs import Backlog
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.webhooks.schemas import Status


async def of_user(session: AsyncSession, user_id: str) -> Sequence[SubscriptionRow]:
    """Oldest first."""
    query = select(SubscriptionRow).where(SubscriptionRow.user_id == user_id)
    return (await session.scalars(query.order_by(SubscriptionRow.created_at, SubscriptionRow.id))).all()


async def owned(
    session: AsyncSession, user_id: str, subscription_id: str, *, lock: bool
) -> SubscriptionRow | None:
    """With `lock` for a change."""
    query = select(SubscriptionRow).where(
        SubscriptionRow.id == subscription_id, SubscriptionRow.user_id == user_id
    )
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def listening(session: AsyncSession, user_ids: Collection[str]) -> Sequence[SubscriptionRow]:
    query = select(SubscriptionRow).where(
        SubscriptionRow.user_id.in_(user_ids), SubscriptionRow.is_active.is_(True)
    )
    return (await session.scalars(query.order_by(SubscriptionRow.created_at, SubscriptionRow.id))).all()


async def noted(
    session: AsyncSession, event_id: int, subscription_ids: Collection[str]
) -> set[tuple[str, str]]:
    """Which webhooks have this event already, under which names."""
    query = select(DeliveryRow.subscription_id, DeliveryRow.event).where(
        DeliveryRow.subscription_id.in_(subscription_ids), DeliveryRow.event_id == event_id
    )
    return {(row[0], row[1]) for row in await session.execute(query)}


async def page_of(
    session: AsyncSession,
    subscription_id: str,
    *,
    status: Status | None,
    event: str | None,
    page: int,
    size: int,
) -> tuple[Sequence[DeliveryRow], int]:
    """Newest first, and how many there are in all."""
    wanted = [DeliveryRow.subscription_id == subscription_id]
    if status is not None:
        wanted.append(DeliveryRow.status == status)
    if event is not None:
        wanted.append(DeliveryRow.event == event)
    total = await session.scalar(select(func.count()).select_from(DeliveryRow).where(*wanted))
    query = select(DeliveryRow).where(*wanted).order_by(DeliveryRow.id.desc())
    return (await session.scalars(query.offset(page * size).limit(size))).all(), total or 0


async def delivery(
    session: AsyncSession, subscription_id: str, delivery_id: str, *, lock: bool
) -> DeliveryRow | None:
    query = select(DeliveryRow).where(
        DeliveryRow.subscription_id == subscription_id, DeliveryRow.delivery_id == delivery_id
    )
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def due(
    session: AsyncSession,
    at: datetime,
    *,
    without: Collection[str],
    without_users: Collection[str],
    limit: int,
    lock: bool = False,
) -> Sequence[tuple[DeliveryRow, SubscriptionRow]]:
    """Deliveries that may be tried now, the longest due first; of each recording only the oldest."""
    query = (
        select(DeliveryRow, SubscriptionRow)
        .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
        .where(DeliveryRow.next_attempt_at <= at, _ready(at))
        .where(SubscriptionRow.id.not_in(without), SubscriptionRow.user_id.not_in(without_users))
        .order_by(DeliveryRow.next_attempt_at, DeliveryRow.id)
        .limit(limit)
    )
    if lock:
        query = query.with_for_update(of=DeliveryRow, skip_locked=True)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def next_due(session: AsyncSession, at: datetime) -> datetime | None:
    """When the first of the deliveries comes due that wait for nothing but their time."""
    later = (
        select(func.min(DeliveryRow.next_attempt_at))
        .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
        .where(DeliveryRow.status == Status.PENDING, DeliveryRow.next_attempt_at > at)
        .where(SubscriptionRow.is_active.is_(True))
    )
    return await session.scalar(later)


def _ready(at: datetime) -> ColumnElement[bool]:
    """Nobody tries it, its webhook is not left alone, and nothing of its recording has to be sent before."""
    earlier = aliased(DeliveryRow)
    held_back = exists().where(
        earlier.subscription_id == DeliveryRow.subscription_id,
        earlier.recording_id == DeliveryRow.recording_id,
        earlier.status == Status.PENDING,
        earlier.manual.is_(False),
        earlier.id < DeliveryRow.id,
    )
    closed = or_(SubscriptionRow.open_until.is_(None), SubscriptionRow.open_until <= at)
    in_turn = and_(SubscriptionRow.is_active.is_(True), closed, ~held_back)
    return and_(
        DeliveryRow.status == Status.PENDING,
        or_(DeliveryRow.lease_until.is_(None), DeliveryRow.lease_until <= at),
        or_(DeliveryRow.manual.is_(True), in_turn),
    )


def given_up() -> ColumnElement[bool]:
    """Events that never reached their webhook; what was only a test is none."""
    return and_(DeliveryRow.status == Status.FAILED, DeliveryRow.event_id.is_not(None))


async def backlog(session: AsyncSession) -> Backlog:
    """Of all webhooks together."""
    query = select(func.count(), func.min(DeliveryRow.created_at)).select_from(DeliveryRow)
    count, oldest = (await session.execute(query.where(DeliveryRow.status == Status.PENDING))).one()
    dead = await session.scalar(select(func.count()).select_from(DeliveryRow).where(given_up()))
    return Backlog(count, oldest, dead or 0)


async def release(session: AsyncSession, owner: str) -> None:
    """What a former life of this process was just sending is sent again."""
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.status == Status.PENDING, DeliveryRow.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


async def prune(session: AsyncSession, at: datetime, keep: timedelta) -> None:
    """Forgets what was over so long ago."""
    await session.execute(
        delete(DeliveryRow).where(DeliveryRow.status != Status.PENDING, DeliveryRow.delivered_at < at - keep)
    )
