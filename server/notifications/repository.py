"""Queries on the tables of notifications, in the transaction of the caller."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server import cursors
from server.notifications.kinds import Kind
from server.notifications.models import HoursRow, NotificationRow, PreferenceRow

# Ids of the recordings that somebody may see: a condition of the module that has them.
Seen = Select[str]
KEEP = timedelta(days=90)


async def noted(session: AsyncSession, key: str, user_id: str) -> bool:
    """Whether they have been told of this already."""
    query = select(NotificationRow.id).where(
        NotificationRow.dedupe_key == key, NotificationRow.user_id == user_id
    )
    return await session.scalar(query) is not None


async def last_of(
    session: AsyncSession, user_id: str, kind: Kind, recording_id: str
) -> NotificationRow | None:
    """The bundle that an event was counted in last."""
    query = select(NotificationRow).where(
        NotificationRow.user_id == user_id,
        NotificationRow.kind == kind,
        NotificationRow.recording_id == recording_id,
    )
    query = query.order_by(NotificationRow.last_event_id.desc()).limit(1).with_for_update()
    return (await session.scalars(query)).one_or_none()


def visible(user_id: str, seen: Seen) -> list[ColumnElement[bool]]:
    """What somebody is shown: not what they have lost the right to see since."""
    about = NotificationRow.recording_id
    return [
        NotificationRow.user_id == user_id,
        NotificationRow.in_app.is_(True),
        or_(about.is_(None), about.in_(seen)),
    ]


async def count(
    session: AsyncSession, user_id: str, seen: Seen, *, unread: bool, kind: Kind | None = None
) -> int:
    query = select(func.count()).select_from(NotificationRow).where(*visible(user_id, seen))
    return await session.scalar(query.where(*_only(unread=unread, kind=kind))) or 0


async def page_of(
    session: AsyncSession,
    user_id: str,
    seen: Seen,
    *,
    unread: bool,
    kind: Kind | None,
    after: cursors.Place | None,
    limit: int,
) -> Sequence[NotificationRow]:
    """The last first."""
    query = select(NotificationRow).where(*visible(user_id, seen), *_only(unread=unread, kind=kind))
    if after is not None:
        order = ((NotificationRow.at, True), (NotificationRow.id, True))
        query = query.where(cursors.behind(order, after))
    query = query.order_by(NotificationRow.at.desc(), NotificationRow.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def one_of(
    session: AsyncSession, user_id: str, seen: Seen, notification_id: str
) -> NotificationRow | None:
    query = select(NotificationRow).where(*visible(user_id, seen), NotificationRow.id == notification_id)
    return (await session.scalars(query)).one_or_none()


async def mark_all(session: AsyncSession, user_id: str, at: datetime, until: datetime | None) -> int:
    """How many were unread; up to `until`, where it is given: what came since stays unread."""
    change = update(NotificationRow).where(
        NotificationRow.user_id == user_id, NotificationRow.read_at.is_(None)
    )
    if until is not None:
        change = change.where(NotificationRow.at <= until)
    change = change.values(read_at=at, email_due=None).returning(NotificationRow.id)
    return len((await session.execute(change)).all())


async def about_comment(session: AsyncSession, recording_id: str, key: str) -> Sequence[NotificationRow]:
    query = select(NotificationRow).where(
        NotificationRow.recording_id == recording_id, NotificationRow.dedupe_key == key
    )
    return (await session.scalars(query)).all()


async def forget_person(session: AsyncSession, user_id: str) -> None:
    """What they did, as others were told of it; what they were told themselves goes with the account."""
    await session.execute(delete(NotificationRow).where(NotificationRow.caused_by == user_id))


async def prune(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(NotificationRow).where(NotificationRow.at < before))


async def preferences(
    session: AsyncSession, user_ids: Collection[str]
) -> dict[str, dict[Kind, PreferenceRow]]:
    """What they chose, by person and kind; a kind that this version does not know any more is passed over."""
    found: dict[str, dict[Kind, PreferenceRow]] = {one: {} for one in user_ids}
    query = select(PreferenceRow).where(PreferenceRow.user_id.in_(user_ids), PreferenceRow.kind.in_(Kind))
    for row in await session.scalars(query):
        found[row.user_id][Kind(row.kind)] = row
    return found


async def hours(session: AsyncSession, user_ids: Collection[str]) -> dict[str, HoursRow]:
    query = select(HoursRow).where(HoursRow.user_id.in_(user_ids))
    return {row.user_id: row for row in await session.scalars(query)}


async def due_for_mail(session: AsyncSession, at: datetime, most: int) -> Sequence[NotificationRow]:
    """What letters are to tell of now, the longest due first."""
    query = select(NotificationRow).where(NotificationRow.email_due <= at)
    query = query.order_by(NotificationRow.email_due, NotificationRow.at, NotificationRow.id).limit(most)
    return (await session.scalars(query)).all()


async def claim_for_mail(
    session: AsyncSession, ids: Collection[str], at: datetime, *, told: bool
) -> set[str]:
    """Those that nobody else has claimed; they are due no more. `told`: a letter tells of them."""
    values: dict[str, datetime | None] = {"email_due": None}
    if told:
        values["emailed_at"] = at
    change = update(NotificationRow).where(
        NotificationRow.id.in_(ids), NotificationRow.email_due.is_not(None)
    )
    return set(await session.scalars(change.values(**values).returning(NotificationRow.id)))


async def letters_since(session: AsyncSession, user_id: str, since: datetime) -> int:
    """Letters that went at once: what one letter told of has one moment."""
    query = select(func.count(func.distinct(NotificationRow.emailed_at))).where(
        NotificationRow.user_id == user_id,
        NotificationRow.emailed_at > since,
        NotificationRow.email_daily.is_(False),
    )
    return await session.scalar(query) or 0


async def put_off(session: AsyncSession, ids: Collection[str], until: datetime) -> None:
    """Into the next digest."""
    change = update(NotificationRow).where(
        NotificationRow.id.in_(ids), NotificationRow.email_due.is_not(None)
    )
    await session.execute(change.values(email_due=until, email_daily=True))


def open_bundle(row: NotificationRow, at: datetime, *, longest: timedelta) -> bool:
    """Whether what comes now is counted there: it is unread, no letter has told of it, it is not old."""
    return row.read_at is None and row.emailed_at is None and row.created_at > at - longest


def _only(*, unread: bool, kind: Kind | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if unread:
        wanted.append(NotificationRow.read_at.is_(None))
    if kind is not None:
        wanted.append(NotificationRow.kind == kind)
    return wanted
