"""Signing in by SAML 2.0: what we are, the way there, where answers come to, the way on, and out again."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from server.db import now
from server.errors import ServerError
from server.given import given
from server.identity.access import identity_of
from server.identity.devices import address_of
from server.identity.native.form import form_of
from server.identity.oidc import journey
from server.identity.oidc.access import federation_of
from server.identity.oidc.service import Federation
from server.identity.oidc.tokens import Disbelieved
from server.identity.saml import requests, sign_out, signature
from server.identity.saml.binding import Kind, Message, check, form, message
from server.identity.saml.logout import Logout, found_provider, noting
from server.identity.saml.providers import SamlProvider
from server.identity.saml.schemas import Asked, Told
from server.identity.saml.service import Answers, not_ours
from server.identity.service import Identity
from server.language import in_its_language, say
from server.limits.access import limits_of
from server.limits.rules import Rule, WhenDown
from server.links import links_of

router = APIRouter(
    tags=["Identity"],
    prefix="/saml/{provider_id}",
    include_in_schema=False,
    dependencies=[Depends(in_its_language)],
)

# Of one network address: each costs some milliseconds of a processor.
ANSWERED = Rule("answers of identity providers", window_s=300, limit=60, when_down=WhenDown.CLOSED)
Accounts = Annotated[Identity, given(identity_of)]
Providers = Annotated[Federation, given(federation_of)]


def _answers(request: Request) -> Answers:
    return Answers(request.app.state.services.db, federation_of(request))


def _logouts(request: Request) -> Logout:
    return Logout(request.app.state.services.db, federation_of(request))


# A message that the provider has signed. Raises Disbelieved.
Take = Callable[[SamlProvider], Message]
Service = Annotated[Answers, given(_answers)]
Logouts = Annotated[Logout, given(_logouts)]


@router.get("/metadata")
async def metadata(provider_id: str, request: Request, federation: Providers) -> Response:
    """For whoever sets the provider up."""
    provider = federation.provider(provider_id, SamlProvider)
    xml = requests.metadata(provider, links_of(request).base(request))
    return Response(xml, media_type="application/samlmetadata+xml")


@router.get("/login")
async def login(provider_id: str, request: Request, federation: Providers) -> Response:
    """As `/auth/oidc/{provider_id}/start`."""
    return await journey.begin(request, federation, provider_id, SamlProvider)


@router.post("/acs")
async def answered(provider_id: str, request: Request, federation: Providers, answers: Service) -> Response:
    """The assertion consumer service (binding HTTP-POST)."""
    then: dict[str, str] = {}
    try:
        provider = federation.provider(provider_id, SamlProvider)
        await limits_of(request).hit(ANSWERED, address_of(request))
        sent = await form_of(request)
        base = links_of(request).base(request)
        awaited = await answers.awaited(provider, sent.get("RelayState", "")[:100], base=base)
        then = awaited.then
        key = await answers.take(provider, awaited, sent.get("SAMLResponse", ""))
    except ServerError as problem:
        return journey.stopped(federation, problem, then)
    answer = RedirectResponse(f"/saml/{provider.id}/done?key={quote(key)}", 303)
    if awaited.browser is not None:
        journey.keep(request, answer, provider, awaited.browser)
    return answer


@router.get("/done")
async def done(
    provider_id: str, request: Request, federation: Providers, identity: Accounts, answers: Service
) -> Response:
    """Our own page after that of the provider: here the browser shows that it is the one that asked."""
    then: dict[str, str] = {}
    try:
        provider = federation.provider(provider_id, SamlProvider)
        key = request.query_params.get("key", "")[:100]
        resumed, who, name = await answers.arrived(provider, key, journey.kept(request))
        then = resumed.then
        noted = noting(provider, name)
        return await journey.go_on(request, federation, identity, resumed, who, noting=noted)
    except ServerError as problem:
        return journey.stopped(federation, problem, then)


@router.get("/logout")
async def logout(provider_id: str, request: Request, federation: Providers, logouts: Logouts) -> Response:
    """The single logout service (binding HTTP-Redirect): for the provider's requests, and its answers to
    ours."""
    query = request.scope["query_string"].decode("latin-1")
    return await _heard(provider_id, request, federation, logouts, partial(_in_address, query))


@router.post("/logout")
async def posted_logout(
    provider_id: str, request: Request, federation: Providers, logouts: Logouts
) -> Response:
    """The same by the binding HTTP-POST, in which a message has its signature in itself."""
    try:
        found_provider(federation, provider_id)
        sent = await form_of(request)
    except ServerError as problem:
        return journey.not_signed_out(problem)
    return await _heard(provider_id, request, federation, logouts, partial(_in_form, sent))


async def _heard(
    provider_id: str, request: Request, federation: Federation, logouts: Logout, take: Take
) -> Response:
    try:
        provider = found_provider(federation, provider_id)
        await limits_of(request).hit(ANSWERED, address_of(request))
        base = links_of(request).base(request)
        try:
            return await _logged_out(provider, logouts, take, base)
        except Disbelieved as problem:
            raise not_ours(provider, str(problem)) from problem
    except ServerError as problem:
        return journey.not_signed_out(problem)


async def _logged_out(provider: SamlProvider, logouts: Logout, take: Take, base: str) -> Response:
    read = partial(_read, take, provider, destination=requests.logout(base, provider), at=now())
    found, said = await asyncio.to_thread(read)
    if isinstance(said, Asked):
        return RedirectResponse(await logouts.asked(provider, said, state=found.state, base=base), 303)
    if await logouts.told(provider, said, state=found.state):
        return journey.told(
            say("Signed out"), say("You are signed out here and at {provider}.", provider=provider.name)
        )
    sentence = say(
        "You are signed out here. {provider} did not confirm that you are signed out there.",
        provider=provider.name,
    )
    return journey.told(say("Signed out"), sentence)


def _in_address(query: str, provider: SamlProvider) -> Message:
    """Raises Disbelieved."""
    found = message(query)
    check(found, provider.certificates)
    return found


def _in_form(fields: dict[str, str], provider: SamlProvider) -> Message:
    """Raises Disbelieved."""
    return form(fields, lambda encoded: signature.signed_message(encoded, provider))


def _read(
    take: Take, provider: SamlProvider, *, destination: str, at: datetime
) -> tuple[Message, Asked | Told]:
    """Raises Disbelieved."""
    found = take(provider)
    read = sign_out.request if found.kind is Kind.REQUEST else sign_out.response
    return found, read(found.xml, provider, destination=destination, at=at)
