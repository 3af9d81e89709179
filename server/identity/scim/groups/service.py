"""Groups of a directory: found, made, changed, taken away, and led into a workspace.

A group that is made gets a team's workspace of its name, which the person of the directory's key owns, and
whoever is in the group is in there, as the group's role says. Whoever may administer another workspace may
lead the group into that one. What was recorded in a workspace stays in it, whoever comes and goes.
"""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id, now
from server.errors import Conflict, Forbidden, InvalidRequest, NotFound
from server.identity.acts import Act
from server.identity.addresses import folded
from server.identity.audit import audit
from server.identity.permissions import Action, WorkspaceRole, may
from server.identity.scim.groups import repository
from server.identity.scim.groups.models import GroupMemberRow, GroupRow
from server.identity.scim.groups.schemas import Conditions, Entry, Mapped, Wanted
from server.identity.workspaces import directory as members
from server.identity.workspaces import repository as workspaces
from server.identity.workspaces.models import WorkspaceRow
from server.identity.workspaces.service import no_workspace
from server.plans.service import Plans

# Of one group.
MOST = 5000
LONGEST_WORKSPACE = 100
# What is to become of a group, from what it is. It may take a while, so a thread does it.
Edit = Callable[[Entry], Wanted]


class Groups:
    """Whoever calls has checked that `by` may keep all accounts."""

    def __init__(self, db: Database, plans: Plans, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._plans = plans
        self._clock = clock

    async def page(
        self, conditions: Conditions, offset: int, count: int, *, people: bool = True
    ) -> tuple[list[Entry], int]:
        """The oldest first, and how many there are in all; with `people`, who is in them."""
        async with self._db.read() as session:
            found, total = await repository.page(session, conditions, offset, count)
            held = await repository.people(session, [row.id for row in found]) if people else {}
            return [_entry(row, held.get(row.id)) for row in found], total

    async def get(self, group_id: str, *, people: bool = True) -> Entry:
        """Raises NotFound."""
        async with self._db.read() as session:
            row = await _known(session, group_id)
            return await _shown(session, row) if people else _entry(row, None)

    async def create(self, wanted: Wanted, *, by: str) -> Entry:
        """One that the directory has removed comes back, and leads where it led.

        Raises Conflict for one that is there, InvalidRequest for somebody who is not.
        """
        async with self._db.write() as session:
            found = await repository.same(session, folded(wanted.display), wanted.external_id)
            if any(row.removed_at is None for row in found):
                raise _taken(wanted)
            row = found[0] if found else GroupRow(role=WorkspaceRole.MEMBER)
            if row.workspace_id is None:
                row.workspace_id = await _make_workspace(session, wanted.display, by)
            return await self._write(session, row, wanted, by=by, act=Act.GROUP_CREATED)

    async def change(self, group_id: str, edit: Edit, *, by: str) -> Entry:
        """As `create`; and NotFound."""
        async with self._db.write() as session:
            row = await _known(session, group_id)
            wanted = await asyncio.to_thread(edit, await _shown(session, row))
            for one in await repository.same(session, folded(wanted.display), wanted.external_id):
                if one.id != row.id and one.removed_at is None:
                    raise _taken(wanted)
            return await self._write(session, row, wanted, by=by, act=Act.GROUP_CHANGED)

    async def remove(self, group_id: str, *, by: str) -> None:
        """Whoever was in its workspace by it alone is out; the workspace stays. Raises NotFound."""
        async with self._db.write() as session:
            row = await _known(session, group_id)
            held = (await repository.people(session, [row.id]))[row.id]
            await repository.put_out(session, row.id, held)
            await self._settle(session, row.workspace_id, held, by=by)
            row.updated_at = row.removed_at = self._clock()
            _audit(session, Act.GROUP_REMOVED, row, by)

    async def remove_person(self, session: AsyncSession, user_id: str, *, by: str) -> None:
        """Out of all groups, within a transaction."""
        for place in await repository.leave_all(session, user_id):
            await self._settle(session, place, [user_id], by=by)

    async def mapped(self, offset: int, count: int) -> tuple[list[Mapped], int]:
        """By name, and how many there are in all."""
        async with self._db.read() as session:
            found, total = await repository.mapped(session, offset, count)
            counted = await repository.counts(session, [row.id for row, _ in found])
            return [_mapped(row, name, counted.get(row.id, 0)) for row, name in found], total

    async def lead(self, group_id: str, workspace_id: str | None, role: WorkspaceRole, *, by: str) -> Mapped:
        """Its members are in this workspace with this role from now on, and no more by it where they were.

        Raises NotFound, Conflict for a personal workspace, and Forbidden where `by` could not put anybody
        in there by hand.
        """
        async with self._db.write() as session:
            row = await _known(session, group_id)
            place = None if workspace_id is None else await _team(session, workspace_id, by)
            held = (await repository.people(session, [row.id]))[row.id]
            before = row.workspace_id
            row.workspace_id, row.role = workspace_id, role
            await session.flush()
            for one in {before, workspace_id}:
                await self._settle(session, one, held, by=by)
            _audit(session, Act.GROUP_MAPPED, row, by, role=role)
            return _mapped(row, None if place is None else place.name, len(held))

    async def _write(
        self, session: AsyncSession, row: GroupRow, wanted: Wanted, *, by: str, act: Act
    ) -> Entry:
        if len(wanted.members) > MOST:
            raise InvalidRequest(f"A group here has at most {MOST} members.")
        changed = [name for name in ("display", "external_id") if getattr(row, name) != getattr(wanted, name)]
        if row.workspace_id is not None and act is Act.GROUP_CHANGED:
            await _rename(session, row.workspace_id, row.display, wanted.display)
        row.display, row.name_key = wanted.display, folded(wanted.display)
        row.external_id, row.removed_at, row.updated_at = wanted.external_id, None, self._clock()
        session.add(row)
        await session.flush()
        moved = await _move(session, row.id, wanted.members)
        await self._settle(session, row.workspace_id, moved, by=by)
        if act is Act.GROUP_CREATED or changed:
            _audit(session, act, row, by, **({} if act is Act.GROUP_CREATED else {"fields": changed}))
        return await _shown(session, row)

    async def _settle(
        self, session: AsyncSession, workspace_id: str | None, ids: Collection[str], *, by: str
    ) -> None:
        if workspace_id is not None and ids:
            wanted = await repository.roles(session, workspace_id, ids)
            await members.keep(session, self._plans, workspace_id, wanted, by=by)


async def _known(session: AsyncSession, group_id: str) -> GroupRow:
    found = await repository.get(session, group_id) if is_id(group_id) else None
    if found is None:
        raise NotFound("There is no such group.", code="group_not_found")
    return found


async def _move(session: AsyncSession, group_id: str, ids: frozenset[str]) -> frozenset[str]:
    """Whoever came or went. Raises InvalidRequest."""
    before = (await repository.people(session, [group_id]))[group_id]
    new, gone = ids - before, before - ids
    unknown = new - await repository.visible(session, {one for one in new if is_id(one)})
    if unknown:
        raise InvalidRequest(f"Nobody here has the id {min(unknown)[:40]!r}: groups are of people here.")
    session.add_all(GroupMemberRow(group_id=group_id, user_id=user_id) for user_id in new)
    await session.flush()
    await repository.put_out(session, group_id, gone)
    return new | gone


async def _make_workspace(session: AsyncSession, name: str, by: str) -> str:
    made = await workspaces.add_team(session, name[:LONGEST_WORKSPACE], by)
    audit(session, Act.WORKSPACE_CREATED, actor_id=by, workspace_id=made.id)
    return made.id


async def _rename(session: AsyncSession, workspace_id: str, before: str, after: str) -> None:
    """The workspace goes by the group's name until its people call it otherwise."""
    row = await workspaces.locked(session, workspace_id)
    if row is not None and row.name == before[:LONGEST_WORKSPACE]:
        row.name = after[:LONGEST_WORKSPACE]


async def _team(session: AsyncSession, workspace_id: str, by: str) -> WorkspaceRow:
    row = await workspaces.locked(session, workspace_id) if is_id(workspace_id) else None
    held = None if row is None else await workspaces.role(session, row.id, by)
    if row is None or held is None:
        raise no_workspace()
    if not may(held, Action.MEMBERS_MANAGE):
        raise Forbidden(f"Your role in this workspace ({held}) does not cover this.", code="role_too_low")
    if row.personal_of is not None:
        raise Conflict("A personal workspace is for one: make a team's.", code="personal_workspace")
    return row


async def _shown(session: AsyncSession, row: GroupRow) -> Entry:
    return _entry(row, (await repository.people(session, [row.id]))[row.id])


def _entry(row: GroupRow, people: Collection[str] | None) -> Entry:
    return Entry(
        id=row.id,
        display=row.display,
        external_id=row.external_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        people=people,
    )


def _mapped(row: GroupRow, workspace_name: str | None, count: int) -> Mapped:
    return Mapped(
        id=row.id,
        display=row.display,
        external_id=row.external_id,
        members=count,
        workspace_id=row.workspace_id,
        workspace_name=workspace_name,
        role=WorkspaceRole(row.role),
    )


def _audit(session: AsyncSession, act: Act, row: GroupRow, by: str, **details: Any) -> None:
    told = {"groupId": row.id, "name": row.display, **details}
    audit(session, act, actor_id=by, workspace_id=row.workspace_id, **told)


def _taken(wanted: Wanted) -> Conflict:
    return Conflict(f"There is a group {wanted.display} already.", code="group_exists")
