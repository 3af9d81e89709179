"""Accounts in the hands of whoever runs the server: found, made, given another role, disabled, helped.

Nothing here shows or sets a password: an administrator has a link sent, and never acts as somebody else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from server.db import Database, is_id, now
from server.errors import Conflict, InvalidRequest, NotFound
from server.identity import events
from server.identity.accounts import letters, repository
from server.identity.accounts.repository import Purpose
from server.identity.acts import Act
from server.identity.addresses import checked, reachable
from server.identity.audit import audit
from server.identity.keys.models import ApiKeyRow
from server.identity.mfa.models import TotpRow
from server.identity.models import SessionRow, UserRow
from server.identity.newcomers import welcome
from server.identity.repository import user_by_email
from server.identity.schemas import Role
from server.identity.security import close_sockets
from server.identity.service import Identity
from server.mail.queue import post


class AccountState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts a list is about; None leaves open. `text` stands in the name or the address."""

    text: str | None = None
    role: Role | None = None
    state: AccountState | None = None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Without a `password` a link to choose one is sent."""

    email: str
    username: str | None
    role: Role
    password: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as whoever runs the server sees it. `seen_at` is of its sign-ins and keys that still are."""

    id: str
    email: str
    username: str
    role: Role
    email_verified: bool
    second_factor: bool
    sign_ins: int
    keys: int
    seen_at: datetime | None
    created_at: datetime
    disabled_at: datetime | None


class Administration:
    """Whoever calls has checked that `by` is an owner of the server."""

    def __init__(self, db: Database, identity: Identity) -> None:
        self._db = db
        self._identity = identity

    async def page(self, wanted: Wanted, page: int, size: int) -> tuple[list[Account], int]:
        """The newest first, and how many there are in all."""
        where = _where(wanted)
        query = select(UserRow).where(where).order_by(UserRow.created_at.desc(), UserRow.id)
        async with self._db.read() as session:
            total = await session.scalar(select(func.count()).select_from(UserRow).where(where))
            rows = (await session.scalars(query.offset(page * size).limit(size))).all()
            return await _accounts(session, rows), total or 0

    async def get(self, user_id: str) -> Account:
        """Raises NotFound."""
        async with self._db.read() as session:
            (found,) = await _accounts(session, [await _person(session, user_id)])
            return found

    async def create(self, wanted: NewAccount, *, by: str, base: str) -> Account:
        """Raises InvalidRequest, or Conflict where there is an account for this address."""
        email = checked(wanted.email)
        if wanted.password is None and not reachable(email):
            raise InvalidRequest("No mail can be sent to this address: give the account a password.")
        username = wanted.username or email.split("@")[0][:64]
        hashed = ""
        if wanted.password is not None:
            hashed = await self._identity.new_hash(wanted.password, email=email, name=username)
        async with self._db.write() as session:
            if await user_by_email(session, email):
                raise Conflict(f"There is an account for {email} already.", code="account_exists")
            row = UserRow(email=email, username=username, password_hash=hashed, role=wanted.role)
            await welcome(session, row, how="added", by=by)
            if wanted.password is None:
                lifetime = timedelta(days=letters.INVITED_DAYS)
                key = repository.add(session, Purpose.RESET, email, lifetime, user_id=row.id)
                post(session, email, letters.invited(base, key))
            (made,) = await _accounts(session, [row])
            return made

    async def set_role(self, user_id: str, role: Role, *, by: str) -> None:
        """Raises Conflict where the server would have no owner any more."""
        async with self._db.write() as session:
            row = await _person(session, user_id)
            if row.role == role:
                return
            if row.role == Role.OWNER:
                await _another_owner(session, row)
            before, row.role = row.role, role
            audit(session, Act.ROLE_CHANGED, actor_id=by, user_id=row.id, before=before, after=role)
            events.updated(session, row)

    async def disable(self, user_id: str, *, by: str) -> None:
        """Sign-ins end at once, keys stop, open sockets close.

        Raises Conflict for oneself and for the last owner of the server.
        """
        async with self._db.write() as session:
            await self.disable_in(session, await _person(session, user_id), by=by)

    async def disable_in(self, session: AsyncSession, row: UserRow, *, by: str) -> None:
        """The same in a transaction, which is alone: the server must keep an owner."""
        if row.id == by:
            raise _yourself()
        if row.disabled_at is not None:
            return
        if row.role == Role.OWNER:
            await _another_owner(session, row)
        row.disabled_at = now()
        await self._identity.end_all(session, row.id, by_themselves=False)
        for key_id in await session.scalars(select(ApiKeyRow.id).where(ApiKeyRow.user_id == row.id)):
            close_sockets(session, row.id, key_id)
        await repository.forget(session, row.id, tuple(Purpose))
        audit(session, Act.USER_DISABLED, actor_id=by, user_id=row.id)
        events.updated(session, row)

    async def enable(self, user_id: str, *, by: str) -> None:
        """They sign in anew; their keys work as before."""
        async with self._db.write() as session:
            enable_in(session, await _person(session, user_id), by=by)

    async def sign_out(self, user_id: str, *, by: str) -> None:
        """On all devices; keys go on working."""
        async with self._db.write() as session:
            row = await _person(session, user_id)
            await self._identity.end_all(session, row.id, by_themselves=False)
            audit(session, Act.USER_SIGNED_OUT, actor_id=by, user_id=row.id)

    async def send_link(self, user_id: str, *, by: str, base: str) -> None:
        """To a new password; those that were sent before are void.

        Raises Conflict where no mail gets there.
        """
        async with self._db.write() as session:
            row = await _person(session, user_id)
            if not reachable(row.email):
                raise Conflict(
                    "No mail can be sent to this address: use heddle-server user password.",
                    code="address_unreachable",
                )
            await repository.forget(session, row.id, (Purpose.RESET,))
            lifetime = timedelta(hours=letters.LINK_HOURS)
            key = repository.add(session, Purpose.RESET, row.email, lifetime, user_id=row.id)
            post(session, row.email, letters.link_sent(base, key))
            audit(session, Act.PASSWORD_LINK_SENT, actor_id=by, user_id=row.id)

    async def remove_second_factor(self, user_id: str, *, by: str) -> None:
        """When its device is lost. Raises Conflict where there is none."""
        await self.get(user_id)
        await self._identity.factors.remove(user_id, by=by)

    def not_yourself(self, user_id: str, *, by: str) -> None:
        """Raises Conflict: what would lock oneself out is done from one's own settings."""
        if user_id == by:
            raise _yourself()


