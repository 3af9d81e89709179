"""Queries on the tables of analytics."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, distinct, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.analytics.figures import NUMBERS, Figures
from server.analytics.models import DayRow, EventRow, SaltRow, TotalRow, WatchingRow

# Parameters of one query.
CHUNK = 500
# What nobody needs for sums over many recordings.
_SUMS = [func.sum(getattr(DayRow, name)).label(name) for name in NUMBERS]


async def known_events(session: AsyncSession, ids: Collection[str]) -> set[str]:
    found: set[str] = set()
    for some in _chunks(list(ids)):
        found.update(await session.scalars(select(EventRow.id).where(EventRow.id.in_(some))))
    return found


async def add_events(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await session.execute(insert(EventRow), rows)


async def sessions(
    session: AsyncSession, keys: Collection[tuple[str, str]]
) -> dict[tuple[str, str], WatchingRow]:
    """By recording and session, held until the transaction ends."""
    found: dict[tuple[str, str], WatchingRow] = {}
    for some in _chunks(sorted({session_id for _, session_id in keys})):
        query = select(WatchingRow).where(WatchingRow.session_id.in_(some))
        for row in await session.scalars(query.order_by(WatchingRow.id).with_for_update()):
            found[row.recording_id, row.session_id] = row
    return {key: row for key, row in found.items() if key in keys}


async def played(session: AsyncSession, watching_ids: Collection[str]) -> Sequence[EventRow]:
    query = select(EventRow).where(EventRow.watching_id.in_(watching_ids))
    return (await session.scalars(query.order_by(EventRow.watching_id))).all()


async def viewed_before(
    session: AsyncSession, recording_id: str, day: date, viewers: Collection[str], fresh: Collection[str]
) -> set[str]:
    """Of these viewers those who have a view on that day, in other sessions than those of `fresh`."""
    found: set[str] = set()
    for some in _chunks(list(viewers)):
        query = select(WatchingRow.viewer, WatchingRow.id).where(
            WatchingRow.recording_id == recording_id,
            WatchingRow.day == day,
            WatchingRow.viewer.in_(some),
            WatchingRow.viewed_at.is_not(None),
        )
        found.update(row[0] for row in await session.execute(query) if row[1] not in fresh)
    return found


async def add_to_day(session: AsyncSession, recording_id: str, day: date, more: Figures) -> None:
    query = select(DayRow).where(DayRow.recording_id == recording_id, DayRow.day == day)
    row = (await session.scalars(query.with_for_update())).one_or_none()
    if row is None:
        session.add(DayRow(recording_id=recording_id, day=day, **more.values()))
        return
    for name, value in Figures.of(row).add(more).values().items():
        setattr(row, name, value)


async def add_to_total(session: AsyncSession, recording_id: str, views: int) -> None:
    query = select(TotalRow).where(TotalRow.recording_id == recording_id)
    row = (await session.scalars(query.with_for_update())).one_or_none()
    if row is None:
        session.add(TotalRow(recording_id=recording_id, views=views))
    else:
        row.views += views


async def days(session: AsyncSession, recording_id: str, since: date, until: date) -> Sequence[DayRow]:
    query = select(DayRow).where(DayRow.recording_id == recording_id, DayRow.day.between(since, until))
    return (await session.scalars(query.order_by(DayRow.day))).all()


async def sums_by_recording(
    session: AsyncSession, recording_ids: Sequence[str], since: date, until: date
) -> dict[str, dict[str, int]]:
    """The numbers of each recording that has any."""
    found: dict[str, dict[str, int]] = {}
    for some in _chunks(recording_ids):
        query = select(DayRow.recording_id, *_SUMS).where(
            DayRow.recording_id.in_(some), DayRow.day.between(since, until)
        )
        for row in await session.execute(query.group_by(DayRow.recording_id)):
            found[row[0]] = {name: int(getattr(row, name)) for name in NUMBERS}
    return found


async def sums_by_day(
    session: AsyncSession, recording_ids: Sequence[str], since: date, until: date
) -> dict[date, dict[str, int]]:
    """The numbers of each day, of all these recordings together."""
    found: dict[date, dict[str, int]] = {}
    for some in _chunks(recording_ids):
        query = select(DayRow.day, *_SUMS).where(
            DayRow.recording_id.in_(some), DayRow.day.between(since, until)
        )
        for row in await session.execute(query.group_by(DayRow.day)):
            mine = found.setdefault(row[0], dict.fromkeys(NUMBERS, 0))
            for name in NUMBERS:
                mine[name] += int(getattr(row, name))
    return found


async def viewers(
    session: AsyncSession, recording_ids: Sequence[str], since: date, until: date
) -> dict[str, int]:
    """Different viewers of each recording. Of days whose sessions are gone, each day's number is taken."""
    kept_since = await session.scalar(select(func.min(WatchingRow.day)))
    found: dict[str, int] = {}
    for some in _chunks(recording_ids):
        among = (WatchingRow.recording_id.in_(some), WatchingRow.day.between(since, until))
        query = select(WatchingRow.recording_id, func.count(distinct(WatchingRow.viewer)))
        query = query.where(*among, WatchingRow.viewed_at.is_not(None)).group_by(WatchingRow.recording_id)
        found.update({row[0]: row[1] for row in await session.execute(query)})
        gone: list[ColumnElement[bool]] = [] if kept_since is None else [DayRow.day < kept_since]
        older = select(DayRow.recording_id, func.sum(DayRow.viewers)).where(
            DayRow.recording_id.in_(some), DayRow.day.between(since, until), *gone
        )
        for row in await session.execute(older.group_by(DayRow.recording_id)):
            found[row[0]] = found.get(row[0], 0) + int(row[1])
    return found


