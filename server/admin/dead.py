"""Dead letters: what the server gave up, of four kinds, each tried again in its own way."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.db import Database, is_id, now
from server.errors import Conflict, NotFound, ServerError
from server.identity.acts import Act
from server.identity.audit import audit
from server.mail.models import MailRow
from server.outbox import OutboxRow
from server.processing.ledger import Entry, Ledger, Wanted, step_to_retry
from server.processing.service import Processing
from server.webhooks import repository as webhooks
from server.webhooks.models import DeliveryRow
from server.webhooks.schemas import Status

# Of a kind at a time: so many are tried again in one request.
AT_A_TIME = 500


class Kind(StrEnum):
    JOBS = "jobs"
    WEBHOOKS = "webhooks"
    MAIL = "mail"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Letter:
    """`what` names it, `about` says whom or what it was for."""

    kind: Kind
    id: str
    what: str
    about: str
    error: str
    attempts: int
    failed_at: datetime | None
    recording_id: str | None = None


@dataclass(frozen=True, slots=True)
class Retried:
    """`refused` could not be tried again; `left` are those of the kind that are dead now."""

    retried: int
    refused: int
    left: int


class DeadLetters:
    def __init__(self, db: Database, processing: Processing, *, wake_webhooks: Callable[[], None]) -> None:
        self._db = db
        self._processing = processing
        self._ledger = Ledger(db)
        self._wake_webhooks = wake_webhooks

    async def page(self, kind: Kind, page: int, size: int) -> tuple[list[Letter], int]:
        """The last first, and how many there are in all."""
        if kind is Kind.JOBS:
            entries, total = await self._ledger.page(Wanted(dead=True), page, size)
            return [_of_job(one) for one in entries], total
        async with self._db.read() as session:
            if kind is Kind.WEBHOOKS:
                rows, total = await _page(session, DeliveryRow, webhooks.given_up(), page, size)
                return [_of_delivery(row) for row in rows], total
            if kind is Kind.MAIL:
                rows, total = await _page(session, MailRow, MailRow.dead_at.is_not(None), page, size)
                return [_of_mail(row) for row in rows], total
            rows, total = await _page(session, OutboxRow, outbox.given_up(), page, size)
            return [_of_event(row) for row in rows], total

    async def retry(self, kind: Kind, letter_id: str, *, by: str) -> None:
        """Raises NotFound, or Conflict for what cannot be tried again."""
        await self._ways[kind](letter_id, by)

    async def retry_all(self, kind: Kind, *, by: str) -> Retried:
        """As many as one request may take; what cannot be tried again stays."""
        letters, _ = await self.page(kind, 0, AT_A_TIME)
        refused = 0
        for letter in letters:
            try:
                await self.retry(kind, letter.id, by=by)
            except ServerError:
                refused += 1
        _, left = await self.page(kind, 0, 1)
        return Retried(len(letters) - refused, refused, left)

    @property
    def _ways(self) -> dict[Kind, Callable[[str, str], Awaitable[None]]]:
        return {
            Kind.JOBS: self._job,
            Kind.WEBHOOKS: self._delivery,
            Kind.MAIL: self._mail,
            Kind.EVENTS: self._event,
        }

    async def _job(self, job_id: str, by: str) -> None:
        job = (await self._ledger.get(job_id)).job
        await self._processing.retry(job.recording_id, step_to_retry(job), by=by)

    async def _delivery(self, delivery_id: str, by: str) -> None:
        """At once and once, also where the webhook was disabled."""
        async with self._db.write() as session:
            query = select(DeliveryRow).where(DeliveryRow.delivery_id == delivery_id, webhooks.given_up())
            row = (
                (await session.scalars(query.with_for_update())).one_or_none() if is_id(delivery_id) else None
            )
            if row is None:
                raise _gone()
            row.status, row.manual, row.next_attempt_at = Status.PENDING, True, now()
            audit(session, Act.DELIVERY_RETRIED, actor_id=by, recording_id=row.recording_id, event=row.event)
        self._wake_webhooks()

    async def _mail(self, _mail_id: str, _by: str) -> None:
        raise Conflict(
            "The words of a letter that was given up are forgotten: have it sent anew from where it came.",
            code="letter_forgotten",
        )

    async def _event(self, event_id: str, by: str) -> None:
        async with self._db.write("outbox") as session:
            known = event_id.isascii() and event_id.isdigit() and len(event_id) <= 18
            row = await outbox.again(session, int(event_id)) if known else None
            if row is None:
                raise _gone()
            audit(session, Act.EVENT_RETRIED, actor_id=by, recording_id=row.recording_id, event=row.type)


async def _page(
    session: AsyncSession, table: Any, where: ColumnElement[bool], page: int, size: int
) -> tuple[Sequence[Any], int]:
    key = table.number if table is MailRow else table.id
    query: Select[Any] = select(table).where(where).order_by(key.desc()).offset(page * size).limit(size)
    total = await session.scalar(select(func.count()).select_from(table).where(where))
    return (await session.scalars(query)).all(), total or 0


def _of_job(entry: Entry) -> Letter:
    job = entry.job
    return Letter(
        kind=Kind.JOBS,
        id=job.id,
        what=job.step,
        about=job.recording_id,
        error=job.error or "",
        attempts=job.attempt,
        failed_at=job.completed_at,
        recording_id=job.recording_id,
    )


def _of_delivery(row: DeliveryRow) -> Letter:
    return Letter(
        kind=Kind.WEBHOOKS,
        id=row.delivery_id,
        what=row.event,
        about=row.request_url or "",
        error=row.error_message or "",
        attempts=row.attempt,
        failed_at=row.delivered_at,
        recording_id=row.recording_id,
    )


def _of_mail(row: MailRow) -> Letter:
    return Letter(Kind.MAIL, row.id, row.subject, row.recipient, row.error or "", row.attempt, row.dead_at)


def _of_event(row: OutboxRow) -> Letter:
    return Letter(
        kind=Kind.EVENTS,
        id=str(row.id),
        what=row.type,
        about=row.recording_id or row.user_id or "",
        error=row.error or "",
        attempts=row.attempt,
        failed_at=row.delivered_at,
        recording_id=row.recording_id,
    )


def _gone() -> NotFound:
    return NotFound(
        "There is no such dead letter: it was tried again, or forgotten.", code="letter_not_found"
    )