def enable_in(session: AsyncSession, row: UserRow, *, by: str) -> None:
    if row.disabled_at is not None:
        row.disabled_at = None
        audit(session, Act.USER_ENABLED, actor_id=by, user_id=row.id)
        events.updated(session, row)


async def _person(session: AsyncSession, user_id: str) -> UserRow:
    row = await session.get(UserRow, user_id) if is_id(user_id) else None
    if row is None:
        raise NotFound("There is no such account.", code="account_not_found")
    return row


async def _another_owner(session: AsyncSession, row: UserRow) -> None:
    """Raises Conflict where nobody else could administer the server. The caller's transaction is alone."""
    others = (UserRow.role == Role.OWNER, UserRow.id != row.id, UserRow.disabled_at.is_(None))
    if not await session.scalar(select(func.count()).select_from(UserRow).where(*others)):
        raise Conflict(
            "This is the last owner of the server: make somebody else one first.", code="last_owner"
        )


def _yourself() -> Conflict:
    return Conflict("This is your own account: another owner of the server has to do that.", code="yourself")


def _where(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.text:
        texts = (UserRow.email, UserRow.username)
        conditions.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in texts)))
    if wanted.role is not None:
        conditions.append(UserRow.role == wanted.role)
    if wanted.state is not None:
        disabled = UserRow.disabled_at.is_not(None)
        conditions.append(disabled if wanted.state is AccountState.DISABLED else ~disabled)
    return and_(*conditions)


async def _accounts(session: AsyncSession, rows: Sequence[UserRow]) -> list[Account]:
    ids = [row.id for row in rows]
    live = SessionRow.expires_at > now()
    sign_ins = await _used(session, SessionRow.user_id, SessionRow.last_used_at, ids, live)
    keys = await _used(session, ApiKeyRow.user_id, ApiKeyRow.last_used_at, ids, true())
    confirmed = select(TotpRow.user_id).where(TotpRow.user_id.in_(ids), TotpRow.confirmed_at.is_not(None))
    protected = set(await session.scalars(confirmed))
    return [_account(row, sign_ins.get(row.id), keys.get(row.id), row.id in protected) for row in rows]


async def _used(
    session: AsyncSession,
    whose: InstrumentedAttribute[str],
    used_at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    ids: Collection[str],
    where: ColumnElement[bool],
) -> dict[str, tuple[int, datetime | None]]:
    """How many of something each person has, and when the last was used."""
    query = select(whose, func.count(), func.max(used_at)).where(whose.in_(ids), where).group_by(whose)
    return {user_id: (count, used) for user_id, count, used in await session.execute(query)}


def _account(
    row: UserRow,
    sign_ins: tuple[int, datetime | None] | None,
    keys: tuple[int, datetime | None] | None,
    second_factor: bool,
) -> Account:
    seen = [one[1] for one in (sign_ins, keys) if one is not None and one[1] is not None]
    return Account(
        id=row.id,
        email=row.email,
        username=row.username,
        role=Role(row.role),
        email_verified=row.email_verified_at is not None,
        second_factor=second_factor,
        sign_ins=0 if sign_ins is None else sign_ins[0],
        keys=0 if keys is None else keys[0],
        seen_at=max(seen, default=None),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
