"""Reading the audit log of everybody, for whoever runs the server."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from server.db import Database
from server.identity.accounts.models import AuditRow
from server.identity.acts import Act
from server.identity.audit import audit

_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """None leaves open. `act` is a name such as `user.disabled`, or what stands before its dot; `person` did
    it or had it done to their account. `since` and `until` belong to the time."""

    act: str | None = None
    actor: str | None = None
    person: str | None = None
    workspace: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Log:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(self, wanted: Wanted, page: int, size: int) -> tuple[Sequence[AuditRow], int]:
        """The last first, and how many there are in all."""
        where = _where(wanted)
        query = select(AuditRow).where(where).order_by(AuditRow.id.desc()).offset(page * size).limit(size)
        async with self._db.read() as session:
            total = await session.scalar(select(func.count()).select_from(AuditRow).where(where))
            return (await session.scalars(query)).all(), total or 0

    async def export(self, wanted: Wanted, *, by: str) -> AsyncIterator[Sequence[AuditRow]]:
        """All of it, the last first, in pieces; that somebody took it is noted first."""
        async with self._db.write() as session:
            audit(session, Act.LOG_EXPORTED, actor_id=by)
        below: int | None = None
        while True:
            where = and_(_where(wanted), true() if below is None else AuditRow.id < below)
            query = select(AuditRow).where(where).order_by(AuditRow.id.desc()).limit(_AT_A_TIME)
            async with self._db.read() as session:
                rows = (await session.scalars(query)).all()
            if not rows:
                return
            yield rows
            below = rows[-1].id


def _where(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.act is not None:
        named = AuditRow.act == wanted.act
        conditions.append(or_(named, AuditRow.act.startswith(f"{wanted.act}.", autoescape=True)))
    if wanted.actor is not None:
        conditions.append(AuditRow.actor_id == wanted.actor)
    if wanted.person is not None:
        conditions.append(or_(AuditRow.actor_id == wanted.person, AuditRow.user_id == wanted.person))
    if wanted.workspace is not None:
        conditions.append(AuditRow.workspace_id == wanted.workspace)
    if wanted.since is not None:
        conditions.append(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditRow.at <= wanted.until)
    return and_(*conditions)
