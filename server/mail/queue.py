"""The queue of letters: written with the change they tell of, sent after it, tried again until it works.

A letter is a row until a mail server has taken it, so a killed server loses none; one that was being sent
at that moment is sent again. What nobody took for a day is given up, and the log says so.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.backlogs import Backlog
from server.db import Database, Waiting, leave, now
from server.mail.letters import Words, as_html, as_text, subject_of
from server.mail.models import MailRow
from server.ports.mail import Letter, Mailer, MailRefused, MailUnavailable
from server.rounds import Rounds

AT_ONCE = 4
GIVE_UP_AFTER = timedelta(hours=24)
KEEP_DEAD = timedelta(days=30)
# Whoever takes a letter has it this long; a killed server's are found by the next one then.
LEASE = timedelta(minutes=3)
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 3600.0
LOOK_EVERY_S = 5.0
# What transactions are about that take a letter, or note what became of it.
QUEUE = "letters"

_log = structlog.get_logger(__name__)


def post(session: AsyncSession, recipient: str, words: Words) -> None:
    """Queues a letter in the transaction of `session`: it is sent if and only if that commits."""
    session.add(
        MailRow(
            recipient=recipient,
            subject=subject_of(words),
            text=as_text(words),
            html=as_html(words),
            headers=words.headers,
        )
    )
    leave(session, Waiting.LETTERS)


async def backlog(session: AsyncSession) -> Backlog:
    """Letters that wait to be sent, and those that were given up."""
    query = select(func.count(), func.min(MailRow.created_at)).select_from(MailRow)
    count, oldest = (await session.execute(query.where(MailRow.dead_at.is_(None)))).one()
    dead = await session.scalar(select(func.count()).select_from(MailRow).where(MailRow.dead_at.is_not(None)))
    return Backlog(count, oldest, dead or 0)


class Postman:
    """The task that sends what is queued. `wait_s` is the wait after a first failure; it doubles."""

    def __init__(self, db: Database, mailer: Mailer, *, wait_s: float = FIRST_WAIT_S) -> None:
        self._db = db
        self._mailer = mailer
        self._wait_s = wait_s
        self.rounds = Rounds("postman", self._round, every_s=LOOK_EVERY_S)
        db.on_commit(Waiting.LETTERS, self.rounds.wake)

    async def _round(self) -> None:
        while await self.deliver():
            pass
        await self._prune()

    async def deliver(self) -> int:
        """Tries each letter whose time has come, once; how many were tried."""
        held = [row for row in await self._due() if await self._claim(row)]
        await asyncio.gather(*(self._send(row) for row in held))
        return len(held)

    async def _due(self) -> Sequence[MailRow]:
        query = select(MailRow).where(MailRow.dead_at.is_(None), MailRow.not_before <= now())
        async with self._db.read() as session:
            return (await session.scalars(query.order_by(MailRow.number).limit(AT_ONCE))).all()

    async def _claim(self, row: MailRow) -> bool:
        """Ours until the lease ends, unless another process was first."""
        seen = (MailRow.number == row.number, MailRow.not_before == row.not_before)
        claim = update(MailRow).where(*seen).values(not_before=now() + LEASE, attempt=row.attempt + 1)
        async with self._db.write(QUEUE) as session:
            return (await session.execute(claim.returning(MailRow.number))).first() is not None

    async def _send(self, row: MailRow) -> None:
        letter = Letter(
            row.id, row.recipient, row.subject, row.text, row.html, row.created_at, dict(row.headers)
        )
        try:
            await self._mailer.send(letter)
        except MailRefused as refused:
            await self._give_up(row, str(refused))
        except MailUnavailable as problem:
            await self._postpone(row, str(problem))
        except Exception as problem:  # noqa: BLE001 (one letter must not stop the others)
            _log.exception("mail_failed", mail=row.id)
            await self._postpone(row, repr(problem))
        else:
            async with self._db.write(QUEUE) as session:
                await session.execute(delete(MailRow).where(MailRow.number == row.number))

    async def _postpone(self, row: MailRow, error: str) -> None:
        wait = timedelta(seconds=min(LONGEST_WAIT_S, self._wait_s * 2**row.attempt))
        if now() + wait > row.created_at + GIVE_UP_AFTER:
            await self._give_up(row, error)
            return
        _log.warning("mail_postponed", mail=row.id, attempt=row.attempt + 1, error=error)
        await self._change(row, not_before=now() + wait, error=error[:500])

    async def _give_up(self, row: MailRow, error: str) -> None:
        _log.error("mail_given_up", mail=row.id, attempt=row.attempt + 1, error=error)
        await self._change(row, dead_at=now(), error=error[:500], text="", html="")

    async def _change(self, row: MailRow, **values: object) -> None:
        async with self._db.write(QUEUE) as session:
            await session.execute(update(MailRow).where(MailRow.number == row.number).values(**values))

    async def _prune(self) -> None:
        async with self._db.read() as session:
            old = await session.scalar(select(MailRow.number).where(_forgotten()).limit(1))
        if old is not None:
            async with self._db.write(QUEUE) as session:
                await session.execute(delete(MailRow).where(_forgotten()))


def _forgotten() -> ColumnElement[bool]:
    return MailRow.dead_at < now() - KEEP_DEAD
