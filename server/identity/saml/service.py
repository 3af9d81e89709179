"""Answers of identity providers: taken where they arrive, and kept for the browser that asked.

An answer comes as a form that another site's page sends, and browsers send our cookie with no such thing
(`SameSite`). So it is looked at when it comes, and what it says waits for a moment, under a key with which
the browser is sent on to our own page: there it shows the cookie.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from server.db import Database, now
from server.errors import Forbidden, ServerError
from server.identity.oidc.service import Federation, Resumed, noted, over
from server.identity.oidc.tokens import Disbelieved, Someone
from server.identity.pending import repository as pending
from server.identity.pending.repository import Pending, Purpose
from server.identity.saml import requests
from server.identity.saml.assertion import Asked, Said, read
from server.identity.saml.providers import SamlProvider
from server.identity.saml.schemas import Name
from server.identity.saml.signature import Refused, signed

# From one page to the next.
LIFE = timedelta(minutes=2)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What an answer is to. `browser` is what the browser has yet to be given; None: it has it."""

    begun: Pending
    browser: str | None = None

    @property
    def then(self) -> dict[str, str]:
        found: dict[str, str] = self.begun.data["then"]
        return found


class Answers:
    def __init__(self, db: Database, federation: Federation, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._federation = federation
        self._clock = clock

    async def awaited(self, provider: SamlProvider, state: str, *, base: str) -> Awaited:
        """What was begun with `state`, once. Raises InvalidRequest; not where the provider may send people
        who have begun nothing."""
        async with self._db.write(pending.ABOUT) as session:
            begun = await pending.take(session, Purpose.OIDC, state.encode(), at=self._clock())
        if begun is not None and begun.data["provider"] == provider.id and "request" in begun.data:
            return Awaited(begun)
        if not provider.unasked:
            raise over()
        browser = secrets.token_urlsafe(32)
        then = {"kind": "page", "next": "/"}
        return Awaited(Pending(None, noted(provider, then, base=base, browser=browser)), browser)

    async def take(self, provider: SamlProvider, awaited: Awaited, response: str) -> str:
        """The key with which the browser is sent on. Raises Forbidden, in words."""
        data = dict(awaited.begun.data)
        base = data["base"]
        asked = Asked(
            requests.our_id(base, provider), requests.acs(base, provider), data.pop("request", None)
        )
        at, key = self._clock(), secrets.token_urlsafe(32)
        try:
            said = await asyncio.to_thread(_believed, response, provider, asked, at)
        except Refused as problem:
            _log.info("provider_refused", provider=provider.id, said=str(problem))
            raise Forbidden(
                f"The sign-in at {provider.name} was cancelled there, or is not allowed to you.",
                code="provider_refused",
            ) from problem
        except Disbelieved as problem:
            raise disbelieved(provider, str(problem)) from problem
        async with self._db.write(pending.ABOUT) as session:
            spent = f"{provider.entity_id}\0{said.id}".encode()
            if not await pending.spend(session, Purpose.ASSERTION, spent, at=at, until=said.until):
                raise disbelieved(provider, "its assertion was used before")
            name = None if said.name is None else asdict(said.name)
            arrived = Pending(awaited.begun.user_id, data | {"who": asdict(said.who), "name": name})
            await pending.put(session, Purpose.OIDC, key.encode(), arrived, at=at, lifetime=LIFE)
        return key

    async def arrived(
        self, provider: SamlProvider, key: str, browser: str | None
    ) -> tuple[Resumed, Someone, Name | None]:
        """The browser that asked, whom the provider says somebody is, and what it calls this sign-in.

        Raises InvalidRequest.
        """
        resumed = await self._federation.resume(provider, key, browser)
        who: Mapping[str, Any] | None = resumed.kept.get("who")
        if who is None:  # the key of a question, not of an answer
            raise over()
        name = resumed.kept.get("name")
        return resumed, Someone(**who), None if name is None else Name(**name)


def _believed(response: str, provider: SamlProvider, asked: Asked, at: datetime) -> Said:
    found = signed(response, provider, audience=asked.audience, recipient=asked.recipient)
    return read(found, provider, asked, at=at)


def disbelieved(provider: SamlProvider, problem: str) -> ServerError:
    _log.warning("assertion_refused", provider=provider.id, problem=problem)
    return Forbidden(
        f"{provider.name} did not confirm who you are. Begin again; if that does not help, tell whoever runs "
        "this server: its log says more.",
        code="provider_failed",
    )


def not_ours(provider: SamlProvider, problem: str) -> ServerError:
    """About a sign-out."""
    _log.warning("logout_refused", provider=provider.id, problem=problem)
    return Forbidden(
        f"This did not come from {provider.name}, or not just now. Whoever runs this server finds more in "
        "its log.",
        code="provider_failed",
    )
