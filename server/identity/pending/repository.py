"""What a sign-in has begun, kept until its answer comes: a challenge, a state, a proof. Each is good once."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.errors import ServerError
from server.identity.pending.models import PendingRow

# Strangers may begin too, so what waits at once is bounded.
MOST = 20_000
# What a transaction on this table is about (see `Database.write`).
ABOUT = "sign-in"


class Purpose(StrEnum):
    NEW_PASSKEY = "new_passkey"
    PASSKEY = "passkey"
    OIDC = "oidc"
    PROOF = "proof"
    # Of a provider: what was used once, as long as it would be good.
    ASSERTION = "assertion"
    # Of a provider: our request to sign somebody out there, or one of its own that was used.
    LOGOUT = "logout"


@dataclass(frozen=True, slots=True)
class Pending:
    """What was begun."""

    user_id: str | None
    data: dict[str, Any] = field(default_factory=dict)


async def put(
    session: AsyncSession, purpose: Purpose, key: bytes, begun: Pending, *, at: datetime, lifetime: timedelta
) -> None:
    """Raises ServerError (503) while too many wait."""
    await session.execute(delete(PendingRow).where(PendingRow.expires_at <= at))
    if (await session.execute(select(func.count()).select_from(PendingRow))).scalar_one() >= MOST:
        raise ServerError(
            "Too many sign-ins wait for their answer: try again in a few minutes.",
            status=503,
            code="unavailable",
            headers={"Retry-After": "60"},
        )
    session.add(
        PendingRow(
            key_hash=_digest(key),
            purpose=purpose,
            user_id=begun.user_id,
            data=begun.data,
            expires_at=at + lifetime,
        )
    )


async def take(session: AsyncSession, purpose: Purpose, key: bytes, *, at: datetime) -> Pending | None:
    """None for what was never begun, was answered already or has waited too long."""
    query = (
        delete(PendingRow)
        .where(PendingRow.key_hash == _digest(key), PendingRow.purpose == purpose)
        .returning(PendingRow.user_id, PendingRow.data, PendingRow.expires_at)
    )
    found = (await session.execute(query)).one_or_none()
    return None if found is None or found.expires_at <= at else Pending(found.user_id, found.data)


async def spend(
    session: AsyncSession, purpose: Purpose, key: bytes, *, at: datetime, until: datetime
) -> bool:
    """Notes that something was used which is good once, and by itself no more after `until`.

    False where it was used before. Transactions about `ABOUT` are alone.
    """
    found = await session.get(PendingRow, _digest(key))
    if found is not None and found.expires_at > at:
        return False
    await put(session, purpose, key, Pending(None), at=at, lifetime=until - at)
    return True


async def forget(session: AsyncSession, purpose: Purpose, user_id: str) -> None:
    """All that this person has begun of a kind."""
    mine = PendingRow.user_id == user_id
    await session.execute(delete(PendingRow).where(mine, PendingRow.purpose == purpose))


def _digest(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()
