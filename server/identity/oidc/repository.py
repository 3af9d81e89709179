"""Queries on accounts elsewhere."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.oidc.models import IdentityRow


async def find(session: AsyncSession, issuer: str, subject: str) -> IdentityRow | None:
    query = select(IdentityRow).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)
    return (await session.scalars(query)).one_or_none()


async def of_user(session: AsyncSession, user_id: str) -> Sequence[IdentityRow]:
    """The oldest first."""
    query = select(IdentityRow).where(IdentityRow.user_id == user_id)
    return (await session.scalars(query.order_by(IdentityRow.created_at, IdentityRow.id))).all()
