"""API keys: made for programs, limited to scopes, known here by their hash alone."""

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id, now
from server.errors import Conflict, InvalidRequest, NotFound, Unauthenticated
from server.identity.keys import repository
from server.identity.keys.models import ApiKeyRow
from server.identity.keys.schemas import ApiKey, CreateKeyRequest, UpdateKeyRequest
from server.identity.schemas import Role, User
from server.identity.scopes import Scope
from server.identity.security import SecurityEvent, close_sockets, tell

MOST = 100
TOUCH_EVERY = timedelta(minutes=1)
PREFIX = "loom_"
_SHAPE = re.compile(r"loom_[0-9a-f]{8}_[0-9a-f]{56}")


class ApiKeys:
    def __init__(self, db: Database, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._clock = clock

    async def create(self, user_id: str, wanted: CreateKeyRequest) -> tuple[ApiKey, str]:
        """The key, and its secret for this once."""
        self._check_end(wanted.expires_at)
        raw = secrets.token_hex(32)
        key = f"{PREFIX}{raw[:8]}_{raw[8:]}"
        async with self._db.write(user_id) as session:
            if await repository.count(session, user_id) >= MOST:
                raise Conflict(f"You have {MOST} keys: delete one that is not used.", code="too_many_keys")
            row = ApiKeyRow(
                name=wanted.name,
                key_hash=_digest(key),
                key_prefix=raw[:8],
                user_id=user_id,
                scopes=sorted(wanted.scopes),
                expires_at=wanted.expires_at,
                created_at=self._clock(),
            )
            session.add(row)
            await session.flush()
            _tell(session, SecurityEvent.KEY_CREATED, row)
            return _key(row), key

    async def list(self, user_id: str) -> list[ApiKey]:
        """The newest first."""
        async with self._db.read() as session:
            return [_key(row) for row in await repository.of_user(session, user_id)]

    async def change(self, user_id: str, key_id: str, wanted: UpdateKeyRequest) -> ApiKey:
        """Raises NotFound, also for one of somebody else."""
        given = wanted.model_fields_set
        async with self._db.write(user_id) as session:
            row = await _mine(session, user_id, key_id)
            if wanted.name is not None:
                row.name = wanted.name
            if wanted.scopes is not None:
                row.scopes = sorted(wanted.scopes)
            if wanted.is_active is not None:
                row.is_active = wanted.is_active
            if "expires_at" in given:
                self._check_end(wanted.expires_at)
                row.expires_at = wanted.expires_at
            _tell(session, SecurityEvent.KEY_CHANGED, row)
            if not row.is_active or wanted.scopes is not None:
                close_sockets(session, user_id, row.id)
            return _key(row)

    async def delete(self, user_id: str, key_id: str) -> None:
        """Raises NotFound, also for one of somebody else."""
        async with self._db.write(user_id) as session:
            row = await _mine(session, user_id, key_id)
            _tell(session, SecurityEvent.KEY_DELETED, row)
            close_sockets(session, user_id, row.id)
            await session.delete(row)

    async def user_of(self, key: str) -> User:
        """Whose key it is and what it may do. Raises Unauthenticated with the reason."""
        at = self._clock()
        digest = _digest(key) if _SHAPE.fullmatch(key) else ""
        found = await self._db.fetch(lambda session: repository.by_hash(session, digest)) if digest else None
        if found is None:
            raise _refusal("There is no such API key.", "invalid_key")
        user, row = found
        if user.disabled_at is not None:
            raise _refusal("The account of this API key is disabled.", "account_disabled")
        if not row.is_active:
            raise _refusal("This API key is disabled.", "key_disabled")
        if row.expires_at is not None and row.expires_at <= at:
            raise _refusal("This API key has expired.", "key_expired")
        if row.last_used_at is None or at - row.last_used_at >= TOUCH_EVERY:
            async with self._db.write(user.id) as session:
                await repository.touch(session, row.id, at)
        return User(
            user.id,
            user.email,
            user.username,
            Role(user.role),
            key_id=row.id,
            scopes=_scopes(row.scopes),
            until=row.expires_at,
        )

    def _check_end(self, expires_at: datetime | None) -> None:
        if expires_at is not None and expires_at <= self._clock():
            raise InvalidRequest("The key would have expired already: choose a later `expiresAt`.")


async def _mine(session: AsyncSession, user_id: str, key_id: str) -> ApiKeyRow:
    row = await session.get(ApiKeyRow, key_id) if is_id(key_id) else None
    if row is None or row.user_id != user_id:
        raise NotFound("There is no such API key.", code="key_not_found")
    return row


def _tell(session: AsyncSession, type_: SecurityEvent, row: ApiKeyRow) -> None:
    tell(
        session, type_, row.user_id, keyId=row.id, name=row.name, keyPrefix=row.key_prefix, scopes=row.scopes
    )


def _key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        prefix=row.key_prefix,
        user_id=row.user_id,
        scopes=_scopes(row.scopes),
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
        is_active=row.is_active,
    )


def _scopes(names: list[str]) -> frozenset[Scope]:
    """A scope that this version does not know allows nothing."""
    known = {scope.value for scope in Scope}
    return frozenset(Scope(name) for name in names if name in known)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _refusal(sentence: str, code: str) -> Unauthenticated:
    return Unauthenticated(sentence, code=code, headers={"WWW-Authenticate": "ApiKey"})
