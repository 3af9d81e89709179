"""Single logout: whoever signs out at the provider is signed out here, and the other way round.

A sign-in of a page is known by what the provider called it (`SamlSignInRow`). Programs that were let in by
such a page have sign-ins of their own, which go on.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, now
from server.errors import NotFound
from server.identity.models import SessionRow
from server.identity.oidc.service import Federation
from server.identity.oidc.tokens import Disbelieved
from server.identity.pending import repository as pending
from server.identity.pending.repository import Pending, Purpose
from server.identity.saml import requests
from server.identity.saml.models import SamlSignInRow
from server.identity.saml.providers import SamlProvider
from server.identity.saml.schemas import Asked, Name, Told
from server.identity.schemas import User
from server.identity.sessions.service import Noting, end_in

# Until the provider says that somebody is signed out there.
LIFE = timedelta(minutes=15)


def noting(provider: SamlProvider, name: Name | None) -> Noting | None:
    """Keeps, with a sign-in that is opened, what the provider calls it."""
    if name is None:
        return None

    def note(session: AsyncSession, session_id: str) -> None:
        session.add(
            SamlSignInRow(
                session_id=session_id,
                provider=provider.id,
                entity_id=provider.entity_id,
                name_id=name.value,
                format=name.format,
                qualifier=name.qualifier,
                sp_qualifier=name.sp_qualifier,
                session_index=name.index,
            )
        )

    return note


class Logout:
    def __init__(self, db: Database, federation: Federation, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._federation = federation
        self._clock = clock

    async def begin(self, user: User, *, base: str) -> str | None:
        """Ends the sign-in that `user` asks with. The address at which its provider ends it too, None where
        no provider does that."""
        async with self._db.write(user.id) as session:
            row = await session.get(SamlSignInRow, user.session_id) if user.session_id else None
            if user.session_id is not None:
                await end_in(session, user.id, [user.session_id])
        provider = None if row is None else self._federation.providers.get(row.provider)
        if row is None or not isinstance(provider, SamlProvider) or not provider.has_logout:
            return None
        if row.entity_id != provider.entity_id:
            return None
        state, request_id, at = secrets.token_urlsafe(32), requests.new_id(), self._clock()
        begun = Pending(None, {"provider": provider.id, "request": request_id})
        async with self._db.write(pending.ABOUT) as session:
            await pending.put(session, Purpose.LOGOUT, state.encode(), begun, at=at, lifetime=LIFE)
        name = Name(row.name_id, row.format, row.qualifier, row.sp_qualifier, row.session_index)
        return requests.logout_address(provider, base, name, state=state, request_id=request_id, at=at)

    async def asked(self, provider: SamlProvider, asked: Asked, *, state: str, base: str) -> str:
        """As the provider asks, once. The address of our answer. Raises Disbelieved for a repetition."""
        spent = f"{provider.entity_id}\0{asked.id}".encode()
        async with self._db.write() as session:
            at = self._clock()
            if not await pending.spend(session, Purpose.LOGOUT, spent, at=at, until=asked.until):
                raise Disbelieved("it was used before")
            for user_id, ids in (await _meant(session, provider, asked)).items():
                await end_in(session, user_id, ids, by_themselves=False)
        return requests.logout_answer(provider, base, to=asked.id, state=state, at=at)

    async def told(self, provider: SamlProvider, told: Told, *, state: str) -> bool:
        """Whether somebody is signed out there, as we asked. Raises Disbelieved for no answer to that."""
        async with self._db.write(pending.ABOUT) as session:
            begun = await pending.take(session, Purpose.LOGOUT, state.encode(), at=self._clock())
        asked = {} if begun is None else begun.data
        if asked.get("provider") != provider.id or asked.get("request") != told.to:
            raise Disbelieved("it is no answer to what was asked")
        return told.signed_out


def found_provider(federation: Federation, provider_id: str) -> SamlProvider:
    """Raises NotFound, also for one without single logout."""
    provider = federation.provider(provider_id, SamlProvider)
    if not provider.has_logout:
        raise NotFound("Nobody signs out of this server that way.", code="provider_not_found")
    return provider


async def _meant(session: AsyncSession, provider: SamlProvider, asked: Asked) -> dict[str, list[str]]:
    """The sign-ins that shall end, by whose they are."""
    query = (
        select(SessionRow.user_id, SessionRow.id)
        .join(SamlSignInRow, SamlSignInRow.session_id == SessionRow.id)
        .where(
            SamlSignInRow.provider == provider.id,
            SamlSignInRow.entity_id == provider.entity_id,
            SamlSignInRow.name_id == asked.value,
            SamlSignInRow.format == asked.format,
        )
    )
    if asked.indexes:
        query = query.where(SamlSignInRow.session_index.in_(asked.indexes))
    found: dict[str, list[str]] = {}
    for user_id, session_id in await session.execute(query):
        found.setdefault(user_id, []).append(session_id)
    return found
