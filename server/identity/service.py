"""Accounts, and the ways in: with a password and a second factor, with a token, with an API key."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.config import Settings
from server.db import Database, now
from server.errors import Conflict, Forbidden, NotFound, Unauthenticated
from server.identity import repository, rules
from server.identity.acts import Act
from server.identity.addresses import checked, folded
from server.identity.audit import audit
from server.identity.keys.service import PREFIX, ApiKeys
from server.identity.lockout.policy import Subject
from server.identity.lockout.service import Lockout
from server.identity.mfa.codes import Seal
from server.identity.mfa.service import SecondFactor
from server.identity.models import UserRow
from server.identity.native.service import NativeSignIn
from server.identity.newcomers import welcome
from server.identity.passkeys.service import Passkeys
from server.identity.passwords import Passwords
from server.identity.schemas import Contact, Role, User
from server.identity.security import SecurityEvent, tell
from server.identity.sessions import signing
from server.identity.sessions.schemas import Device, SignIn
from server.identity.sessions.service import Sessions, end_in, refuse_disabled, user_of
from server.identity.sessions.tokens import Signed, Tokens

# How long after a sign-in a person need not prove once more who they are.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who tries to sign in: from which network address, with which device."""

    address: str
    device: Device


class Identity:
    """`sessions`, `keys`, `factors`, `passkeys` are parts of it, each with its own tables."""

    def __init__(
        self, db: Database, settings: Settings, seal_key: str, *, clock: Callable[[], datetime] = now
    ) -> None:
        """Reads the keys that sign tokens: blocking, but a small file."""
        self._db = db
        self._clock = clock
        self._passwords = Passwords()
        self._token_keys = settings.data / signing.FILE
        self._tokens = Tokens(
            signing.KeyRing(self._token_keys),
            access_s=settings.access_token_s,
            refresh_s=settings.refresh_token_days * 86400,
            clock=clock,
        )
        self.sessions = Sessions(db, self._tokens, clock=clock)
        self.keys = ApiKeys(db, clock=clock)
        self.factors = SecondFactor(db, Seal(seal_key), clock=clock)
        self.lockout = Lockout(db, clock=clock)
        self.native = NativeSignIn(db, self.sessions, clock=clock)
        self.passkeys = Passkeys(db, self.sessions, self.lockout, clock=clock)

    @property
    def access_seconds(self) -> int:
        """How long an access token is valid."""
        return int(self._tokens.access_lifetime.total_seconds())

    @property
    def passwords(self) -> Passwords:
        return self._passwords

    def close(self) -> None:
        self._passwords.close()

    async def new_hash(self, password: str, *, email: str, name: str) -> str:
        """Of a password that will do for this person. Raises InvalidRequest."""
        rules.check(password, email=email, name=name)
        return await self._passwords.hash(password)

    async def end_all(
        self, session: AsyncSession, user_id: str, *, but: str | None = None, by_themselves: bool = True
    ) -> None:
        """Every sign-in of a person but one, in the transaction of `session`."""
        mine = await repository.session_ids(session, user_id)
        ended = [one for one in mine if one != but]
        await end_in(session, user_id, ended, by_themselves=by_themselves)

    async def authenticate(self, shown: str) -> User:
        """Whose access token or API key this is. Raises Unauthenticated."""
        if shown.startswith(PREFIX):
            return await self.keys.user_of(shown)
        return await self.sessions.user_of(shown)

    async def login(self, email: str, password: str, visitor: Visitor) -> SignIn | Signed:
        """A pair of tokens, or a step-up token where a second factor is still owed.

        Raises Unauthenticated (alike for a wrong password and an unknown account) or TooManyRequests.
        """
        email = folded(email)
        row, _ = await self._right_password(email, password, visitor.address)
        if (await self.factors.of(row.id)).required:
            # Slips are forgiven when the code is right too, or the password would buy tries at the code.
            await self.lockout.undo(email, visitor.address)
            return self._tokens.step_up(row.id)
        await self.lockout.succeeded(email, visitor.address)
        return await self.sessions.open(row.id, visitor.device)

    async def login_with_code(self, step_up: str, code: str, visitor: Visitor) -> SignIn:
        """The second half. Raises Unauthenticated (`wrong_code`, or for the token) or TooManyRequests."""
        user = await self._known(await self._tokens.read_step_up(step_up))
        locking = await self.lockout.attempt(user.email, visitor.address)
        await self._right_code(user.id, code, locking)
        await self.lockout.succeeded(user.email, visitor.address)
        return await self.sessions.open(user.id, visitor.device)

    async def prove(self, email: str, password: str, code: str, address: str) -> User:
        """All factors at once, for a page that asks for all; opens no sign-in.

        Raises Unauthenticated (`wrong_credentials`, `mfa_needed`, `wrong_code`) or TooManyRequests.
        """
        email = folded(email)
        row, locking = await self._right_password(email, password, address)
        if (await self.factors.of(row.id)).required:
            if not code:
                await self.lockout.undo(email, address)
                raise _code_needed()
            await self._right_code(row.id, code, locking)
        await self.lockout.succeeded(email, address)
        return user_of(row)

    async def confirm(
        self, user: User, password: str, address: str, *, code: str | None = None, both: bool = False
    ) -> None:
        """Before what a stolen token must not do: the password once more, with `both` also the second factor.

        Raises Unauthenticated (`wrong_credentials`, `mfa_needed`, `wrong_code`) or TooManyRequests.
        """
        _, locking = await self._right_password(user.email, password, address)
        if both and (await self.factors.of(user.id)).required:
            if not code:
                await self.lockout.undo(user.email, address)
                raise _code_needed()
            await self._right_code(user.id, code, locking)
        await self.lockout.succeeded(user.email, address)

    async def reassure(self, user: User, address: str, *, password: str | None, code: str | None) -> None:
        """Before a new way into the account is made: a fresh sign-in, or all factors once more.

        Raises Forbidden (`sign_in_again`) where neither is there, else as `confirm`.
        """
        if password is not None:
            await self.confirm(user, password, address, code=code, both=True)
        elif await self.sessions.age(user) > FRESH:
            raise Forbidden(
                "Enter your password once more, or sign in again: this sign-in is older than ten minutes.",
                code="sign_in_again",
            )

    async def confirm_all(self, user: User, password: str | None, code: str | None, address: str) -> None:
        """Before what cannot be taken back: all that this person has to show. Where the account has no
        password, that is a fresh sign-in.

        Raises Forbidden (`wrong_password`, `mfa_needed`, `wrong_code`, `sign_in_again`), as they are signed
        in all the same, or TooManyRequests.
        """
        if password is None:
            if await self._has_password(user.id):
                raise Forbidden("Enter your password once more.", code="wrong_password")
            await self.reassure(user, address, password=None, code=None)
            return
        try:
            await self.confirm(user, password, address, code=code, both=True)
        except Unauthenticated as refused:
            if refused.code == "wrong_credentials":
                raise Forbidden("The password is wrong.", code="wrong_password") from None
            raise Forbidden(refused.sentence, code=refused.code) from None

    async def change_password(self, user: User, new: str, *, by_themselves: bool = True) -> None:
        """Ends all sign-ins but that of `user`. Raises InvalidRequest for one that will not do."""
        hashed = await self.new_hash(new, email=user.email, name=user.username)
        async with self._db.write(user.id) as session:
            row = await session.get(UserRow, user.id)
            if row is None:
                raise Unauthenticated("This account is gone.")
            row.password_hash = hashed
            tell(session, SecurityEvent.PASSWORD_CHANGED, user.id, by_themselves=by_themselves)
            await self.end_all(session, user.id, but=user.session_id)

    async def reset(self, email: str, password: str, *, remove_factors: bool = False) -> User:
        """A new password by an administrator: ends all sign-ins and the waiting for failed ones.

        Raises InvalidRequest for one that will not do, NotFound for an unknown account.
        """
        email = folded(email)
        async with self._db.read() as session:
            row = await repository.user_by_email(session, email)
        if row is None:
            raise NotFound(f"There is no account for {email}.", code="account_not_found")
        await self.change_password(user_of(row), password, by_themselves=False)
        await self.lockout.forget(email)
        if remove_factors and (await self.factors.of(row.id)).required:
            await self.factors.remove(row.id, by_themselves=False)
        return user_of(row)

    async def add_user(self, email: str, password: str, *, role: Role = Role.MEMBER) -> User:
        """Raises InvalidRequest for an address or a password that will not do, Conflict when it exists."""
        email = checked(email)
        hashed = await self.new_hash(password, email=email, name="")
        async with self._db.write() as session:
            if await repository.user_by_email(session, email):
                raise Conflict(f"There is an account for {email} already.", code="account_exists")
            row = UserRow(email=email, username=email.split("@")[0][:64], password_hash=hashed, role=role)
            await welcome(session, row, how="added")
            return user_of(row)

    async def rotate_keys(self, *, drop_others: bool = False) -> list[signing.SigningKey]:
        """A new key signs tokens from now on. As `signing.rotate`, by an administrator."""
        keep_s = self._tokens.refresh_lifetime.total_seconds()
        async with self._db.write("sign-in") as session:
            keys = await asyncio.to_thread(
                signing.rotate, self._token_keys, keep_s=keep_s, drop_others=drop_others
            )
            told: dict[str, Any] = {"kid": keys[0].kid, "dropOthers": drop_others}
            audit(session, Act.TOKEN_KEY_ROTATED, actor_id=None, **told)
        return keys

    async def users(self) -> list[User]:
        async with self._db.read() as session:
            return [user_of(row) for row in await repository.users(session)]

    async def find(self, user_id: str) -> User | None:
        async with self._db.read() as session:
            row = await session.get(UserRow, user_id)
            return None if row is None else user_of(row)

    async def find_all(self, user_ids: Collection[str]) -> dict[str, User]:
        """Those of them that exist, by id."""
        if not user_ids:
            return {}
        async with self._db.read() as session:
            return {row.id: user_of(row) for row in await repository.users_by_id(session, user_ids)}

    async def contacts(self, user_ids: Collection[str]) -> dict[str, Contact]:
        """Those of them that exist, by id."""
        if not user_ids:
            return {}
        async with self._db.read() as session:
            rows = await repository.users_by_id(session, user_ids)
        return {row.id: Contact(user_of(row), row.time_zone) for row in rows}

    async def named(
        self, names: Collection[str], *, workspace_id: str | None, others: Collection[str]
    ) -> list[User]:
        """Whoever has one of these names or e-mail addresses, which are in lower case.

        Nobody is found but members of the workspace, and `others`, by their ids.
        """
        async with self._db.read() as session:
            found = await repository.users_named(session, names, workspace_id, others)
        return [user_of(row) for row in found]

    async def _has_password(self, user_id: str) -> bool:
        async with self._db.read() as session:
            row = await session.get(UserRow, user_id)
            return row is not None and bool(row.password_hash)

    async def _right_password(self, email: str, password: str, address: str) -> tuple[UserRow, list[Subject]]:
        """The account, and who would be locked out if something else was wrong now."""
        locking = await self.lockout.attempt(email, address)
        async with self._db.read() as session:
            row = await repository.user_by_email(session, email)
        if not await self._passwords.verify(password, row.password_hash if row else None) or row is None:
            await self.lockout.failed(None if row is None else row.id, "password", locking)
            raise Unauthenticated("The e-mail address or the password is wrong.", code="wrong_credentials")
        if row.disabled_at is not None:
            await self.lockout.undo(email, address)
            refuse_disabled(row)
        return row, locking

    async def _right_code(self, user_id: str, code: str, locking: list[Subject]) -> None:
        try:
            await self.factors.check(user_id, code)
        except Unauthenticated:
            await self.lockout.failed(user_id, "code", locking)
            raise

    async def _known(self, user_id: str) -> User:
        user = await self.find(user_id)
        if user is None:
            raise Unauthenticated("This account is gone: sign in anew.")
        return user


def _code_needed() -> Unauthenticated:
    return Unauthenticated("Your authenticator app's code is needed too.", code="mfa_needed")
