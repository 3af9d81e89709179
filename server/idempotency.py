"""`Idempotency-Key` on creations: the same request sent twice makes one thing.

The key is noted in the transaction that makes the thing, so neither a crash nor a race leaves one without the
other. What is kept is the thing's id, never an answer: answers can hold what is shown only once. A repeated
request is answered with the thing as it is now.

A route reads the header with `once_of`, the service calls `claim` with the id it is about to use::

    made = await idempotency.claim(session, once, comment_id := new_id())
    if made != comment_id:
        return await self._get(session, made)
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from starlette.requests import Request

from server.db import Base, Id, Moment, new_id, now
from server.errors import InvalidRequest, ServerError

KEPT = timedelta(hours=24)
# Long enough that nobody guesses the key of somebody else; a UUID has 36 characters.
_KEY = re.compile(r"[\x21-\x7e]{16,255}")


class IdempotencyRow(Base):
    """One key of one caller. Only digests: a key may be all that protects an answer."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("caller", "key_hash"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    caller: Mapped[str] = mapped_column(String(64))
    key_hash: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    # What was made; no foreign key, for it may be anything, and gone since.
    resource_id: Mapped[str] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class KeyReused(ServerError):
    """The key came with another request before."""

    status, code = 422, "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Once:
    """A request that shall count once: digests of who sent it, of its key and of what it says."""

    caller: str
    key_hash: str
    request_hash: str


async def once_of(request: Request, caller: str) -> Once | None:
    """What the `Idempotency-Key` of a request says; None without one. Raises InvalidRequest.

    `caller` is whose key it is: the id of an account, or what stands for a guest.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidRequest(
            "The Idempotency-Key is not valid: it has 16 to 255 visible characters, such as a new UUID."
        )
    said = b"\0".join((request.method.encode(), request.url.path.encode(), await request.body()))
    return Once(_digest(caller.encode()), _digest(key.encode()), _digest(said))


async def claim(session: AsyncSession, once: Once | None, resource_id: str) -> str:
    """The id of what this request makes: `resource_id`, or that of the thing it made the first time.

    Raises KeyReused. Keys are forgotten after a day.
    """
    if once is None:
        return resource_id
    known = await _known(session, once)
    if known is None:
        await session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < now() - KEPT))
        row = IdempotencyRow(
            caller=once.caller,
            key_hash=once.key_hash,
            request_hash=once.request_hash,
            resource_id=resource_id,
        )
        try:
            async with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another server was faster, between our look and our note
            known = await _known(session, once)
    if known is None:
        return resource_id
    if known.request_hash != once.request_hash:
        raise KeyReused("This Idempotency-Key was sent with another request before: use a new one for each.")
    return known.resource_id


async def _known(session: AsyncSession, once: Once) -> IdempotencyRow | None:
    query = select(IdempotencyRow).where(
        IdempotencyRow.caller == once.caller,
        IdempotencyRow.key_hash == once.key_hash,
        IdempotencyRow.created_at >= now() - KEPT,
    )
    return (await session.scalars(query)).one_or_none()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
