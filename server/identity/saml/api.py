"""Signing in by SAML 2.0: what we are, the way there, where answers come to, and the way on."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from server.errors import ServerError
from server.given import given
from server.identity.access import identity_of
from server.identity.devices import address_of
from server.identity.native.form import form_of
from server.identity.oidc import journey
from server.identity.oidc.access import federation_of
from server.identity.oidc.service import Federation
from server.identity.saml import requests
from server.identity.saml.providers import SamlProvider
from server.identity.saml.service import Answers
from server.identity.service import Identity
from server.limits.access import limits_of
from server.limits.rules import Rule, WhenDown
from server.links import links_of

router = APIRouter(tags=["Identity"], prefix="/saml/{provider_id}", include_in_schema=False)

# Of one network address: each costs some milliseconds of a processor.
ANSWERED = Rule("answers of identity providers", window_s=300, limit=60, when_down=WhenDown.CLOSED)
Accounts = Annotated[Identity, given(identity_of)]
Providers = Annotated[Federation, given(federation_of)]


def _answers(request: Request) -> Answers:
    return Answers(request.app.state.services.db, federation_of(request))


Service = Annotated[Answers, given(_answers)]


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
        resumed, who = await answers.arrived(provider, key, journey.kept(request))
        then = resumed.then
        return await journey.go_on(request, federation, identity, resumed, who)
    except ServerError as problem:
        return journey.stopped(federation, problem, then)
