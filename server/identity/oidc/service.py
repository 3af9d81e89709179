"""Signing in with an account elsewhere: begun here, proved there, and taken up where it began."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from server.db import Database, now
from server.errors import InvalidRequest, NotFound
from server.identity.oidc.client import Client
from server.identity.oidc.http import Http
from server.identity.oidc.people import Linked
from server.identity.oidc.providers import OpenIdProvider, Provider
from server.identity.oidc.tokens import Someone
from server.identity.pending import repository as pending
from server.identity.pending.repository import Pending, Purpose
from server.identity.saml import requests as saml
from server.identity.saml.providers import SamlProvider
from server.identity.sessions.service import digest

# Somebody may have to look for their telephone.
LIFE = timedelta(minutes=15)
# Between coming back from a provider and pressing the button.
PROOF_LIFE = timedelta(minutes=5)
CALLBACK = "/auth/oidc/{provider}/callback"
P = TypeVar("P", bound=Provider)


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what it has to show when it comes back (a cookie)."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """A browser that came back with an answer to what was begun in it.

    `then` is what the person had in mind, `user_id` whose account is to be linked; None for a sign-in. `kept`
    is what else was noted when it was begun.
    """

    provider: Provider
    user_id: str | None
    then: dict[str, str]
    base: str
    kept: Mapping[str, Any] = field(repr=False)


class Federation:
    def __init__(
        self,
        db: Database,
        providers: Mapping[str, Provider],
        *,
        http: Http | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.providers = dict(providers)
        self.linked = Linked(db, clock=clock)
        self._db = db
        self._client = Client(http or Http(), clock=clock)
        self._clock = clock

    def provider(self, provider_id: str, kind: type[P]) -> P:
        """Raises NotFound, also for one of another kind."""
        found = self.providers.get(provider_id)
        if not isinstance(found, kind):
            raise NotFound("Nobody signs in to this server that way.", code="provider_not_found")
        return found

    def ways(self, fields: Mapping[str, str]) -> list[tuple[str, str]]:
        """Names and addresses, for a page that shall be come back to with these fields."""
        query = urlencode(fields)
        return [(one.name, f"{one.start_path}?{query}") for one in self.providers.values()]

    async def begin(
        self,
        provider: Provider,
        then: Mapping[str, str],
        *,
        base: str,
        browser: str | None = None,
        user_id: str | None = None,
    ) -> Begun:
        """`browser` is what it has to show already, from an earlier one that may still be on its way.

        Raises ServerError (502) where the provider does not answer.
        """
        state, browser = secrets.token_urlsafe(32), browser or secrets.token_urlsafe(32)
        address, kept = await self._ask(provider, base, state)
        begun = Pending(user_id, noted(provider, then, base=base, browser=browser) | kept)
        async with self._db.write(pending.ABOUT) as session:
            await pending.put(session, Purpose.OIDC, state.encode(), begun, at=self._clock(), lifetime=LIFE)
        return Begun(address, browser)

    async def resume(self, provider: Provider, state: str, browser: str | None) -> Resumed:
        """What was begun with `state`, once. Raises InvalidRequest."""
        async with self._db.write(pending.ABOUT) as session:
            begun = await pending.take(session, Purpose.OIDC, state.encode(), at=self._clock())
        # What was begun in another browser is somebody else's, who would have this one act as them.
        if (
            begun is None
            or browser is None
            or begun.data["provider"] != provider.id
            or not secrets.compare_digest(begun.data["browser"], digest(browser))
        ):
            raise over()
        data = begun.data
        return Resumed(provider, begun.user_id, data["then"], data["base"], kept=data)

    async def who(self, provider: OpenIdProvider, resumed: Resumed, answer: Mapping[str, str]) -> Someone:
        """Whom the provider says they are. Raises Forbidden or ServerError (502), in words."""
        return await self._client.who(
            provider,
            answer,
            redirect_uri=_callback(resumed.base, provider),
            nonce=resumed.kept["nonce"],
            verifier=resumed.kept["verifier"],
        )

    async def _ask(self, provider: Provider, base: str, state: str) -> tuple[str, dict[str, str]]:
        """Where the browser is asked who it is, and what has to be known when it comes back."""
        if isinstance(provider, SamlProvider):
            request_id = saml.new_id()
            address = saml.address(provider, base, state=state, request_id=request_id, at=self._clock())
            return address, {"request": request_id}
        if not isinstance(provider, OpenIdProvider):
            raise TypeError(type(provider))
        kept = {"nonce": secrets.token_urlsafe(32), "verifier": secrets.token_urlsafe(32)}
        redirect_uri = _callback(base, provider)
        return await self._client.address(provider, redirect_uri=redirect_uri, state=state, **kept), kept

    async def prove(self, user_id: str) -> str:
        """For a page that then asks whether somebody means it: good once, for five minutes."""
        proof = secrets.token_urlsafe(32)
        async with self._db.write(pending.ABOUT) as session:
            await pending.put(
                session,
                Purpose.PROOF,
                proof.encode(),
                Pending(user_id),
                at=self._clock(),
                lifetime=PROOF_LIFE,
            )
        return proof

    async def proved(self, proof: str) -> str:
        """Whose proof it is. Raises InvalidRequest."""
        async with self._db.write(pending.ABOUT) as session:
            found = await pending.take(session, Purpose.PROOF, proof.encode(), at=self._clock())
        if found is None or found.user_id is None:
            raise InvalidRequest("This took too long: sign in once more.", code="sign_in_over")
        return found.user_id


def _callback(base: str, provider: Provider) -> str:
    return base + CALLBACK.format(provider=provider.id)


def noted(provider: Provider, then: Mapping[str, str], *, base: str, browser: str) -> dict[str, Any]:
    """What is kept of every sign-in until its answer comes. Of the browser's cookie it is a digest."""
    return {"provider": provider.id, "browser": digest(browser), "base": base, "then": dict(then)}


def over() -> InvalidRequest:
    return InvalidRequest(
        "This sign-in took too long, was finished already, or was begun in another browser: begin again.",
        code="sign_in_over",
    )
