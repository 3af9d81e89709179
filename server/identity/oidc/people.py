"""Whose account somebody is who comes from a provider: found, linked or made, and taken apart again."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id, now
from server.errors import Conflict, NotFound
from server.identity import ways
from server.identity.accounts import letters
from server.identity.addresses import checked, reachable
from server.identity.mfa.models import TotpRow
from server.identity.models import UserRow
from server.identity.newcomers import welcome
from server.identity.oidc import repository
from server.identity.oidc.models import IdentityRow
from server.identity.oidc.providers import Provider
from server.identity.oidc.rules import Standing, Verdict, judge, refusal
from server.identity.oidc.tokens import Someone
from server.identity.repository import user_by_email
from server.identity.schemas import Role
from server.identity.security import SecurityEvent, tell
from server.mail.queue import post

# Of one person.
MOST = 10


class Linked:
    def __init__(self, db: Database, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._clock = clock

    async def account_of(self, provider: Provider, who: Someone, *, base: str) -> str:
        """The id of the account that somebody enters. Raises Forbidden, with the reason why none is."""
        try:
            return await self._account_of(provider, who, base)
        except IntegrityError:  # the same newcomer twice at once, on a database with several writers
            return await self._account_of(provider, who, base)

    async def link(self, user_id: str, provider: Provider, who: Someone, *, base: str) -> None:
        """By the person, who is signed in here and there. Raises Conflict, Forbidden or NotFound."""
        async with self._db.write() as session:
            person = await session.get(UserRow, user_id)
            if person is None:
                raise NotFound("This account is not there any more.")
            row = await repository.find(session, who.issuer, who.subject)
            if row is not None and row.user_id != user_id:
                raise Conflict(
                    f"This account at {provider.name} signs in to another account here: disconnect it there.",
                    code="identity_taken",
                )
            if row is not None:
                return
            if judge(provider, who, linked=True, account=None) is not Verdict.ENTER:
                raise refusal(Verdict.WRONG_DOMAIN, provider)
            if len(await repository.of_user(session, user_id)) >= MOST:
                raise Conflict(f"{MOST} accounts are connected: disconnect one.", code="too_many_identities")
            self._add(session, person, provider, who, base, how="by_hand")

    async def list(self, user_id: str) -> Sequence[IdentityRow]:
        """The oldest first."""
        async with self._db.read() as session:
            return await repository.of_user(session, user_id)

    async def unlink(self, user_id: str, identity_id: str) -> None:
        """Raises NotFound, also for one of somebody else, or Conflict for the last way into an account."""
        async with self._db.write(user_id) as session:
            row = await session.get(IdentityRow, identity_id) if is_id(identity_id) else None
            if row is None or row.user_id != user_id:
                raise NotFound("No such account is connected.", code="identity_not_found")
            await session.delete(row)
            await session.flush()
            await ways.require_one(session, user_id)
            tell(session, SecurityEvent.IDENTITY_UNLINKED, user_id, provider=row.provider)

    async def _account_of(self, provider: Provider, who: Someone, base: str) -> str:
        async with self._db.write() as session:
            row = await repository.find(session, who.issuer, who.subject)
            same = None if row or not who.email else await user_by_email(session, who.email)
            standing = None if same is None else await _standing(session, same)
            verdict = judge(provider, who, linked=row is not None, account=standing)
            if row is not None and verdict is Verdict.ENTER:
                row.last_used_at, row.email = self._clock(), who.email or row.email
                return row.user_id
            if same is not None and verdict is Verdict.LINK:
                self._add(session, same, provider, who, base, how="by_email")
                same.email_verified_at = same.email_verified_at or self._clock()
                return same.id
            if verdict is Verdict.CREATE:
                return await self._welcome(session, provider, who)
        raise refusal(verdict, provider)

    async def _welcome(self, session: AsyncSession, provider: Provider, who: Someone) -> str:
        """Raises InvalidRequest for an address that is none."""
        email = checked(who.email or "")
        person = UserRow(
            email=email,
            username=who.name or email.split("@")[0][:64],
            password_hash="",
            role=Role.MEMBER,
            email_verified_at=self._clock(),
        )
        await welcome(session, person, how=f"oidc:{provider.id}")
        session.add(self._row(person.id, provider, who))
        return person.id

    def _add(
        self, session: AsyncSession, person: UserRow, provider: Provider, who: Someone, base: str, *, how: str
    ) -> None:
        session.add(self._row(person.id, provider, who))
        tell(session, SecurityEvent.IDENTITY_LINKED, person.id, provider=provider.id, how=how)
        if reachable(person.email):
            post(session, person.email, letters.way_added(base, f"An account at {provider.name}"))

    def _row(self, user_id: str, provider: Provider, who: Someone) -> IdentityRow:
        at = self._clock()
        return IdentityRow(
            user_id=user_id,
            provider=provider.id,
            issuer=who.issuer,
            subject=who.subject,
            email=who.email,
            created_at=at,
            last_used_at=at,
        )


async def _standing(session: AsyncSession, person: UserRow) -> Standing:
    factor = await session.get(TotpRow, person.id)
    return Standing(
        runs_server=person.role != Role.MEMBER,
        second_factor=factor is not None and factor.confirmed_at is not None,
    )
