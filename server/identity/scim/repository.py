"""Queries on people as a directory knows them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.models import UserRow
from server.identity.scim.models import DirectoryRow
from server.identity.scim.schemas import Conditions, Field

Pair = tuple[UserRow, DirectoryRow | None]


async def get(session: AsyncSession, user_id: str) -> Pair | None:
    found = await session.execute(_pairs().where(UserRow.id == user_id, _visible()))
    return next((_pair(row) for row in found), None)


async def page(
    session: AsyncSession, conditions: Conditions, offset: int, count: int
) -> tuple[list[Pair], int]:
    """The oldest first, and how many there are in all."""
    where = and_(_visible(), *(_condition(field, value) for field, value in conditions))
    counted = select(func.count()).select_from(UserRow).outerjoin(DirectoryRow).where(where)
    total = (await session.execute(counted)).scalar_one()
    if not count:
        return [], total
    query = _pairs().where(where).order_by(UserRow.created_at, UserRow.id).offset(offset).limit(count)
    return [_pair(row) for row in await session.execute(query)], total


async def called(session: AsyncSession, name_key: str, email: str) -> Sequence[Pair]:
    """Whoever has this name or this address, also whom the directory has removed."""
    same = or_(_name() == name_key, UserRow.email == email)
    return [_pair(row) for row in await session.execute(_pairs().where(same))]


def _pair(row: Row[UserRow, DirectoryRow]) -> Pair:
    """The second of an outer join can be missing, which its type does not say."""
    person, named = row
    return person, named


def _name() -> ColumnElement[str]:
    """Somebody whom no directory has named is called by their address, which is in small letters."""
    return func.coalesce(DirectoryRow.name_key, UserRow.email)


def _pairs() -> Select[UserRow, DirectoryRow]:
    return select(UserRow, DirectoryRow).outerjoin(DirectoryRow)


def _visible() -> ColumnElement[bool]:
    return DirectoryRow.removed_at.is_(None)


def _condition(field: Field, value: str | bool) -> ColumnElement[bool]:
    text = str(value)
    match field:
        case Field.USER_NAME:
            return _name() == text.lower()
        case Field.EXTERNAL_ID:
            return DirectoryRow.external_id == text
        case Field.ID:
            return UserRow.id == text
        case Field.EMAIL:
            return UserRow.email == text.lower()
        case Field.ACTIVE:
            return UserRow.disabled_at.is_(None) if value else UserRow.disabled_at.is_not(None)
