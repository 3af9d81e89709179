"""Workspaces and who is in them. A personal one has its person alone, and lasts as long as the account."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id
from server.errors import Conflict, Forbidden, NotFound
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.permissions import Action, WorkspaceRole, may, may_give
from server.identity.workspaces import repository
from server.identity.workspaces.models import MemberRow, WorkspaceRow
from server.identity.workspaces.repository import to_workspace
from server.identity.workspaces.schemas import Member, Membership, Reachable, UpdateWorkspaceRequest
from server.plans.service import NOTHING_SOLD, Plans

MAX_TEAMS = 100  # that one person is in

# How many recordings lie in a workspace, those in the trash included; given by the tier that has them.
CountIn = Callable[[str], Awaitable[int]]


class Workspaces:
    """Methods take who asks first, and answer as the table of permissions says: NotFound to whoever is no
    member, Forbidden to a member whose role does not cover it."""

    def __init__(self, db: Database, *, count_in: CountIn, plans: Plans = NOTHING_SOLD) -> None:
        self._db = db
        self._count_in = count_in
        self.plans = plans

    async def role(self, workspace_id: str | None, user_id: str) -> WorkspaceRole | None:
        return await self._db.fetch(lambda session: repository.role(session, workspace_id, user_id))

    async def roles_in(self, workspace_id: str) -> dict[str, WorkspaceRole]:
        """Of all its members, by the id of the person; for what the server tells by itself."""
        return await self._db.fetch(lambda session: repository.roles_in(session, workspace_id))

    async def roles_of(self, user_id: str) -> dict[str, WorkspaceRole]:
        """Of one person, by the id of the workspace."""
        return await self._db.fetch(lambda session: repository.roles_of(session, user_id))

    async def reach(self, user_id: str, action: Action) -> Reachable:
        """Where this person may do something with recordings: for lists and searches."""
        found = await self.roles_of(user_id)
        everything = frozenset(one for one, role in found.items() if may(role, action))
        own = frozenset(one for one, role in found.items() if may(role, action, own=True))
        return Reachable(everything, own - everything)

    async def retention(self) -> list[tuple[str, int]]:
        """Workspaces that keep recordings for a time only, with the days."""
        async with self._db.read() as session:
            return await repository.with_retention(session)

    async def of(self, user_id: str) -> list[Membership]:
        """The personal one first; it is made where it is missing."""
        async with self._db.read() as session:
            found = await repository.memberships(session, user_id)
        if found and found[0].workspace.kind == "personal":
            return found
        async with self._db.write() as session:
            await repository.personal(session, user_id)
            return await repository.memberships(session, user_id)

    async def get(
        self, user_id: str, workspace_id: str, action: Action = Action.WORKSPACE_VIEW
    ) -> Membership:
        """The workspace, if `action` is covered there."""
        async with self._db.read() as session:
            row = await session.get(WorkspaceRow, workspace_id) if is_id(workspace_id) else None
            role = None if row is None else await repository.role(session, row.id, user_id)
            return _membership(row, role, action)

    async def create(self, user_id: str, name: str) -> Membership:
        """A team's; whoever makes it owns it."""
        async with self._db.write() as session:
            if await repository.count_teams(session, user_id) >= MAX_TEAMS:
                raise Conflict(f"One person can be in {MAX_TEAMS} teams.", code="too_many_workspaces")
            row = await repository.add_team(session, name, user_id)
            audit(session, Act.WORKSPACE_CREATED, actor_id=user_id, workspace_id=row.id)
            return Membership(to_workspace(row), WorkspaceRole.OWNER)

    async def update(self, user_id: str, workspace_id: str, request: UpdateWorkspaceRequest) -> Membership:
        async with self._changing(user_id, workspace_id, Action.WORKSPACE_EDIT) as (session, row, held):
            if request.name is not None:
                row.name = request.name
            if "retention_days" in request.model_fields_set and row.retention_days != request.retention_days:
                row.retention_days = request.retention_days
                audit(
                    session,
                    Act.RETENTION_CHANGED,
                    actor_id=user_id,
                    workspace_id=row.id,
                    days=request.retention_days,
                )
            return Membership(to_workspace(row), held)

    async def delete(self, user_id: str, workspace_id: str) -> None:
        """Raises Conflict while recordings lie in it: nobody loses them by accident."""
        await self.get(user_id, workspace_id, Action.WORKSPACE_DELETE)
        count = await self._count_in(workspace_id)
        if count:
            raise Conflict(
                f"{count} recordings are in this workspace, or in its trash: move or delete them first.",
                code="workspace_not_empty",
                details={"recordings": count},
            )
        async with self._changing(user_id, workspace_id, Action.WORKSPACE_DELETE) as (session, row, _):
            _team(row)
            audit(session, Act.WORKSPACE_DELETED, actor_id=user_id, workspace_id=row.id)
            await repository.remove(session, row.id)

    async def members(self, user_id: str, workspace_id: str) -> list[Member]:
        await self.get(user_id, workspace_id)
        async with self._db.read() as session:
            return await repository.members(session, workspace_id)

    async def set_role(self, user_id: str, workspace_id: str, whose: str, given: WorkspaceRole) -> None:
        """Raises Conflict where the last owner would be one no more."""
        async with self._changing(user_id, workspace_id, Action.MEMBERS_MANAGE) as (session, row, held):
            member = await _member(session, row, whose)
            before = WorkspaceRole(member.role)
            if before is given:
                return
            if not may_give(held, given) or not may_give(held, before):
                raise _not_yours()
            if before is WorkspaceRole.OWNER:
                await _another_owner(session, row)
            member.role = given
            audit(
                session,
                Act.MEMBER_ROLE_CHANGED,
                actor_id=user_id,
                user_id=whose,
                workspace_id=row.id,
                before=before,
                after=given,
            )

    async def remove(self, user_id: str, workspace_id: str, whose: str) -> None:
        """Somebody else, which a role must cover; or oneself, which is leaving."""
        needed = Action.WORKSPACE_VIEW if whose == user_id else Action.MEMBERS_MANAGE
        async with self._changing(user_id, workspace_id, needed) as (session, row, held):
            _team(row)
            member = await _member(session, row, whose)
            if whose != user_id and not may_give(held, WorkspaceRole(member.role)):
                raise _not_yours()
            if member.role == WorkspaceRole.OWNER:
                await _another_owner(session, row)
            await session.delete(member)
            act = Act.MEMBER_LEFT if whose == user_id else Act.MEMBER_REMOVED
            audit(session, act, actor_id=user_id, user_id=whose, workspace_id=row.id)

    async def transfer(self, user_id: str, workspace_id: str, to: str) -> None:
        """Another member owns it from now on; whoever gave it stays as its administrator."""
        async with self._changing(user_id, workspace_id, Action.WORKSPACE_TRANSFER) as (session, row, _):
            _team(row)
            member = await _member(session, row, to)
            if to == user_id:
                raise Conflict("This workspace is yours already.", code="already_owner")
            member.role = WorkspaceRole.OWNER
            (await _member(session, row, user_id)).role = WorkspaceRole.ADMIN
            audit(session, Act.WORKSPACE_TRANSFERRED, actor_id=user_id, user_id=to, workspace_id=row.id)

    @asynccontextmanager
    async def _changing(
        self, user_id: str, workspace_id: str, action: Action
    ) -> AsyncIterator[tuple[AsyncSession, WorkspaceRow, WorkspaceRole]]:
        """The workspace, held: its members stay who they are until the end."""
        async with self._db.write() as session:
            row = await repository.locked(session, workspace_id) if is_id(workspace_id) else None
            held = None if row is None else await repository.role(session, row.id, user_id)
            membership = _membership(row, held, action)
            assert row is not None  # noqa: S101 (what `_membership` has made sure of)
            yield session, row, membership.role


def no_workspace() -> NotFound:
    return NotFound("There is no such workspace.", code="workspace_not_found")


def _membership(row: WorkspaceRow | None, role: WorkspaceRole | None, action: Action) -> Membership:
    if row is None or role is None:
        raise no_workspace()
    if not may(role, action):
        raise Forbidden(f"Your role in this workspace ({role}) does not cover this.", code="role_too_low")
    return Membership(to_workspace(row), role)


def _team(row: WorkspaceRow) -> None:
    if row.personal_of is not None:
        raise Conflict(
            "This is a personal workspace: it has one member, for good.", code="personal_workspace"
        )


async def _member(session: AsyncSession, row: WorkspaceRow, user_id: str) -> MemberRow:
    member = await repository.member(session, row.id, user_id) if is_id(user_id) else None
    if member is None:
        raise NotFound("This workspace has no such member.", code="member_not_found")
    return member


async def _another_owner(session: AsyncSession, row: WorkspaceRow) -> None:
    _team(row)
    if await repository.count_owners(session, row.id) < 2:
        raise Conflict(
            "This is the last owner: make somebody else one first.",
            code="last_owner",
        )


def _not_yours() -> Forbidden:
    return Forbidden("Only an owner makes or unmakes an owner.", code="role_too_low")
