"""Accounts and sign-ins. Tokens are opaque and random; the server keeps their SHA-256 only."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from server import outbox
from server.db import Database, now
from server.errors import Conflict, InvalidRequest, Unauthenticated
from server.identity import repository
from server.identity.limits import LoginLimits
from server.identity.models import SessionRow, UserRow
from server.identity.passwords import Passwords
from server.identity.schemas import Role, User

MIN_PASSWORD = 8
# A sign-in in use is prolonged at most this often, so that reading does not write.
TOUCH_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignIn:
    token: str
    expires_at: datetime
    user: User


class Identity:
    def __init__(self, db: Database, *, session_days: int) -> None:
        self._db = db
        self._lifetime = timedelta(days=session_days)
        self._passwords = Passwords()
        self._limits = LoginLimits()

    def close(self) -> None:
        self._passwords.close()

    async def login(self, email: str, password: str, *, address: str) -> SignIn:
        """Raises Unauthenticated (alike for a wrong password and an unknown account) or TooManyRequests."""
        email = _folded(email)
        await self._limits.attempt(email, address)
        async with self._db.read() as session:
            row = await repository.user_by_email(session, email)
        if not await self._passwords.verify(password, row.password_hash if row else None) or row is None:
            raise Unauthenticated("The e-mail address or the password is wrong.", code="wrong_credentials")
        await self._limits.succeeded(email, address)
        return await self._open_session(row)

    async def user_of(self, token: str) -> User | None:
        """Whom a token signs in, or None; using it prolongs it."""
        at = now()
        async with self._db.read() as session:
            found = await repository.signed_in(session, _digest(token), at)
        if found is None:
            return None
        row, sign_in = found
        if at - sign_in.last_used_at > TOUCH_EVERY:
            async with self._db.write(row.id) as session:
                await repository.touch(session, sign_in.id, used=at, expires=at + self._lifetime)
        return _user(row, sign_in.id)

    async def logout(self, user: User) -> None:
        if user.session_id is None:
            return
        async with self._db.write(user.id) as session:
            await repository.end_session(session, user.session_id)
            data = {"sessionId": user.session_id}
            outbox.record(session, "identity.signed_out", recording_id=None, user_id=user.id, data=data)

    async def add_user(self, email: str, password: str, *, role: Role = Role.MEMBER) -> User:
        """Raises InvalidRequest for an address or a password that will not do, Conflict when it exists."""
        email = _checked(email)
        if len(password) < MIN_PASSWORD:
            raise InvalidRequest(f"The password is too short: use at least {MIN_PASSWORD} characters.")
        hashed = await self._passwords.hash(password)
        async with self._db.write() as session:
            if await repository.user_by_email(session, email):
                raise Conflict(f"There is an account for {email} already.", code="account_exists")
            row = UserRow(email=email, username=email.split("@")[0][:64], password_hash=hashed, role=role)
            session.add(row)
            await session.flush()
            return _user(row)

    async def users(self) -> list[User]:
        async with self._db.read() as session:
            return [_user(row) for row in await repository.users(session)]

    async def find(self, user_id: str) -> User | None:
        async with self._db.read() as session:
            row = await session.get(UserRow, user_id)
            return None if row is None else _user(row)

    async def find_all(self, user_ids: Collection[str]) -> dict[str, User]:
        """Those of them that exist, by id."""
        if not user_ids:
            return {}
        async with self._db.read() as session:
            return {row.id: _user(row) for row in await repository.users_by_id(session, user_ids)}

    async def named(self, names: Collection[str]) -> list[User]:
        """Whoever has one of these names or e-mail addresses, which are in lower case."""
        if not names:
            return []
        async with self._db.read() as session:
            return [_user(row) for row in await repository.users_named(session, names)]

    async def _open_session(self, row: UserRow) -> SignIn:
        token = f"hdl_{secrets.token_urlsafe(32)}"
        at = now()
        expires = at + self._lifetime
        async with self._db.write(row.id) as session:
            await repository.drop_expired(session, row.id, at)
            sign_in = SessionRow(user_id=row.id, token_hash=_digest(token), expires_at=expires)
            session.add(sign_in)
            await session.flush()
            return SignIn(token, expires, _user(row, sign_in.id))


def _user(row: UserRow, session_id: str | None = None) -> User:
    return User(row.id, row.email, row.username, Role(row.role), session_id)


def _digest(token: str) -> str:
    # A fast hash is right here: 256 random bits cannot be guessed from their digest.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _folded(email: str) -> str:
    return email.strip().lower()


def _checked(email: str) -> str:
    """Accounts of this machine may end in @localhost; all others are real addresses."""
    email = _folded(email)
    name, _, domain = email.partition("@")
    if domain == "localhost" and name.isascii() and name.replace(".", "").isalnum():
        return email
    try:
        return _folded(validate_email(email, check_deliverability=False, test_environment=True).normalized)
    except EmailNotValidError as problem:
        raise InvalidRequest(f"{email or 'This'} is not an e-mail address: {problem}") from problem
