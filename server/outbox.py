"""Transactional outbox: an event is written with the change it tells of, and delivered after the commit.

At least once, in order per recording. An event whose handler fails is tried again later and holds back the
later events of its recording; after `MAX_ATTEMPTS` it is set aside with its error, so nothing waits for ever.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import BigInteger, Index, Integer, String, Text, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from server.bus import Bus, Event
from server.db import Base, Database, Id, Json, Moment, now

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
    session.info["events"] = True


class Dispatcher:
    """The one task that moves events from the table to the bus."""

    def __init__(self, db: Database, bus: Bus, *, retry_s: float = 1.0) -> None:
        self._db = db
        self._bus = bus
        self._retry_s = retry_s
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        db.on_events(self._wake.set)

    @property
    def alive(self) -> bool:
        return self._task is not None and not self._task.done()

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
        done: list[int] = []
        for row in rows:
            if row.recording_id is not None and row.recording_id in held:
                continue
            if row.not_before is not None and row.not_before > now():
                held.add(row.recording_id or "")
            elif await self._publish(row):
                done.append(row.id)
            else:
                held.add(row.recording_id or "")
        if done:
            await self._mark(done)
        return len(done)

    async def _pending(self) -> Sequence[OutboxRow]:
        query = select(OutboxRow).where(OutboxRow.delivered_at.is_(None)).order_by(OutboxRow.id).limit(BATCH)
        async with self._db.read() as session:
            return (await session.scalars(query)).all()

    async def _publish(self, row: OutboxRow) -> bool:
        event = Event(row.id, row.type, row.recording_id, row.user_id, row.data, row.created_at)
        try:
            await self._bus.publish(event)
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

    async def _mark(self, ids: list[int]) -> None:
        async with self._db.write("outbox") as session:
            await session.execute(update(OutboxRow).where(OutboxRow.id.in_(ids)).values(delivered_at=now()))

    async def _prune(self) -> None:
        old = now() - timedelta(days=KEEP_DAYS)
        async with self._db.write("outbox") as session:
            await session.execute(delete(OutboxRow).where(OutboxRow.delivered_at < old))
