"""Queries on the keys that travel in mails."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import now
from server.identity import mail_keys
from server.identity.accounts.models import KeyRow


class Purpose(StrEnum):
    REGISTER = "register"
    VERIFY = "verify"
    RESET = "reset"
    CHANGE_OLD = "change_old"
    CHANGE_NEW = "change_new"


CHANGES = (Purpose.CHANGE_OLD, Purpose.CHANGE_NEW)


def add(
    session: AsyncSession,
    purpose: Purpose,
    email: str,
    lifetime: timedelta,
    *,
    user_id: str | None = None,
    username: str | None = None,
    password_hash: str | None = None,
) -> str:
    """The key, which is kept nowhere."""
    key, kept = mail_keys.new_key()
    session.add(
        KeyRow(
            purpose=purpose,
            token_hash=kept,
            user_id=user_id,
            email=email,
            username=username,
            password_hash=password_hash,
            expires_at=now() + lifetime,
        )
    )
    return key


async def find(
    session: AsyncSession, key: str, purposes: Collection[Purpose], *, lock: bool
) -> KeyRow | None:
    """None for a key that is unknown, used or too old.

    With `lock` it is held until the transaction ends, which uses it: a key is good once.
    """
    query = select(KeyRow).where(
        KeyRow.token_hash == mail_keys.digest(key), KeyRow.purpose.in_(purposes), KeyRow.expires_at > now()
    )
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def waiting(session: AsyncSession, user_id: str, purposes: Collection[Purpose]) -> list[KeyRow]:
    query = select(KeyRow).where(KeyRow.user_id == user_id, KeyRow.purpose.in_(purposes))
    return list(await session.scalars(query.where(KeyRow.expires_at > now())))


async def forget(session: AsyncSession, user_id: str, purposes: Collection[Purpose]) -> None:
    await session.execute(delete(KeyRow).where(KeyRow.user_id == user_id, KeyRow.purpose.in_(purposes)))


async def forget_registrations(session: AsyncSession, email: str) -> None:
    query = delete(KeyRow).where(KeyRow.email == email, KeyRow.purpose == Purpose.REGISTER)
    await session.execute(query)


async def forget_expired(session: AsyncSession) -> None:
    await session.execute(delete(KeyRow).where(KeyRow.expires_at <= now()))
