"""Signing in with an account elsewhere: begun here, proved there, and taken up where it began."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from server.db import Database, now
from server.errors import InvalidRequest, NotFound
from server.identity.oidc.client import Client
from server.identity.oidc.http import Http
from server.identity.oidc.people import Linked
from server.identity.oidc.providers import Provider
from server.identity.oidc.tokens import Someone
from server.identity.pending import repository as pending
from server.identity.pending.repository import Pending, Purpose
from server.identity.sessions.service import digest

# Somebody may have to look for their telephone.
LIFE = timedelta(minutes=15)
# Between coming back from a provider and pressing the button.
PROOF_LIFE = timedelta(minutes=5)
CALLBACK = "/auth/oidc/{provider}/callback"


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what it has to show when it comes back (a cookie)."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """A browser that came back with an answer to what was begun in it.

    `then` is what the person had in mind, `user_id` whose account is to be linked; None for a sign-in.
    """

    provider: Provider
    user_id: str | None
    then: dict[str, str]
    base: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class Federation:
    def __init__(
        self,
        db: Database,
        providers: Sequence[Provider],
        *,
        http: Http | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.providers = {one.id: one for one in providers}
        self.linked = Linked(db, clock=clock)
        self._db = db
        self._client = Client(http or Http(), clock=clock)
        self._clock = clock

    def provider(self, provider_id: str) -> Provider:
        """Raises NotFound."""
        found = self.providers.get(provider_id)
        if found is None:
            raise NotFound("Nobody signs in to this server that way.", code="provider_not_found")
        return found

    def ways(self, fields: Mapping[str, str]) -> list[tuple[str, str]]:
        """Names and addresses, for a page that shall be come back to with these fields."""
        query = urlencode(fields)
        return [(one.name, f"/auth/oidc/{one.id}/start?{query}") for one in self.providers.values()]

    async def begin(
        self,
        provider_id: str,
        then: Mapping[str, str],
        *,
        base: str,
        browser: str | None = None,
        user_id: str | None = None,
    ) -> Begun:
        """`browser` is what it has to show already, from an earlier one that may still be on its way.

        Raises NotFound, or ServerError (502) where the provider does not answer.
        """
        provider, browser = self.provider(provider_id), browser or secrets.token_urlsafe(32)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        address = await self._client.address(
            provider, redirect_uri=_callback(base, provider), state=state, nonce=nonce, verifier=verifier
        )
        data = {
            "provider": provider.id,
            "nonce": nonce,
            "verifier": verifier,
            "browser": digest(browser),
            "base": base,
            "then": dict(then),
        }
        async with self._db.write(pending.ABOUT) as session:
            await pending.put(
                session,
                Purpose.OIDC,
                state.encode(),
                Pending(user_id, data),
                at=self._clock(),
                lifetime=LIFE,
            )
        return Begun(address, browser)

    async def resume(self, provider_id: str, state: str, browser: str | None) -> Resumed:
        """What was begun with `state`, once. Raises InvalidRequest."""
        provider = self.provider(provider_id)
        async with self._db.write(pending.ABOUT) as session:
            begun = await pending.take(session, Purpose.OIDC, state.encode(), at=self._clock())
        # What was begun in another browser is somebody else's, who would have this one act as them.
        if (
            begun is None
            or browser is None
            or begun.data["provider"] != provider.id
            or not secrets.compare_digest(begun.data["browser"], digest(browser))
        ):
            raise InvalidRequest(
                "This sign-in took too long, was finished already, or was begun in another browser: begin "
                "again.",
                code="sign_in_over",
            )
        data = begun.data
        return Resumed(
            provider,
            begun.user_id,
            data["then"],
            data["base"],
            nonce=data["nonce"],
            verifier=data["verifier"],
        )

    async def who(self, resumed: Resumed, answer: Mapping[str, str]) -> Someone:
        """Whom the provider says they are. Raises Forbidden or ServerError (502), in words."""
        return await self._client.who(
            resumed.provider,
            answer,
            redirect_uri=_callback(resumed.base, resumed.provider),
            nonce=resumed.nonce,
            verifier=resumed.verifier,
        )

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
