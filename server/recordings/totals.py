"""How much there is: by person, by workspace, of everybody. For whoever runs the server."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from server.db import Database
from server.recordings.models import RecordingRow
from server.recordings.repository import to_recording
from server.recordings.schemas import Recording


class By(StrEnum):
    PERSON = "person"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Total:
    """Of recordings; `bytes` are of the files as they were uploaded, the trash is in all of it."""

    recordings: int = 0
    bytes: int = 0
    trashed: int = 0
    trashed_bytes: int = 0
    seconds: float = 0.0


_COLUMNS: dict[By, InstrumentedAttribute[str] | InstrumentedAttribute[str | None]] = {
    By.PERSON: RecordingRow.user_id,
    By.WORKSPACE: RecordingRow.workspace_id,
}
_SIZE = func.coalesce(RecordingRow.file_size_bytes, 0)
_THROWN = RecordingRow.deleted_at.is_not(None)
_SUMS = (
    func.count(),
    func.coalesce(func.sum(_SIZE), 0),
    func.coalesce(func.sum(case((_THROWN, 1), else_=0)), 0),
    func.coalesce(func.sum(case((_THROWN, _SIZE), else_=0)), 0),
    func.coalesce(func.sum(RecordingRow.duration_ms), 0),
)


class Totals:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def of_all(self) -> Total:
        async with self._db.read() as session:
            return _total((await session.execute(select(*_SUMS).select_from(RecordingRow))).one())

    async def of(self, by: By, ids: Collection[str]) -> dict[str, Total]:
        """Those that have any, by id."""
        column = _COLUMNS[by]
        query: Select[tuple[object, ...]] = select(column, *_SUMS).where(column.in_(ids)).group_by(column)
        async with self._db.read() as session:
            return {str(row[0]): _total(row[1:]) for row in await session.execute(query)}

    async def ranked(self, by: By, page: int, size: int) -> tuple[list[tuple[str, Total]], int]:
        """Whoever, or whatever, has the most bytes first; and how many there are in all."""
        column = _COLUMNS[by]
        query: Select[tuple[object, ...]] = (
            select(column, *_SUMS)
            .where(column.is_not(None))
            .group_by(column)
            .order_by(func.sum(_SIZE).desc(), column)
            .offset(page * size)
            .limit(size)
        )
        count = select(func.count(func.distinct(column)))
        async with self._db.read() as session:
            rows = [(str(row[0]), _total(row[1:])) for row in await session.execute(query)]
            return rows, await session.scalar(count) or 0

    async def largest(self, page: int, size: int) -> tuple[list[Recording], int]:
        """Also those in the trash."""
        query = select(RecordingRow).order_by(_SIZE.desc(), RecordingRow.id).offset(page * size).limit(size)
        async with self._db.read() as session:
            rows = (await session.scalars(query)).all()
            total = await session.scalar(select(func.count()).select_from(RecordingRow))
        return [to_recording(row) for row in rows], total or 0

    async def oldest_in_trash(self) -> datetime | None:
        async with self._db.read() as session:
            return await session.scalar(select(func.min(RecordingRow.deleted_at)))


def _total(sums: Sequence[object]) -> Total:
    count, size, trashed, trashed_size, milliseconds = (int(str(one)) for one in sums)
    return Total(count, size, trashed, trashed_size, milliseconds / 1000)
