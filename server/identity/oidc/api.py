"""Signing in with an account elsewhere: addresses for browsers, and what a person has connected."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from server.errors import ServerError
from server.given import given
from server.identity.access import Person, identity_of
from server.identity.devices import address_of
from server.identity.oidc import journey
from server.identity.oidc import schemas as wire
from server.identity.oidc.access import federation_of
from server.identity.oidc.models import IdentityRow
from server.identity.oidc.providers import OpenIdProvider, Provider
from server.identity.oidc.service import Federation
from server.identity.passkeys.api import site_at
from server.identity.saml.logout import Logout
from server.identity.service import Identity
from server.identity.sessions import cookie
from server.language import in_its_language
from server.limits.access import limits_of
from server.links import links_of

router = APIRouter(tags=["Identity"], dependencies=[Depends(in_its_language)])

IDENTITIES = "/api/v1/auth/identities"
Accounts = Annotated[Identity, given(identity_of)]
Providers = Annotated[Federation, given(federation_of)]


@router.get("/auth/ways", operation_id="listWays", summary="How one may sign in here")
async def ways(request: Request, federation: Providers) -> wire.WaysOut:
    providers = [
        wire.ProviderOut(id=one.id, name=one.name, start_path=one.start_path)
        for one in federation.providers.values()
    ]
    try:
        site_at(request)
    except ServerError:
        return wire.WaysOut(password=True, passkeys=False, providers=providers)
    return wire.WaysOut(password=True, passkeys=True, providers=providers)


@router.post("/auth/single-logout", operation_id="singleLogout", summary="Sign out here and elsewhere")
async def single_logout(
    request: Request, response: Response, user: Person, federation: Providers
) -> wire.SingleLogoutAnswer:
    """As `/auth/logout`; and for a page of this server that was signed in by SAML there is an `address` to
    lead the browser to, where the provider signs its person out, too."""
    ending = Logout(request.app.state.services.db, federation)
    address = await ending.begin(user, base=links_of(request).base(request))
    cookie.clear(request, response)
    return wire.SingleLogoutAnswer(address=address)


@router.get("/auth/oidc/{provider_id}/start", include_in_schema=False)
async def start(provider_id: str, request: Request, federation: Providers) -> Response:
    """With `next` for a page here; with what `/oauth/authorize` or `/device` was asked, for those."""
    return await journey.begin(request, federation, provider_id, OpenIdProvider)


@router.get("/auth/oidc/{provider_id}/callback", include_in_schema=False)
async def callback(provider_id: str, request: Request, federation: Providers, identity: Accounts) -> Response:
    answer = dict(request.query_params)
    try:
        provider = federation.provider(provider_id, OpenIdProvider)
        resumed = await federation.resume(provider, answer.get("state", "")[:100], journey.kept(request))
    except ServerError as problem:
        return journey.stopped(federation, problem, {})
    try:
        who = await federation.who(provider, resumed, answer)
        return await journey.go_on(request, federation, identity, resumed, who)
    except ServerError as problem:
        return journey.stopped(federation, problem, resumed.then)


@router.get(IDENTITIES, operation_id="listIdentities", summary="Your accounts elsewhere")
async def list_identities(user: Person, federation: Providers) -> wire.IdentityList:
    """Those that sign in to this one."""
    return wire.IdentityList(data=[_out(federation, row) for row in await federation.linked.list(user.id)])


@router.post(IDENTITIES, operation_id="linkIdentity", summary="Connect an account elsewhere")
async def link(
    body: wire.LinkRequest,
    request: Request,
    response: Response,
    *,
    user: Person,
    federation: Providers,
    identity: Accounts,
) -> wire.LinkAnswer:
    """For a page of this server, which then leads the browser to `address`; it comes back to `next`."""
    await limits_of(request).hit(journey.BEGUN, address_of(request))
    provider = federation.provider(body.provider, Provider)
    then = {"kind": "link", "next": journey.local(body.next)}
    await identity.reassure(user, address_of(request), password=body.password, code=body.code)
    base, kept = links_of(request).base(request), journey.kept(request)
    begun = await federation.begin(provider, then, base=base, browser=kept, user_id=user.id)
    journey.keep(request, response, provider, begun.browser)
    return wire.LinkAnswer(address=begun.address)


@router.delete(
    IDENTITIES + "/{identity_id}",
    status_code=204,
    operation_id="unlinkIdentity",
    summary="Disconnect an account elsewhere",
)
async def unlink(identity_id: str, user: Person, federation: Providers) -> Response:
    """Not the last way into an account without a password (409 `last_way_in`)."""
    await federation.linked.unlink(user.id, identity_id)
    return Response(status_code=204)


def _out(federation: Federation, row: IdentityRow) -> wire.IdentityOut:
    provider = federation.providers.get(row.provider)
    return wire.IdentityOut(
        id=row.id,
        provider=row.provider,
        provider_name=provider.name if provider else row.provider,
        email=row.email,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
