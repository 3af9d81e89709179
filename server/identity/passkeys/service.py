"""Passkeys: made by a person who has just signed in, and a way to sign in without anything else."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id, now
from server.errors import Conflict, InvalidRequest, NotFound, Unauthenticated
from server.identity import ways
from server.identity.accounts import letters
from server.identity.addresses import reachable
from server.identity.lockout.service import Lockout
from server.identity.models import UserRow
from server.identity.passkeys import ceremony, repository
from server.identity.passkeys.ceremony import Claim, Disbelieved, Made, Shown, Site
from server.identity.passkeys.models import PasskeyRow
from server.identity.pending import repository as pending
from server.identity.pending.repository import Pending, Purpose
from server.identity.schemas import User
from server.identity.security import SecurityEvent, tell
from server.identity.sessions.schemas import Device, SignIn
from server.identity.sessions.service import Sessions
from server.mail.letters import Words
from server.mail.queue import post

# Of one person.
MOST = 20
CHALLENGE_LIFE = timedelta(minutes=5)
_CHALLENGE_BYTES = 32
_OVER = "This took too long, or was finished already: begin again."


class Passkeys:
    def __init__(
        self, db: Database, sessions: Sessions, lockout: Lockout, *, clock: Callable[[], datetime] = now
    ) -> None:
        self._db = db
        self._sessions = sessions
        self._lockout = lockout
        self._clock = clock

    async def begin(self, user: User, site: Site) -> tuple[dict[str, Any], datetime]:
        """Options for the browser, and until when. Whoever asks has proved who they are.

        Raises Conflict for somebody who has enough.
        """
        async with self._db.read() as session:
            rows = await repository.of_user(session, user.id)
        _check_room(len(rows))
        challenge, ends = await self._challenge(Purpose.NEW_PASSKEY, user.id)
        options = ceremony.registration_options(
            site,
            user_id=user.id,
            email=user.email,
            name=user.username,
            challenge=challenge,
            known=[(row.credential_id, row.transports) for row in rows],
        )
        return options, ends

    async def add(
        self, user: User, site: Site, credential: dict[str, Any], name: str, *, base: str
    ) -> PasskeyRow:
        """Raises InvalidRequest (`passkey_refused`) or Conflict. The person is told by mail."""
        claim = ceremony.claim_of(credential)
        begun = await self._answered(Purpose.NEW_PASSKEY, claim)
        if begun is None or begun.user_id != user.id:
            raise InvalidRequest(_OVER, code="challenge_over")
        try:
            made = ceremony.check_new(site, credential, claim.challenge)
        except Disbelieved as problem:
            raise InvalidRequest(
                f"This passkey was not taken: {problem}.", code="passkey_refused"
            ) from problem
        try:
            return await self._keep(user, made, name, base)
        except IntegrityError as problem:
            raise Conflict("This passkey is known here already.", code="passkey_known") from problem

    async def list(self, user_id: str) -> list[PasskeyRow]:
        """The oldest first."""
        async with self._db.read() as session:
            return list(await repository.of_user(session, user_id))

    async def rename(self, user_id: str, passkey_id: str, name: str) -> PasskeyRow:
        """Raises NotFound, also for one of somebody else."""
        async with self._db.write(user_id) as session:
            row = await _mine(session, user_id, passkey_id)
            row.name = name
            return row

    async def remove(self, user_id: str, passkey_id: str) -> None:
        """Raises NotFound, or Conflict for the last way into an account."""
        async with self._db.write(user_id) as session:
            row = await _mine(session, user_id, passkey_id)
            await session.delete(row)
            await session.flush()
            await ways.require_one(session, user_id)
            tell(session, SecurityEvent.PASSKEY_REMOVED, user_id, passkeyId=row.id, name=row.name)

    async def options(self, site: Site) -> tuple[dict[str, Any], datetime]:
        """For somebody who wants to sign in, whoever it is; and until when they are good."""
        challenge, ends = await self._challenge(Purpose.PASSKEY, None)
        return ceremony.sign_in_options(site, challenge), ends

    async def sign_in(
        self, site: Site, credential: dict[str, Any], device: Device, *, address: str, base: str
    ) -> SignIn:
        """Raises Unauthenticated, InvalidRequest for what is no answer, or TooManyRequests."""
        claim = ceremony.claim_of(credential)
        # Counted for each passkey: whoever guesses at somebody's password does not lock their passkey.
        account = f"passkey {claim.credential_hash}"
        locking = await self._lockout.attempt(account, address)
        try:
            row, shown = await self._proved(site, credential, claim)
            await self._note(row, shown, base)
        except Unauthenticated:
            async with self._db.read() as session:
                meant = await repository.by_credential(session, claim.credential_hash)
            await self._lockout.failed(None if meant is None else meant.user_id, "passkey", locking)
            raise
        await self._lockout.succeeded(account, address)
        return await self._sessions.open(row.user_id, device)

    async def _proved(self, site: Site, credential: dict[str, Any], claim: Claim) -> tuple[PasskeyRow, Shown]:
        if await self._answered(Purpose.PASSKEY, claim) is None:
            raise Unauthenticated(_OVER, code="challenge_over")
        async with self._db.read() as session:
            row = await repository.by_credential(session, claim.credential_hash)
        if row is None:
            raise Unauthenticated(
                "This passkey is not known here: it was removed, or it is for another server.",
                code="unknown_passkey",
            )
        try:
            shown = ceremony.check_used(
                site, credential, claim.challenge, user_id=row.user_id, public_key=row.public_key
            )
        except Disbelieved as problem:
            raise Unauthenticated(
                f"This passkey was not taken: {problem}.", code="wrong_passkey"
            ) from problem
        return row, shown

    async def _note(self, found: PasskeyRow, shown: Shown, base: str) -> None:
        """Raises Unauthenticated for one whose count went backwards: it is refused, and its person told."""
        async with self._db.write(found.user_id) as session:
            row = await session.get(PasskeyRow, found.id, with_for_update=True)
            if row is None:
                raise Unauthenticated("This passkey was removed just now.", code="unknown_passkey")
            copied = ceremony.is_copy(row.sign_count, shown.sign_count)
            if copied:
                row.copied_at = self._clock()
                told: dict[str, Any] = {"passkeyId": row.id, "name": row.name}
                tell(session, SecurityEvent.PASSKEY_COPIED, row.user_id, by_themselves=False, **told)
                await _write(session, row.user_id, letters.passkey_copied(base, row.name))
            else:
                row.sign_count, row.backed_up = shown.sign_count, shown.backed_up
                row.last_used_at = self._clock()
        if copied:
            raise Unauthenticated(
                "This passkey has been used elsewhere meanwhile, so somebody may hold a copy of it. Sign in "
                "another way, remove it and make a new one.",
                code="passkey_copied",
            )

    async def _keep(self, user: User, made: Made, name: str, base: str) -> PasskeyRow:
        async with self._db.write(user.id) as session:
            _check_room(len(await repository.of_user(session, user.id)))
            row = PasskeyRow(
                user_id=user.id,
                name=name,
                credential_id=made.credential_id,
                credential_hash=made.credential_hash,
                public_key=made.public_key,
                sign_count=made.sign_count,
                transports=made.transports,
                aaguid=made.aaguid,
                backed_up=made.backed_up,
                created_at=self._clock(),
            )
            session.add(row)
            await session.flush()
            tell(session, SecurityEvent.PASSKEY_ADDED, user.id, passkeyId=row.id, name=name)
            await _write(session, user.id, letters.way_added(base, f"The passkey “{name}”"))
            return row

    async def _challenge(self, purpose: Purpose, user_id: str | None) -> tuple[bytes, datetime]:
        challenge, at = secrets.token_bytes(_CHALLENGE_BYTES), self._clock()
        async with self._db.write(pending.ABOUT) as session:
            if user_id is not None:
                await pending.forget(session, purpose, user_id)
            await pending.put(session, purpose, challenge, Pending(user_id), at=at, lifetime=CHALLENGE_LIFE)
        return challenge, at + CHALLENGE_LIFE

    async def _answered(self, purpose: Purpose, claim: Claim) -> Pending | None:
        """A challenge is good for one answer, also for one that is refused."""
        async with self._db.write(pending.ABOUT) as session:
            return await pending.take(session, purpose, claim.challenge, at=self._clock())


def _check_room(have: int) -> None:
    if have >= MOST:
        raise Conflict(f"You have {MOST} passkeys: remove one that is not used.", code="too_many_passkeys")


async def _mine(session: AsyncSession, user_id: str, passkey_id: str) -> PasskeyRow:
    row = await session.get(PasskeyRow, passkey_id) if is_id(passkey_id) else None
    if row is None or row.user_id != user_id:
        raise NotFound("There is no such passkey.", code="passkey_not_found")
    return row


async def _write(session: AsyncSession, user_id: str, words: Words) -> None:
    person = await session.get(UserRow, user_id)
    if person is not None and reachable(person.email):
        post(session, person.email, words)
