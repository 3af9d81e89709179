"""Which recordings a list shows, and in which order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server import cursors
from server.recordings.models import RecordingRow
from server.recordings.schemas import Recording
from server.recordings.states import Status


class RecordingSort(StrEnum):
    """A minus turns the order around."""

    NEWEST = "-createdAt"
    OLDEST = "createdAt"
    CHANGED = "-updatedAt"
    TITLE = "title"
    LONGEST = "-duration"
    SHORTEST = "duration"


@dataclass(frozen=True, slots=True)
class Listing:
    """None leaves open."""

    status: Status | None = None
    text: str | None = None  # in the title or the description
    since: datetime | None = None
    until: datetime | None = None
    sort: RecordingSort = RecordingSort.NEWEST


@dataclass(frozen=True, slots=True)
class Slice:
    """Some recordings in a row; `cursor` leads to the next, None at the end."""

    recordings: list[Recording]
    cursor: str | None


_TITLE = func.lower(func.coalesce(RecordingRow.title, ""))
_LENGTH = func.coalesce(RecordingRow.duration_ms, -1)
# What it is ordered by, whether that descends, and what kind of value it is.
_KEYS: dict[RecordingSort, tuple[Any, bool, type]] = {
    RecordingSort.NEWEST: (RecordingRow.created_at, True, datetime),
    RecordingSort.OLDEST: (RecordingRow.created_at, False, datetime),
    RecordingSort.CHANGED: (RecordingRow.updated_at, True, datetime),
    RecordingSort.TITLE: (_TITLE, False, str),
    RecordingSort.LONGEST: (_LENGTH, True, int),
    RecordingSort.SHORTEST: (_LENGTH, False, int),
}


async def after(
    session: AsyncSession, where: ColumnElement[bool], listing: Listing, cursor: str | None, limit: int
) -> list[tuple[RecordingRow, str]]:
    """Those that somebody may see (`where`), each with its cursor. Raises InvalidRequest for another list."""
    key, descending, kind = _KEYS[listing.sort]
    query = select(RecordingRow, key).where(where, *_wanted(listing))
    if cursor is not None:
        place = cursors.decode(cursor, kind, UUID)
        query = query.where(cursors.behind(((key, descending), (RecordingRow.id, False)), place))
    rows = await session.execute(_ordered(query, listing).limit(limit))
    return [(row, cursors.encode(value, row.id)) for row, value in rows]


def _ordered(query: Select[Any], listing: Listing) -> Select[Any]:
    key, descending, _ = _KEYS[listing.sort]
    return query.order_by(key.desc() if descending else key, RecordingRow.id)


def _wanted(listing: Listing) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if listing.status is not None:
        wanted.append(RecordingRow.status == listing.status)
    if listing.text:
        texts = (RecordingRow.title, RecordingRow.description)
        wanted.append(or_(*(column.icontains(listing.text, autoescape=True) for column in texts)))
    if listing.since is not None:
        wanted.append(RecordingRow.created_at >= listing.since)
    if listing.until is not None:
        wanted.append(RecordingRow.created_at <= listing.until)
    return wanted
