"""How an account comes about over HTTP: by an invitation, or by a mail that is answered.

What is registered is no account until somebody opened the link in the mail and knows the password: so nobody
holds an address that is not theirs, and nobody is led to open an account to which a stranger has the key.
The answer does not tell whether there is an account already; the mail does.
"""

from dataclasses import dataclass
from datetime import timedelta

from server.config import Settings
from server.db import Database, now
from server.errors import Conflict, Forbidden, InvalidRequest, NotFound
from server.flags import FlagName, Flags
from server.identity.accounts import letters, repository
from server.identity.accounts.limits import Limits
from server.identity.accounts.repository import Purpose
from server.identity.accounts.schemas import RegisterRequest
from server.identity.addresses import checked, reachable
from server.identity.models import UserRow
from server.identity.newcomers import welcome
from server.identity.repository import user_by_email
from server.identity.schemas import Role
from server.identity.service import Identity
from server.identity.workspaces.invitations import open_invitation, settle
from server.mail.queue import post


@dataclass(frozen=True, slots=True)
class Verified:
    user_id: str
    email: str


class Registration:
    def __init__(
        self, db: Database, identity: Identity, settings: Settings, limits: Limits, flags: Flags
    ) -> None:
        self._db = db
        self._identity = identity
        self._mode = settings.registration
        self._limits = limits
        self._flags = flags

    async def register(self, request: RegisterRequest, *, base: str, address: str) -> Verified | None:
        """The account where an invitation proves the address; None where a mail was sent.

        Raises Forbidden where this server's setting says no, InvalidRequest or TooManyRequests.
        """
        await self._allowed(invited=request.invitation is not None)
        await self._limits.asked(address)
        email = checked(request.email)
        if not reachable(email):
            raise InvalidRequest("Register with an address that mail can be sent to.")
        username = request.username or email.split("@")[0][:64]
        hashed = await self._identity.new_hash(request.password, email=email, name=username)
        if request.invitation is not None:
            return await self._by_invitation(request.invitation, email, username, hashed)
        await self._by_mail(email, username, hashed, base)
        return None

    async def verify(self, key: str, password: str | None) -> Verified:
        """Finishes a registration, or notes that an address is its account's.

        Raises NotFound, or InvalidRequest for the password.
        """
        purposes = (Purpose.REGISTER, Purpose.VERIFY)
        async with self._db.read() as session:
            row = await repository.find(session, key, purposes, lock=False)
        if row is None:
            raise no_key()
        if row.purpose == Purpose.REGISTER and not await self._knows(password, row.password_hash):
            raise InvalidRequest("This is not the password that was chosen.", code="wrong_password")
        async with self._db.write() as session:
            row = await repository.find(session, key, purposes, lock=True)
            if row is None:
                raise no_key()
            await session.delete(row)
            if row.purpose == Purpose.REGISTER:
                if await user_by_email(session, row.email):
                    raise Conflict(f"There is an account for {row.email} already.", code="account_exists")
                person = _person(row.email, row.username or row.email, row.password_hash or "")
                await welcome(session, person, how="registered")
                return Verified(person.id, person.email)
            found = await session.get(UserRow, row.user_id)
            if found is None or found.email != row.email:
                raise no_key()
            found.email_verified_at = now()
            return Verified(found.id, found.email)

    async def _allowed(self, *, invited: bool) -> None:
        if self._mode == "closed" or not await self._flags.on(FlagName.REGISTRATION):
            raise Forbidden(
                "This server does not take registrations: ask whoever runs it.", code="registration_closed"
            )
        if self._mode == "invited" and not invited:
            raise Forbidden(
                "This server takes registrations by invitation: open the link in the mail you got.",
                code="registration_by_invitation",
            )

    async def _by_invitation(self, key: str, email: str, username: str, hashed: str) -> Verified:
        async with self._db.write() as session:
            invitation = await open_invitation(session, key)
            if invitation.email != email:
                raise Forbidden(
                    "This invitation was sent to another address: register with that one.",
                    code="invitation_for_another",
                )
            if await user_by_email(session, email):
                raise Conflict(
                    f"There is an account for {email}: sign in, then accept the invitation.",
                    code="account_exists",
                )
            person = _person(email, username, hashed)
            await welcome(session, person, how="invited")
            await settle(session, invitation, person)
            return Verified(person.id, person.email)

    async def _by_mail(self, email: str, username: str, hashed: str, base: str) -> None:
        if not await self._limits.may_mail(email):
            return
        async with self._db.write() as session:
            await repository.forget_expired(session)
            if await user_by_email(session, email):
                post(session, email, letters.known_already(base))
                return
            await repository.forget_registrations(session, email)
            key = repository.add(
                session,
                Purpose.REGISTER,
                email,
                timedelta(hours=letters.REGISTER_HOURS),
                username=username,
                password_hash=hashed,
            )
            post(session, email, letters.finish_registration(base, key))

    async def _knows(self, password: str | None, hashed: str | None) -> bool:
        if password is None:
            raise InvalidRequest("Enter the password that was chosen.", code="password_needed")
        return await self._identity.passwords.verify(password, hashed)


def _person(email: str, username: str, hashed: str) -> UserRow:
    return UserRow(
        email=email, username=username, password_hash=hashed, role=Role.MEMBER, email_verified_at=now()
    )


def no_key() -> NotFound:
    return NotFound("This link is not good any more: it was used, or its time is over.", code="link_over")
