"""Queries on sign-ins."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.models import SessionRow, UserRow
from server.identity.sessions.rotation import Family


async def signed_in(
    session: AsyncSession, session_id: str, at: datetime
) -> tuple[UserRow, SessionRow] | None:
    query = (
        select(UserRow, SessionRow)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .where(SessionRow.id == session_id, SessionRow.expires_at > at, UserRow.disabled_at.is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def held(session: AsyncSession, session_id: str) -> tuple[UserRow, SessionRow] | None:
    """The sign-in, for a change: nobody else refreshes it meanwhile."""
    query = (
        select(UserRow, SessionRow)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .where(SessionRow.id == session_id, UserRow.disabled_at.is_(None))
        .with_for_update(of=SessionRow)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def of_user(session: AsyncSession, user_id: str, at: datetime) -> list[SessionRow]:
    query = (
        select(SessionRow)
        .where(SessionRow.user_id == user_id, SessionRow.expires_at > at)
        .order_by(SessionRow.last_used_at.desc(), SessionRow.id)
    )
    return list(await session.scalars(query))


async def touch(session: AsyncSession, session_id: str, generation: int, used: datetime) -> None:
    """Nothing where the sign-in was refreshed meanwhile: its newer tokens have not been seen."""
    await session.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.generation == generation)
        .values(last_used_at=used, seen=True)
    )


async def end(session: AsyncSession, ids: list[str]) -> None:
    await session.execute(delete(SessionRow).where(SessionRow.id.in_(ids)))


async def drop_expired(session: AsyncSession, user_id: str, at: datetime) -> None:
    await session.execute(
        delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.expires_at <= at)
    )


def family_of(row: SessionRow) -> Family:
    return Family(
        row.refresh_hash, row.expires_at, row.parent_hash, row.request_hash, row.seen, row.generation
    )


def keep(row: SessionRow, family: Family) -> None:
    row.refresh_hash, row.expires_at = family.current, family.expires_at
    row.parent_hash, row.request_hash = family.parent, family.request
    row.seen, row.generation = family.seen, family.generation