async def totals(session: AsyncSession, recording_ids: Sequence[str]) -> Mapping[str, int]:
    query = select(TotalRow.recording_id, TotalRow.views).where(TotalRow.recording_id.in_(recording_ids))
    return {row[0]: row[1] for row in await session.execute(query)}


async def watched_recordings(session: AsyncSession) -> Sequence[str]:
    """Those that anything is known of."""
    return (await session.scalars(select(EventRow.recording_id).distinct())).all()


async def measured_otherwise(session: AsyncSession, recording_id: str, duration_ms: int) -> bool:
    """Are there sessions that were told in another length of the recording?"""
    query = select(WatchingRow.id).where(
        WatchingRow.recording_id == recording_id,
        WatchingRow.duration_ms.is_distinct_from(duration_ms),
    )
    return await session.scalar(query.limit(1)) is not None


async def sessions_after(
    session: AsyncSession, recording_id: str, after: str | None, limit: int
) -> Sequence[WatchingRow]:
    """In the order of their ids, from the one after `after` on."""
    query = select(WatchingRow).where(WatchingRow.recording_id == recording_id)
    if after is not None:
        query = query.where(WatchingRow.id > after)
    return (await session.scalars(query.order_by(WatchingRow.id).limit(limit).with_for_update())).all()


async def streams_by_day(session: AsyncSession, recording_id: str) -> dict[date, int]:
    query = select(EventRow.day, func.count()).where(
        EventRow.recording_id == recording_id, EventRow.watching_id.is_(None)
    )
    return {row[0]: row[1] for row in await session.execute(query.group_by(EventRow.day))}


async def hold_days(session: AsyncSession, recording_id: str) -> None:
    """Until the transaction ends nothing else is added to them."""
    await session.execute(select(DayRow.day).where(DayRow.recording_id == recording_id).with_for_update())


async def replace_days(session: AsyncSession, recording_id: str, fresh: Mapping[date, Figures]) -> None:
    """The days from the first of `fresh` on; earlier ones are all that is left of their events."""
    if not fresh:
        return
    since = min(fresh)
    await session.execute(delete(DayRow).where(DayRow.recording_id == recording_id, DayRow.day >= since))
    for day in sorted(fresh):
        session.add(DayRow(recording_id=recording_id, day=day, **fresh[day].values()))
    await session.flush()
    views = select(func.coalesce(func.sum(DayRow.views), 0)).where(DayRow.recording_id == recording_id)
    count = int(await session.scalar(views) or 0)
    await session.execute(delete(TotalRow).where(TotalRow.recording_id == recording_id))
    session.add(TotalRow(recording_id=recording_id, views=count))


async def forget(session: AsyncSession, before: date) -> int:
    """Events and sessions of days before; how many events. What they came to stays."""
    events = await session.execute(delete(EventRow).where(EventRow.day < before))
    await session.execute(delete(WatchingRow).where(WatchingRow.day < before))
    return max(0, getattr(events, "rowcount", 0))


async def turn_salt(session: AsyncSession, today: date, fresh: str) -> str:
    """Today's salt, which is `fresh` if there was none; all others are overwritten and go."""
    await session.execute(update(SaltRow).where(SaltRow.day != today).values(salt=""))
    await session.execute(delete(SaltRow).where(SaltRow.day != today))
    row = await session.get(SaltRow, today)
    if row is None:
        row = SaltRow(day=today, salt=fresh)
        session.add(row)
    return row.salt


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[first : first + CHUNK] for first in range(0, len(items), CHUNK))
