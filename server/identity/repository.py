"""Queries on the tables of identity."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.models import SessionRow, UserRow
from server.identity.workspaces.models import MemberRow


async def user_by_email(session: AsyncSession, email: str) -> UserRow | None:
    return (await session.scalars(select(UserRow).where(UserRow.email == email))).one_or_none()


async def users_by_id(session: AsyncSession, user_ids: Collection[str]) -> Sequence[UserRow]:
    return (await session.scalars(select(UserRow).where(UserRow.id.in_(user_ids)))).all()


async def users_named(
    session: AsyncSession, names: Collection[str], workspace_id: str | None, others: Collection[str]
) -> Sequence[UserRow]:
    """By the name or the e-mail address, in lower case: of a workspace's members, and of `others`."""
    named = or_(func.lower(UserRow.username).in_(names), UserRow.email.in_(names))
    members = select(MemberRow.user_id).where(MemberRow.workspace_id == workspace_id)
    among = or_(UserRow.id.in_(members), UserRow.id.in_(others))
    query = select(UserRow).where(named, among).order_by(UserRow.created_at).limit(200)
    return (await session.scalars(query)).all()


async def users(session: AsyncSession) -> list[UserRow]:
    return list(await session.scalars(select(UserRow).order_by(UserRow.created_at, UserRow.email)))


async def session_ids(session: AsyncSession, user_id: str) -> list[str]:
    return list(await session.scalars(select(SessionRow.id).where(SessionRow.user_id == user_id)))
