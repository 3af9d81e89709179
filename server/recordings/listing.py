"""Which recordings a list shows, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server import cursors
from server.db import is_id
from server.recordings.library.models import RecordingTagRow, TagRow
from server.recordings.library.repository import key_of
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


# What lies in no folder.
TOP = "none"


@dataclass(frozen=True, slots=True)
class Listing:
    """None leaves open."""

    status: Status | None = None
    text: str | None = None  # in the title or the description
    since: datetime | None = None
    until: datetime | None = None
    folder: str | None = None  # its id, or TOP
    tag: str | None = None  # its name
    trashed: bool = False  # what lies in the trash, instead of all else; what came there last comes first
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


async def count(session: AsyncSession, where: ColumnElement[bool], listing: Listing) -> int:
    query = select(func.count()).select_from(RecordingRow).where(where, *_wanted(listing))
    return await session.scalar(query) or 0


async def page_of(
    session: AsyncSession, where: ColumnElement[bool], listing: Listing, *, page: int, size: int
) -> Sequence[RecordingRow]:
    query = _ordered(select(RecordingRow).where(where, *_wanted(listing)), listing)
    return (await session.scalars(query.offset(page * size).limit(size))).all()


async def after(
    session: AsyncSession, where: ColumnElement[bool], listing: Listing, cursor: str | None, limit: int
) -> list[tuple[RecordingRow, str]]:
    """Those that somebody may see (`where`), each with its cursor. Raises InvalidRequest for another list."""
    key, descending, kind = _key(listing)
    query = select(RecordingRow, key).where(where, *_wanted(listing))
    if cursor is not None:
        place = cursors.decode(cursor, kind, UUID)
        query = query.where(cursors.behind(((key, descending), (RecordingRow.id, False)), place))
    rows = await session.execute(_ordered(query, listing).limit(limit))
    return [(row, cursors.encode(value, row.id)) for row, value in rows]


def _ordered(query: Select[Any], listing: Listing) -> Select[Any]:
    key, descending, _ = _key(listing)
    return query.order_by(key.desc() if descending else key, RecordingRow.id)


def _key(listing: Listing) -> tuple[Any, bool, type]:
    return (RecordingRow.deleted_at, True, datetime) if listing.trashed else _KEYS[listing.sort]


def _wanted(listing: Listing) -> list[ColumnElement[bool]]:
    thrown = RecordingRow.deleted_at
    wanted: list[ColumnElement[bool]] = [thrown.is_not(None) if listing.trashed else thrown.is_(None)]
    if listing.status is not None:
        wanted.append(RecordingRow.status == listing.status)
    if listing.text:
        texts = (RecordingRow.title, RecordingRow.description)
        wanted.append(or_(*(column.icontains(listing.text, autoescape=True) for column in texts)))
    if listing.folder == TOP:
        wanted.append(RecordingRow.folder_id.is_(None))
    elif listing.folder is not None:
        wanted.append(RecordingRow.folder_id == listing.folder if is_id(listing.folder) else false())
    if listing.tag is not None:
        tagged = (
            select(RecordingTagRow.recording_id)
            .join(TagRow, TagRow.id == RecordingTagRow.tag_id)
            .where(TagRow.key == key_of(listing.tag))
        )
        wanted.append(RecordingRow.id.in_(tagged))
    if listing.since is not None:
        wanted.append(RecordingRow.created_at >= listing.since)
    if listing.until is not None:
        wanted.append(RecordingRow.created_at <= listing.until)
    return wanted
