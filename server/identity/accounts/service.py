"""An account in the hands of its person: profile, password by mail, another address."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, now
from server.errors import Conflict, InvalidRequest, NotFound
from server.identity import events
from server.identity.accounts import letters, repository
from server.identity.accounts.limits import Limits
from server.identity.accounts.registration import no_key
from server.identity.accounts.repository import CHANGES, Purpose
from server.identity.accounts.schemas import ChangeEmailRequest, UpdateProfileRequest
from server.identity.acts import Act
from server.identity.addresses import checked, folded, reachable
from server.identity.audit import audit
from server.identity.models import UserRow
from server.identity.repository import user_by_email
from server.identity.schemas import User
from server.identity.service import Identity
from server.mail.queue import post


class Accounts:
    def __init__(self, db: Database, identity: Identity, limits: Limits) -> None:
        self._db = db
        self._identity = identity
        self._limits = limits

    async def profile(self, user_id: str) -> UserRow:
        async with self._db.read() as session:
            return await _person(session, user_id)

    async def update(self, user_id: str, request: UpdateProfileRequest) -> UserRow:
        async with self._db.write() as session:
            row = await _person(session, user_id)
            given = request.model_dump(exclude_unset=True)
            if given.get("username", row.username) is None:
                del given["username"]
            for name, value in given.items():
                setattr(row, name, value)
            if given:
                events.updated(session, row)
            return row

    async def set_avatar(self, user_id: str, name: str | None) -> str | None:
        """The name of the picture before, which nothing leads to any more."""
        async with self._db.write() as session:
            row = await _person(session, user_id)
            before, row.avatar = row.avatar, name
            events.updated(session, row)
            return before

    async def send_verification(self, user_id: str, *, base: str, address: str) -> None:
        """Nothing is sent where the address is known to be theirs. Raises InvalidRequest, TooManyRequests."""
        await self._limits.asked(address)
        async with self._db.write() as session:
            row = await _person(session, user_id)
            if not reachable(row.email):
                raise InvalidRequest("No mail can be sent to this address: change it first.")
            if row.email_verified_at is not None or not await self._limits.may_mail(row.email):
                return
            await repository.forget(session, user_id, (Purpose.VERIFY,))
            lifetime = timedelta(hours=letters.VERIFY_HOURS)
            key = repository.add(session, Purpose.VERIFY, row.email, lifetime, user_id=user_id)
            post(session, row.email, letters.verify(base, key))

    async def forgot(self, email: str, *, base: str, address: str) -> None:
        """Has a link sent, if there is such an account; nobody can tell from here. Raises TooManyRequests."""
        await self._limits.asked(address)
        email = folded(email)
        may_mail = await self._limits.may_mail(email)
        async with self._db.write() as session:
            row = await user_by_email(session, email)
            # The same work for an unknown address, undone at the end: how long it takes tells nothing either.
            whose = None if row is None else row.id
            if whose is not None:
                await repository.forget(session, whose, (Purpose.RESET,))
            lifetime = timedelta(minutes=letters.RESET_MINUTES)
            key = repository.add(session, Purpose.RESET, email[:254], lifetime, user_id=whose)
            post(session, email[:254], letters.reset(base, key))
            if row is None or not may_mail or not reachable(email):
                await session.flush()
                await session.rollback()
                return
            audit(session, Act.PASSWORD_RESET_ASKED, actor_id=None, user_id=row.id)

    async def reset(self, key: str, password: str, *, base: str, address: str) -> None:
        """A new password; every device is signed out. Raises NotFound or InvalidRequest."""
        await self._limits.asked(address)
        async with self._db.read() as session:
            held = await repository.find(session, key, (Purpose.RESET,), lock=False)
            person = (
                None if held is None or held.user_id is None else await session.get(UserRow, held.user_id)
            )
        if person is None:
            raise no_key()
        hashed = await self._identity.new_hash(password, email=person.email, name=person.username)
        async with self._db.write() as session:
            held = await repository.find(session, key, (Purpose.RESET,), lock=True)
            row = None if held is None else await session.get(UserRow, held.user_id)
            if held is None or row is None or row.email != held.email:
                raise no_key()
            row.password_hash = hashed
            row.email_verified_at = row.email_verified_at or now()
            await repository.forget(session, row.id, (Purpose.RESET, *CHANGES))
            await self._identity.end_all(session, row.id)
            post(session, row.email, letters.password_changed(base))
            audit(session, Act.PASSWORD_RESET, actor_id=row.id, user_id=row.id)

    async def ask_for_email(
        self, user: User, request: ChangeEmailRequest, *, base: str, address: str
    ) -> None:
        """The new address confirms it, and the present one too where it is known to be theirs.

        Raises Forbidden (`Identity.confirm_all`), InvalidRequest, TooManyRequests.
        """
        await self._limits.asked(address)
        await self._limits.tried(user.id)
        email = checked(request.email)
        if email == user.email or not reachable(email):
            raise InvalidRequest("Name another address, one that mail can be sent to.")
        await self._identity.confirm_all(user, request.password, request.code, address)
        if not await self._limits.may_mail(email):
            return
        async with self._db.write() as session:
            row = await _person(session, user.id)
            await repository.forget(session, user.id, CHANGES)
            if await user_by_email(session, email):
                post(session, email, letters.taken(base))
                return
            lifetime = timedelta(hours=letters.CHANGE_HOURS)
            key = repository.add(session, Purpose.CHANGE_NEW, email, lifetime, user_id=user.id)
            post(session, email, letters.confirm_new(base, key, row.username))
            if row.email_verified_at is not None:
                key = repository.add(session, Purpose.CHANGE_OLD, email, lifetime, user_id=user.id)
                post(session, row.email, letters.confirm_old(base, key, email))
            elif reachable(row.email):
                post(session, row.email, letters.about_to_change(base, email))
            audit(session, Act.EMAIL_CHANGE_ASKED, actor_id=user.id, user_id=user.id)

    async def confirm_email(self, key: str, *, base: str) -> tuple[str, bool]:
        """The account's address now, and whether the other one has to confirm too.

        Raises NotFound or Conflict.
        """
        async with self._db.write() as session:
            held = await repository.find(session, key, CHANGES, lock=True)
            if held is None or held.user_id is None:
                raise no_key()
            row = await _person(session, held.user_id)
            new = held.email
            await session.delete(held)
            await session.flush()
            if await repository.waiting(session, row.id, CHANGES):
                return row.email, True
            if await user_by_email(session, new):
                raise Conflict(f"There is an account for {new} by now.", code="account_exists")
            await self._move(session, row, new, base)
            return new, False

    async def _move(self, session: AsyncSession, row: UserRow, email: str, base: str) -> None:
        before, row.email, row.email_verified_at = row.email, email, now()
        await repository.forget(session, row.id, tuple(Purpose))
        events.updated(session, row)
        audit(session, Act.EMAIL_CHANGED, actor_id=row.id, user_id=row.id)
        for address in filter(reachable, (before, email)):
            post(session, address, letters.email_changed(base, email))


async def _person(session: AsyncSession, user_id: str) -> UserRow:
    row = await session.get(UserRow, user_id)
    if row is None:
        raise NotFound("This account is not there any more.")
    return row
