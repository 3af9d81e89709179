"""Queries on the groups of a directory."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.models import UserRow
from server.identity.permissions import ROLES, WorkspaceRole
from server.identity.scim.groups.models import GroupMemberRow, GroupRow
from server.identity.scim.groups.schemas import Conditions, Field
from server.identity.scim.models import DirectoryRow
from server.identity.workspaces.models import WorkspaceRow


async def get(session: AsyncSession, group_id: str) -> GroupRow | None:
    row = await session.get(GroupRow, group_id)
    return row if row is not None and row.removed_at is None else None


async def page(
    session: AsyncSession, conditions: Conditions, offset: int, count: int
) -> tuple[Sequence[GroupRow], int]:
    """The oldest first, and how many there are in all."""
    where = and_(
        GroupRow.removed_at.is_(None), *(_condition(field, str(value)) for field, value in conditions)
    )
    total = await session.scalar(select(func.count()).select_from(GroupRow).where(where)) or 0
    if not count:
        return [], total
    query = select(GroupRow).where(where).order_by(GroupRow.created_at, GroupRow.id)
    return (await session.scalars(query.offset(offset).limit(count))).all(), total


async def same(session: AsyncSession, name_key: str, external_id: str | None) -> Sequence[GroupRow]:
    """Those of this name or with what the directory numbers it by, also whom it has removed: those of the
    name first."""
    like = [GroupRow.name_key == name_key]
    if external_id is not None:
        like.append(GroupRow.external_id == external_id)
    query = select(GroupRow).where(or_(*like))
    return (await session.scalars(query.order_by(GroupRow.name_key != name_key, GroupRow.created_at))).all()


async def people(session: AsyncSession, ids: Collection[str]) -> dict[str, set[str]]:
    """Who is in each of these groups."""
    query = select(GroupMemberRow.group_id, GroupMemberRow.user_id).where(GroupMemberRow.group_id.in_(ids))
    found: dict[str, set[str]] = {group_id: set() for group_id in ids}
    for group_id, user_id in await session.execute(query):
        found[group_id].add(user_id)
    return found


async def counts(session: AsyncSession, ids: Collection[str]) -> dict[str, int]:
    query = select(GroupMemberRow.group_id, func.count()).where(GroupMemberRow.group_id.in_(ids))
    return {row[0]: row[1] for row in await session.execute(query.group_by(GroupMemberRow.group_id))}


async def visible(session: AsyncSession, ids: Collection[str]) -> set[str]:
    """Those of these people whom the directory has not removed."""
    query = select(UserRow.id).outerjoin(DirectoryRow).where(UserRow.id.in_(ids))
    return {*await session.scalars(query.where(DirectoryRow.removed_at.is_(None)))}


async def put_out(session: AsyncSession, group_id: str, ids: Collection[str]) -> None:
    where = (GroupMemberRow.group_id == group_id, GroupMemberRow.user_id.in_(ids))
    await session.execute(delete(GroupMemberRow).where(*where))


async def leave_all(session: AsyncSession, user_id: str) -> set[str]:
    """The workspaces that this person was in by a group."""
    query = select(GroupRow.workspace_id).join(GroupMemberRow, GroupMemberRow.group_id == GroupRow.id)
    found = await session.scalars(query.where(GroupMemberRow.user_id == user_id).distinct())
    places = {place for place in found if place is not None}
    await session.execute(delete(GroupMemberRow).where(GroupMemberRow.user_id == user_id))
    return places


async def roles(
    session: AsyncSession, workspace_id: str, ids: Collection[str]
) -> dict[str, WorkspaceRole | None]:
    """What all groups together say that these people are in a workspace: the most of it."""
    query = (
        select(GroupMemberRow.user_id, GroupRow.role)
        .join(GroupRow, GroupRow.id == GroupMemberRow.group_id)
        .where(GroupRow.workspace_id == workspace_id, GroupMemberRow.user_id.in_(ids))
        .distinct()
    )
    said: dict[str, list[WorkspaceRole]] = {user_id: [] for user_id in ids}
    for user_id, role in await session.execute(query):
        said[user_id].append(WorkspaceRole(role))
    return {user_id: min(found, key=ROLES.index, default=None) for user_id, found in said.items()}


async def mapped(
    session: AsyncSession, offset: int, count: int
) -> tuple[list[tuple[GroupRow, str | None]], int]:
    """By name, each with the name of its workspace, and how many there are in all."""
    where = GroupRow.removed_at.is_(None)
    total = await session.scalar(select(func.count()).select_from(GroupRow).where(where)) or 0
    query = select(GroupRow, WorkspaceRow.name).outerjoin(WorkspaceRow).where(where)
    rows = await session.execute(query.order_by(GroupRow.name_key, GroupRow.id).offset(offset).limit(count))
    return [(row[0], row[1]) for row in rows], total


def _condition(field: Field, value: str) -> ColumnElement[bool]:
    match field:
        case Field.DISPLAY_NAME:
            return GroupRow.name_key == value.lower()
        case Field.EXTERNAL_ID:
            return GroupRow.external_id == value
        case Field.ID:
            return GroupRow.id == value
        case Field.MEMBER:
            held = select(GroupMemberRow.group_id).where(GroupMemberRow.user_id == value)
            return GroupRow.id.in_(held)
