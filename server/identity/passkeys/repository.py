"""Queries on passkeys."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.passkeys.models import PasskeyRow


async def of_user(session: AsyncSession, user_id: str) -> Sequence[PasskeyRow]:
    """The oldest first."""
    query = select(PasskeyRow).where(PasskeyRow.user_id == user_id)
    return (await session.scalars(query.order_by(PasskeyRow.created_at, PasskeyRow.id))).all()


async def by_credential(session: AsyncSession, credential_hash: str) -> PasskeyRow | None:
    query = select(PasskeyRow).where(PasskeyRow.credential_hash == credential_hash)
    return (await session.scalars(query)).one_or_none()
