"""Back-off for those who guess passwords or codes."""

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, now
from server.errors import TooManyRequests
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.lockout.models import FailureRow
from server.identity.lockout.policy import RULES, Count, Subject, blocked_for, failed, taken_back
from server.identity.security import SecurityEvent, tell


class Lockout:
    """A try counts as failed from its beginning until it succeeds: many at once are no way around."""

    def __init__(self, db: Database, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._clock = clock

    async def attempt(self, account: str, address: str) -> list[Subject]:
        """Counts a try; whose waiting begins with it, unless it succeeds.

        Raises TooManyRequests with the seconds to wait; such a try is not counted.
        """
        try:
            wait, locking = await self._attempt(account, address)
        except IntegrityError:  # two first tries at once, on a database with several writers
            wait, locking = await self._attempt(account, address)
        if wait:
            raise _refusal(ceil(wait.total_seconds()))
        return locking

    async def failed(self, user_id: str | None, factor: str, locking: Collection[Subject]) -> None:
        """Notes a try that failed, and who has to wait for it (`attempt`).

        What is refused without being counted is not noted, so nobody can fill the log.
        """
        async with self._db.write("sign-in") as session:
            audit(session, Act.SIGN_IN_FAILED, actor_id=None, user_id=user_id, factor=factor)
            for subject in locking:
                told: dict[str, Any] = {"subject": subject, "failures": RULES[subject].free}
                tell(session, SecurityEvent.LOCKED_OUT, user_id, by_themselves=False, **told)

    async def succeeded(self, account: str, address: str) -> None:
        """Takes the try back, and forgets the slips before it of this address for this account."""
        await self._take_back(account, address, forgiven=Subject.PAIR)

    async def undo(self, account: str, address: str) -> None:
        """Takes the try back and forgives nothing: it neither failed nor succeeded."""
        await self._take_back(account, address, forgiven=None)

    async def forget(self, account: str) -> None:
        """Nobody waits any longer for failures in this account's name."""
        async with self._db.write("sign-in") as session:
            its = FailureRow.account == _key(Subject.ACCOUNT, account)
            await session.execute(delete(FailureRow).where(its))

    async def _take_back(self, account: str, address: str, *, forgiven: Subject | None) -> None:
        async with self._db.write("sign-in") as session:
            for subject, key in _keys(account, address).items():
                row = await session.get(FailureRow, key, with_for_update=True)
                if row is None:
                    continue
                count = taken_back(_count(row))
                if subject is forgiven or not count.failures:
                    await session.delete(row)
                else:
                    _keep(row, count)

    async def _attempt(self, account: str, address: str) -> tuple[timedelta, list[Subject]]:
        at = self._clock()
        async with self._db.write("sign-in") as session:
            await _prune(session, at)
            rows = {
                subject: await session.get(FailureRow, key, with_for_update=True)
                for subject, key in _keys(account, address).items()
            }
            wait = max(blocked_for(_count(row), at) for row in rows.values())
            keys = _keys(account, address)
            return wait, [] if wait else _count_all(session, rows, keys, at)


def _count_all(
    session: AsyncSession, rows: dict[Subject, FailureRow | None], keys: dict[Subject, str], at: datetime
) -> list[Subject]:
    """Those whose first wait begins."""
    locking = []
    for subject, row in rows.items():
        count = failed(_count(row), RULES[subject], at)
        if row is None:
            account = None if subject is Subject.ADDRESS else keys[Subject.ACCOUNT]
            row = FailureRow(subject=keys[subject], account=account)  # noqa: PLW2901 (the row there is now)
            session.add(row)
        _keep(row, count)
        if count.failures == RULES[subject].free:
            locking.append(subject)
    return locking


async def _prune(session: AsyncSession, at: datetime) -> None:
    longest = max(rule.forget for rule in RULES.values())
    await session.execute(delete(FailureRow).where(FailureRow.failed_at < at - longest))


def _keys(account: str, address: str) -> dict[Subject, str]:
    parts = {
        Subject.PAIR: (account, address),
        Subject.ACCOUNT: (account,),
        Subject.ADDRESS: (address,),
    }
    return {subject: _key(subject, *names) for subject, names in parts.items()}


def _key(subject: Subject, *names: str) -> str:
    return hashlib.sha256("\0".join((subject, *names)).encode("utf-8", "surrogatepass")).hexdigest()


def _count(row: FailureRow | None) -> Count:
    return Count() if row is None else Count(row.failures, row.failed_at, row.blocked_until)


def _keep(row: FailureRow, count: Count) -> None:
    assert count.failed_at is not None  # noqa: S101 (a count that is kept has failed)
    row.failures, row.failed_at, row.blocked_until = count.failures, count.failed_at, count.blocked_until


def _refusal(wait_s: int) -> TooManyRequests:
    return TooManyRequests(
        f"Too many attempts to sign in. Try again in {wait_s} seconds.",
        details={"retryAfterSeconds": wait_s},
        headers={"Retry-After": str(wait_s)},
    )
