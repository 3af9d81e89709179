"""Queries on the tables of workspaces."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import now
from server.identity.models import UserRow
from server.identity.permissions import WorkspaceRole
from server.identity.workspaces.models import InvitationRow, MemberRow, WorkspaceRow
from server.identity.workspaces.schemas import (
    Invitation,
    InvitationState,
    Kind,
    Member,
    Membership,
    Workspace,
)

PERSONAL = "Personal"


async def role(session: AsyncSession, workspace_id: str | None, user_id: str) -> WorkspaceRole | None:
    """None for whoever is no member, and where there is no such workspace."""
    if workspace_id is None:
        return None
    query = select(MemberRow.role).where(MemberRow.workspace_id == workspace_id, MemberRow.user_id == user_id)
    found = await session.scalar(query)
    return None if found is None else WorkspaceRole(found)


async def roles_in(session: AsyncSession, workspace_id: str) -> dict[str, WorkspaceRole]:
    """Of all its members, by the id of the person."""
    query = select(MemberRow.user_id, MemberRow.role).where(MemberRow.workspace_id == workspace_id)
    return {user_id: WorkspaceRole(held) for user_id, held in await session.execute(query)}


async def roles_of(session: AsyncSession, user_id: str) -> dict[str, WorkspaceRole]:
    """Of one person, by the id of the workspace."""
    query = select(MemberRow.workspace_id, MemberRow.role).where(MemberRow.user_id == user_id)
    return {workspace_id: WorkspaceRole(held) for workspace_id, held in await session.execute(query)}


async def locked(session: AsyncSession, workspace_id: str) -> WorkspaceRow | None:
    """Nobody else changes the workspace or its members until this transaction ends."""
    query = select(WorkspaceRow).where(WorkspaceRow.id == workspace_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def personal(session: AsyncSession, user_id: str) -> WorkspaceRow:
    """The person's own, made where it is missing: an account may come from a directory or a test."""
    query = select(WorkspaceRow).where(WorkspaceRow.personal_of == user_id)
    found = (await session.scalars(query)).one_or_none()
    if found is not None:
        return found
    made = WorkspaceRow(name=PERSONAL, personal_of=user_id)
    session.add(made)
    await session.flush()
    session.add(MemberRow(workspace_id=made.id, user_id=user_id, role=WorkspaceRole.OWNER))
    await session.flush()
    return made


async def memberships(session: AsyncSession, user_id: str) -> list[Membership]:
    """The personal one first, then by name."""
    query = (
        select(WorkspaceRow, MemberRow.role)
        .join(MemberRow, MemberRow.workspace_id == WorkspaceRow.id)
        .where(MemberRow.user_id == user_id)
        .order_by(WorkspaceRow.personal_of.is_(None), WorkspaceRow.name, WorkspaceRow.id)
    )
    rows = await session.execute(query)
    return [Membership(to_workspace(row), WorkspaceRole(held)) for row, held in rows]


async def with_retention(session: AsyncSession) -> list[tuple[str, int]]:
    query = select(WorkspaceRow.id, WorkspaceRow.retention_days)
    rows = await session.execute(query.where(WorkspaceRow.retention_days.is_not(None)))
    return [(workspace_id, int(days or 0)) for workspace_id, days in rows]


async def members(session: AsyncSession, workspace_id: str) -> list[Member]:
    query = (
        select(UserRow, MemberRow)
        .join(MemberRow, MemberRow.user_id == UserRow.id)
        .where(MemberRow.workspace_id == workspace_id)
        .order_by(MemberRow.created_at, UserRow.email)
    )
    rows = (await session.execute(query)).all()
    return [
        Member(
            user.id,
            user.email,
            user.username,
            WorkspaceRole(member.role),
            member.created_at,
            member.from_directory,
        )
        for user, member in rows
    ]


async def member(session: AsyncSession, workspace_id: str, user_id: str) -> MemberRow | None:
    return await session.get(MemberRow, (workspace_id, user_id))


async def held_by(session: AsyncSession, workspace_id: str, ids: Collection[str]) -> dict[str, MemberRow]:
    """Those of these people who are members."""
    where = (MemberRow.workspace_id == workspace_id, MemberRow.user_id.in_(ids))
    return {row.user_id: row for row in await session.scalars(select(MemberRow).where(*where))}


