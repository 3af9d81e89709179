"""Queries on the tables of identity."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.models import SessionRow, UserRow


async def user_by_email(session: AsyncSession, email: str) -> UserRow | None:
    return (await session.scalars(select(UserRow).where(UserRow.email == email))).one_or_none()


async def users_by_id(session: AsyncSession, user_ids: Collection[str]) -> Sequence[UserRow]:
    return (await session.scalars(select(UserRow).where(UserRow.id.in_(user_ids)))).all()


async def users_named(session: AsyncSession, names: Collection[str]) -> Sequence[UserRow]:
    """By the name or the e-mail address, in lower case."""
    named = or_(func.lower(UserRow.username).in_(names), UserRow.email.in_(names))
    return (await session.scalars(select(UserRow).where(named).order_by(UserRow.created_at).limit(200))).all()


async def users(session: AsyncSession) -> list[UserRow]:
    return list(await session.scalars(select(UserRow).order_by(UserRow.created_at, UserRow.email)))


async def signed_in(
    session: AsyncSession, token_hash: str, at: datetime
) -> tuple[UserRow, SessionRow] | None:
    query = (
        select(UserRow, SessionRow)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .where(SessionRow.token_hash == token_hash, SessionRow.expires_at > at)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def touch(session: AsyncSession, session_id: str, *, used: datetime, expires: datetime) -> None:
    values = {"last_used_at": used, "expires_at": expires}
    await session.execute(update(SessionRow).where(SessionRow.id == session_id).values(values))


async def end_session(session: AsyncSession, session_id: str) -> None:
    await session.execute(delete(SessionRow).where(SessionRow.id == session_id))


async def drop_expired(session: AsyncSession, user_id: str, at: datetime) -> None:
    await session.execute(
        delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.expires_at <= at)
    )
