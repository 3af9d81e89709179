"""Workspaces in the hands of whoever runs the server: found, looked at, given an owner, deleted.

What is recorded in them stays closed to an administrator; only one whose owners are gone is given another.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id
from server.errors import Conflict, NotFound
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.models import UserRow
from server.identity.permissions import WorkspaceRole
from server.identity.workspaces import repository
from server.identity.workspaces.models import MemberRow, WorkspaceRow
from server.identity.workspaces.repository import to_workspace
from server.identity.workspaces.schemas import Kind, Member, Workspace
from server.identity.workspaces.service import no_workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """None leaves open. `text` stands in the name; `orphaned`: nobody who could sign in owns it."""

    text: str | None = None
    kind: Kind | None = None
    orphaned: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """`owners` are the addresses of those who could sign in."""

    workspace: Workspace
    members: int
    owners: Sequence[str]


class WorkspaceAdministration:
    """Whoever calls has checked that `by` is an owner of the server."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(self, wanted: Wanted, page: int, size: int) -> tuple[list[Seen], int]:
        """By name, and how many there are in all."""
        where = _where(wanted)
        query = select(WorkspaceRow).where(where).order_by(WorkspaceRow.name, WorkspaceRow.id)
        async with self._db.read() as session:
            total = await session.scalar(select(func.count()).select_from(WorkspaceRow).where(where))
            rows = (await session.scalars(query.offset(page * size).limit(size))).all()
            return await _seen(session, rows), total or 0

    async def get(self, workspace_id: str) -> tuple[Seen, list[Member]]:
        """With its members. Raises NotFound."""
        async with self._db.read() as session:
            row = await session.get(WorkspaceRow, workspace_id) if is_id(workspace_id) else None
            if row is None:
                raise no_workspace()
            (seen,) = await _seen(session, [row])
            return seen, await repository.members(session, row.id)

    async def names(self, ids: Collection[str]) -> dict[str, str]:
        query = select(WorkspaceRow.id, WorkspaceRow.name).where(WorkspaceRow.id.in_(ids))
        async with self._db.read() as session:
            return {row[0]: row[1] for row in await session.execute(query)}

    async def with_retention(self) -> list[Workspace]:
        """Those that keep recordings for a time only, by name."""
        query = select(WorkspaceRow).where(WorkspaceRow.retention_days.is_not(None))
        async with self._db.read() as session:
            return [to_workspace(row) for row in await session.scalars(query.order_by(WorkspaceRow.name))]

    async def transfer(self, workspace_id: str, to: str, *, by: str) -> None:
        """`to` owns it from now on, and comes in where they were no member.

        Raises NotFound, or Conflict where somebody owns it who could do that themselves.
        """
        async with self._db.write() as session:
            row = await _team(session, workspace_id)
            (seen,) = await _seen(session, [row])
            if seen.owners:
                raise Conflict(
                    f"{', '.join(seen.owners)} can hand it over: an administrator does so only when they are "
                    "gone or disabled.",
                    code="workspace_owned",
                )
            heir = await session.get(UserRow, to) if is_id(to) else None
            if heir is None or heir.disabled_at is not None:
                raise NotFound("There is no such account, or it is disabled.", code="account_not_found")
            for member in await _owners(session, row.id):
                member.role = WorkspaceRole.ADMIN
            held = await repository.member(session, row.id, heir.id)
            if held is None:
                session.add(MemberRow(workspace_id=row.id, user_id=heir.id, role=WorkspaceRole.OWNER))
            else:
                held.role = WorkspaceRole.OWNER
            told = {"actor_id": by, "user_id": heir.id, "workspace_id": row.id}
            audit(session, Act.WORKSPACE_TRANSFERRED, **told)

    async def delete(self, workspace_id: str, *, by: str) -> None:
        """A team's that is empty, as the caller has made sure. Raises NotFound or Conflict."""
        async with self._db.write() as session:
            row = await _team(session, workspace_id)
            audit(session, Act.WORKSPACE_DELETED, actor_id=by, workspace_id=row.id)
            await repository.remove(session, row.id)


async def _team(session: AsyncSession, workspace_id: str) -> WorkspaceRow:
    row = await repository.locked(session, workspace_id) if is_id(workspace_id) else None
    if row is None:
        raise no_workspace()
    if row.personal_of is not None:
        raise Conflict("This is a personal workspace: it goes with its account.", code="personal_workspace")
    return row


async def _owners(session: AsyncSession, workspace_id: str) -> Sequence[MemberRow]:
    query = select(MemberRow).where(
        MemberRow.workspace_id == workspace_id, MemberRow.role == WorkspaceRole.OWNER
    )
    return (await session.scalars(query)).all()


def _active_owners() -> ColumnElement[bool]:
    return and_(MemberRow.role == WorkspaceRole.OWNER, UserRow.disabled_at.is_(None))


def _where(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.text:
        conditions.append(WorkspaceRow.name.icontains(wanted.text, autoescape=True))
    if wanted.kind is not None:
        personal = WorkspaceRow.personal_of.is_not(None)
        conditions.append(personal if wanted.kind is Kind.PERSONAL else ~personal)
    if wanted.orphaned:
        owned = (
            select(MemberRow.workspace_id)
            .join(UserRow, UserRow.id == MemberRow.user_id)
            .where(MemberRow.workspace_id == WorkspaceRow.id, _active_owners())
        )
        conditions.append(~owned.exists())
    return and_(*conditions)


async def _seen(session: AsyncSession, rows: Sequence[WorkspaceRow]) -> list[Seen]:
    ids = [row.id for row in rows]
    counts = select(MemberRow.workspace_id, func.count()).where(MemberRow.workspace_id.in_(ids))
    counted = await session.execute(counts.group_by(MemberRow.workspace_id))
    members = {row[0]: row[1] for row in counted}
    query = (
        select(MemberRow.workspace_id, UserRow.email)
        .join(UserRow, UserRow.id == MemberRow.user_id)
        .where(MemberRow.workspace_id.in_(ids), _active_owners())
        .order_by(UserRow.email)
    )
    owners: dict[str, list[str]] = {}
    for workspace_id, email in await session.execute(query):
        owners.setdefault(workspace_id, []).append(email)
    return [Seen(to_workspace(row), members.get(row.id, 0), owners.get(row.id, [])) for row in rows]