async def places(session: AsyncSession, workspace_id: str) -> int:
    """Members, and those who are invited."""
    query = select(func.count()).select_from(MemberRow).where(MemberRow.workspace_id == workspace_id)
    return (await session.scalar(query) or 0) + await count_pending(session, workspace_id, now())


async def count_owners(session: AsyncSession, workspace_id: str) -> int:
    query = select(func.count()).select_from(MemberRow)
    query = query.where(MemberRow.workspace_id == workspace_id, MemberRow.role == WorkspaceRole.OWNER)
    return await session.scalar(query) or 0


async def count_teams(session: AsyncSession, user_id: str) -> int:
    query = (
        select(func.count())
        .select_from(MemberRow)
        .join(WorkspaceRow, WorkspaceRow.id == MemberRow.workspace_id)
        .where(MemberRow.user_id == user_id, WorkspaceRow.personal_of.is_(None))
    )
    return await session.scalar(query) or 0


async def add_team(session: AsyncSession, name: str, user_id: str) -> WorkspaceRow:
    """A team's workspace; this person owns it."""
    row = WorkspaceRow(name=name)
    session.add(row)
    await session.flush()
    session.add(MemberRow(workspace_id=row.id, user_id=user_id, role=WorkspaceRole.OWNER))
    return row


async def remove(session: AsyncSession, workspace_id: str) -> None:
    await session.execute(delete(WorkspaceRow).where(WorkspaceRow.id == workspace_id))


async def invitations(
    session: AsyncSession, *, workspace_id: str | None = None, email: str | None = None
) -> Sequence[tuple[InvitationRow, WorkspaceRow | None]]:
    """Of one workspace, newest first; or those that wait for one address."""
    query = select(InvitationRow, WorkspaceRow).outerjoin(
        WorkspaceRow, WorkspaceRow.id == InvitationRow.workspace_id
    )
    if workspace_id is not None:
        query = query.where(InvitationRow.workspace_id == workspace_id)
    if email is not None:
        waiting = (InvitationRow.state == InvitationState.PENDING, InvitationRow.expires_at > now())
        query = query.where(InvitationRow.email == email, InvitationRow.workspace_id.is_not(None), *waiting)
    rows = await session.execute(query.order_by(InvitationRow.created_at.desc(), InvitationRow.id))
    return [(row[0], row[1]) for row in rows]


async def invitation_by_hash(
    session: AsyncSession, token_hash: str, *, lock: bool = False
) -> InvitationRow | None:
    """With `lock` for an answer, which is given once."""
    query = select(InvitationRow).where(InvitationRow.token_hash == token_hash)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def count_pending(session: AsyncSession, workspace_id: str | None, at: datetime) -> int:
    query = select(func.count()).select_from(InvitationRow)
    query = query.where(_same(workspace_id), InvitationRow.state == InvitationState.PENDING)
    return await session.scalar(query.where(InvitationRow.expires_at > at)) or 0


async def revoke_pending(session: AsyncSession, workspace_id: str | None, email: str) -> None:
    """A new invitation takes the place of the one before."""
    query = update(InvitationRow).where(
        _same(workspace_id), InvitationRow.email == email, InvitationRow.state == InvitationState.PENDING
    )
    await session.execute(query.values(state=InvitationState.REVOKED))


def _same(workspace_id: str | None) -> ColumnElement[bool]:
    if workspace_id is None:
        return InvitationRow.workspace_id.is_(None)
    return InvitationRow.workspace_id == workspace_id


def to_workspace(row: WorkspaceRow) -> Workspace:
    kind = Kind.TEAM if row.personal_of is None else Kind.PERSONAL
    return Workspace(row.id, row.name, kind, row.retention_days, row.created_at)


def to_invitation(row: InvitationRow, workspace: WorkspaceRow | None) -> Invitation:
    state = InvitationState(row.state)
    if state is InvitationState.PENDING and row.expires_at <= now():
        state = InvitationState.EXPIRED
    held = None if workspace is None else to_workspace(workspace)
    return Invitation(row.id, held, row.email, WorkspaceRole(row.role), state, row.created_at, row.expires_at)
