"""Transactional outbox: an event is written with the change it tells of, and delivered after the commit.

At least once, in order per recording. An event whose handler fails is tried again later and holds back the
later events of its recording; after `MAX_ATTEMPTS` it is set aside with its error, so nothing waits for ever.

Ids are given when an event is written, positions when it is delivered. Whoever has heard of everything up to
a position finds what came after it with `delivered`, also after a restart: an event that commits late, or
waits behind another, has a smaller id than what went before it, but never a smaller position.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    String,
    Text,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from server.backlogs import Backlog
from server.bus import Bus, Event
from server.db import Base, Database, Id, Json, Moment, Waiting, leave, now

BATCH = 100
MAX_ATTEMPTS = 10
KEEP_DAYS = 30
# Events of other processes on the same database are found by looking; our own wake the dispatcher at once.
LOOK_EVERY_S = 2.0

_WAITING = text("delivered_at IS NULL")

_log = structlog.get_logger(__name__)


class OutboxRow(Base):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_outbox_position", "position"),
        # An id is never used twice, also after old events are gone.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    type: Mapped[str] = mapped_column(String(64))
    # No foreign key: the event that tells of a deletion outlives its recording.
    recording_id: Mapped[str | None] = mapped_column(Id)
    user_id: Mapped[str | None] = mapped_column(Id)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    # The place of its delivery among all others.
    position: Mapped[int | None] = mapped_column(BigInteger)
    not_before: Mapped[datetime | None] = mapped_column(Moment)
    attempt: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)


def record(
    session: AsyncSession,
    type: str,  # noqa: A002 (the word of the wire format)
    *,
    recording_id: str | None,
    user_id: str | None,
    data: dict[str, Any],
) -> None:
    """Notes an event in the transaction of `session`; it exists if and only if that transaction commits."""
    session.add(OutboxRow(type=type, recording_id=recording_id, user_id=user_id, data=data))
    leave(session, Waiting.EVENTS)


async def delivered(
    session: AsyncSession, after: int, upto: int, where: ColumnElement[bool], limit: int
) -> list[Event]:
    """Events that were delivered behind the position `after`, up to and with `upto`, in their order."""
    query = (
        select(OutboxRow)
        .where(OutboxRow.position > after, OutboxRow.position <= upto, where)
        .order_by(OutboxRow.position)
        .limit(limit)
    )
    return [_event(row, row.position or 0) for row in await session.scalars(query)]


async def oldest(session: AsyncSession) -> int | None:
    """The first position that is still kept; None where none is."""
    return await session.scalar(select(func.min(OutboxRow.position)))


async def backlog(session: AsyncSession) -> Backlog:
    """What waits to be delivered, and what was set aside."""
    waiting = OutboxRow.delivered_at.is_(None)
    query = select(func.count(), func.min(OutboxRow.created_at)).select_from(OutboxRow).where(waiting)
    count, oldest = (await session.execute(query)).one()
    dead = await session.scalar(select(func.count()).select_from(OutboxRow).where(given_up()))
    return Backlog(count, oldest, dead or 0)


def given_up() -> ColumnElement[bool]:
    """Set aside after `MAX_ATTEMPTS`: some handler has not heard of it."""
    return and_(OutboxRow.delivered_at.is_not(None), OutboxRow.attempt >= MAX_ATTEMPTS)


async def again(session: AsyncSession, event_id: int) -> OutboxRow | None:
    """Delivers once more what was set aside, later than events that came after it. None where it is not."""
    query = select(OutboxRow).where(OutboxRow.id == event_id, given_up())
    row = (await session.scalars(query)).one_or_none()
    if row is not None:
        row.delivered_at, row.not_before, row.attempt = None, None, 0
        leave(session, Waiting.EVENTS)
    return row


class Dispatcher:
    """The one task that moves events from the table to the bus."""

    def __init__(self, db: Database, bus: Bus, *, retry_s: float = 1.0) -> None:
        self._db = db
        self._bus = bus
        self._retry_s = retry_s
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._position: int | None = None
        self._stopping = False
        db.on_commit(Waiting.EVENTS, self._wake.set)

    @property
    def alive(self) -> bool:
        return self._task is not None and not self._task.done()

    async def last_position(self) -> int:
        """The greatest that was given, or may have been: a crash can come between telling and noting it."""
        if self._position is None:
            async with self._db.read() as session:
                noted = await session.scalar(select(func.max(OutboxRow.position)))
            self._position = (noted or 0) + BATCH
        return self._position

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="outbox")

    async def stop(self) -> None:
        """Delivers what is ready, then ends; idempotent."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
            self._task = None

    async def _run(self) -> None:
        await self._prune()
        while True:
            self._wake.clear()
            try:
                while await self.deliver():
                    pass
            except Exception:  # noqa: BLE001 (it must go on, whatever it was)
                # The database may be locked or its disk full for a while; the events stay where they are.
                _log.exception("outbox_delivery_failed")
            if self._stopping:
                return
            await self._sleep()

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._wake.wait()
        except TimeoutError:
            return

    async def deliver(self) -> int:
        """Delivers one batch; how many events left the table's queue."""
        rows = await self._pending()
        held: set[str] = set()
        done: list[tuple[int, int]] = []
        for row in rows:
            if row.recording_id is not None and row.recording_id in held:
                continue
            if row.not_before is not None and row.not_before > now():
                held.add(row.recording_id or "")
                continue
            position = await self._next()
            if await self._publish(row, position):
                done.append((row.id, position))
            else:
                held.add(row.recording_id or "")
        if done:
            await self._mark(done)
        return len(done)

    async def _pending(self) -> Sequence[OutboxRow]:
        query = select(OutboxRow).where(OutboxRow.delivered_at.is_(None)).order_by(OutboxRow.id).limit(BATCH)
        async with self._db.read() as session:
            return (await session.scalars(query)).all()

    async def _next(self) -> int:
        self._position = await self.last_position() + 1
        return self._position

    async def _publish(self, row: OutboxRow, position: int) -> bool:
        try:
            await self._bus.publish(_event(row, position))
        except ExceptionGroup as failure:
            return await self._postpone(row, failure)
        return True

    async def _postpone(self, row: OutboxRow, failure: ExceptionGroup) -> bool:
        """True when the event is given up, which counts as delivered."""
        attempt = row.attempt + 1
        _log.error("event_handler_failed", type=row.type, event_id=row.id, attempt=attempt, exc_info=failure)
        wait = timedelta(seconds=min(60.0, self._retry_s * 2**row.attempt))
        async with self._db.write("outbox") as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.id == row.id)
                .values(attempt=attempt, not_before=now() + wait, error=repr(failure.exceptions[0])[:500])
            )
        return attempt >= MAX_ATTEMPTS

    async def _mark(self, done: list[tuple[int, int]]) -> None:
        at = now()
        rows = [{"row": id_, "place": position, "at": at} for id_, position in done]
        async with self._db.write("outbox") as session:
            connection = await session.connection()
            await connection.execute(_NOTE, rows)

    async def _prune(self) -> None:
        """The last one stays whatever its age: positions go on from there."""
        old = now() - timedelta(days=KEEP_DAYS)
        async with self._db.write("outbox") as session:
            last = await session.scalar(select(func.max(OutboxRow.position)))
            other = or_(OutboxRow.position.is_(None), OutboxRow.position != last)
            await session.execute(delete(OutboxRow).where(OutboxRow.delivered_at < old, other))


_NOTE = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row"))
    .values(delivered_at=bindparam("at"), position=bindparam("place"))
)


def _event(row: OutboxRow, position: int) -> Event:
    return Event(row.id, row.type, row.recording_id, row.user_id, row.data, row.created_at, position)
