"""Queries on API keys."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.keys.models import ApiKeyRow
from server.identity.models import UserRow


async def by_hash(session: AsyncSession, key_hash: str) -> tuple[UserRow, ApiKeyRow] | None:
    query = (
        select(UserRow, ApiKeyRow)
        .join(ApiKeyRow, ApiKeyRow.user_id == UserRow.id)
        .where(ApiKeyRow.key_hash == key_hash)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def of_user(session: AsyncSession, user_id: str) -> list[ApiKeyRow]:
    query = (
        select(ApiKeyRow)
        .where(ApiKeyRow.user_id == user_id)
        .order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.id)
    )
    return list(await session.scalars(query))


async def count(session: AsyncSession, user_id: str) -> int:
    query = select(func.count()).select_from(ApiKeyRow).where(ApiKeyRow.user_id == user_id)
    return (await session.execute(query)).scalar_one()


async def touch(session: AsyncSession, key_id: str, used: datetime) -> None:
    await session.execute(update(ApiKeyRow).where(ApiKeyRow.id == key_id).values(last_used_at=used))
