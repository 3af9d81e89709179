"""Signing in with an account elsewhere: addresses for browsers, and what a person has connected."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from server.errors import InvalidRequest, ServerError
from server.given import given
from server.identity.access import Person, identity_of
from server.identity.devices import address_of, browser_of_page
from server.identity.native import pages
from server.identity.native.requests import AuthorizationRequest
from server.identity.oidc import schemas as wire
from server.identity.oidc.access import federation_of
from server.identity.oidc.models import IdentityRow
from server.identity.oidc.service import Federation, Resumed
from server.identity.oidc.tokens import Someone
from server.identity.passkeys.api import site_at
from server.identity.service import Identity
from server.identity.sessions import cookie
from server.limits.access import limits_of
from server.limits.rules import Rule, WhenDown
from server.links import links_of

router = APIRouter(tags=["Identity"])

IDENTITIES = "/api/v1/auth/identities"
COOKIE = "heddle_oidc"
COOKIE_PATH = "/auth/oidc"
LONGEST_NEXT = 2000
# Of one network address.
BEGUN = Rule("sign-ins begun elsewhere", window_s=300, limit=60, when_down=WhenDown.CLOSED)
_AGAIN = "The sign-in did not work"
Accounts = Annotated[Identity, given(identity_of)]
Providers = Annotated[Federation, given(federation_of)]


@router.get("/auth/ways", operation_id="listWays", summary="How one may sign in here")
async def ways(request: Request, federation: Providers) -> wire.WaysOut:
    providers = [
        wire.ProviderOut(id=one.id, name=one.name, start_path=f"/auth/oidc/{one.id}/start")
        for one in federation.providers.values()
    ]
    try:
        site_at(request)
    except ServerError:
        return wire.WaysOut(password=True, passkeys=False, providers=providers)
    return wire.WaysOut(password=True, passkeys=True, providers=providers)


@router.get("/auth/oidc/{provider_id}/start", include_in_schema=False)
async def start(provider_id: str, request: Request, federation: Providers) -> Response:
    """With `next` for a page here; with what `/oauth/authorize` or `/device` was asked, for those."""
    then = _then(dict(request.query_params))
    try:
        await limits_of(request).hit(BEGUN, address_of(request))
        base, kept = links_of(request).base(request), _kept(request)
        begun = await federation.begin(provider_id, then, base=base, browser=kept)
    except ServerError as problem:
        return _stopped(federation, problem, then)
    answer = RedirectResponse(begun.address, 303)
    _keep(request, answer, begun.browser)
    return answer


@router.get("/auth/oidc/{provider_id}/callback", include_in_schema=False)
async def callback(provider_id: str, request: Request, federation: Providers, identity: Accounts) -> Response:
    answer = dict(request.query_params)
    try:
        resumed = await federation.resume(provider_id, answer.get("state", "")[:100], _kept(request))
    except ServerError as problem:
        return _stopped(federation, problem, {})
    try:
        who = await federation.who(resumed, answer)
        return await _go_on(request, federation, identity, resumed, who)
    except ServerError as problem:
        return _stopped(federation, problem, resumed.then)


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
    await limits_of(request).hit(BEGUN, address_of(request))
    federation.provider(body.provider)
    then = {"kind": "link", "next": _local(body.next)}
    await identity.reassure(user, address_of(request), password=body.password, code=body.code)
    begun = await federation.begin(
        body.provider, then, base=links_of(request).base(request), browser=_kept(request), user_id=user.id
    )
    _keep(request, response, begun.browser)
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


async def _go_on(
    request: Request, federation: Federation, identity: Identity, resumed: Resumed, who: Someone
) -> Response:
    """Where the person was going, now that it is known who they are."""
    then, base = resumed.then, links_of(request).for_mail(request)
    if resumed.user_id is not None:
        await federation.linked.link(resumed.user_id, resumed.provider, who, base=base)
        return RedirectResponse(then["next"], 303)
    user_id = await federation.linked.account_of(resumed.provider, who, base=base)
    if then["kind"] == "page":
        found = await identity.sessions.open(user_id, browser_of_page(request))
        # Not there at once: that page takes note that somebody is signed in.
        answer = RedirectResponse(f"/signin?next={quote(then['next'], safe='')}", 303)
        cookie.give(request, answer, found.refresh)
        return answer
    # A program is to be let in: the person has come here by links alone, and is asked before.
    user = await identity.find(user_id)
    proof = pages.Proof(await federation.prove(user_id), user.email if user else "")
    return _page_of(federation, then, proof=proof)


def _page_of(
    federation: Federation,
    then: dict[str, str],
    *,
    proof: pages.Proof | None = None,
    problem: ServerError | None = None,
) -> Response:
    """The page on which somebody lets a program in."""
    sentence, fields = problem.sentence if problem else "", dict(then)
    if fields.pop("kind") == "device":
        ways = federation.ways(fields)
        return _html(pages.device(then["user_code"], proof=proof, problem=sentence, ways=ways), problem)
    asked = AuthorizationRequest.parse(fields)
    html = pages.sign_in(
        asked.fields(), asked.device_name, proof=proof, problem=sentence, ways=federation.ways(asked.fields())
    )
    return _html(html, problem, form_to=asked.origin)


def _stopped(federation: Federation, problem: ServerError, then: dict[str, str]) -> Response:
    """What went wrong, and the way back to where it was begun."""
    kind = then.get("kind", "page")
    if kind in ("program", "device"):
        return _page_of(federation, then, problem=problem)
    back = then.get("next", "/")
    if kind == "link":
        return _html(pages.stopped("Nothing was connected", problem.sentence, ("Back", back)), problem)
    again = ("Sign in another way", f"/signin?{urlencode({'next': back})}")
    return _html(pages.stopped(_AGAIN, problem.sentence, again), problem)


def _html(html: str, problem: ServerError | None, *, form_to: str = "") -> HTMLResponse:
    headers = {
        "Content-Security-Policy": pages.policy(form_to),
        "Cache-Control": "no-store",
        # The address of this page has the provider's code in it.
        "Referrer-Policy": "no-referrer",
        **(problem.headers if problem else {}),
    }
    headers.pop("WWW-Authenticate", None)
    return HTMLResponse(html, problem.status if problem else 200, headers=headers)


def _then(query: dict[str, str]) -> dict[str, str]:
    """What somebody has in mind who signs in. Raises InvalidRequest."""
    if "client_id" in query:
        return {"kind": "program", **AuthorizationRequest.parse(query).fields()}
    if "user_code" in query:
        return {"kind": "device", "user_code": query["user_code"][:20]}
    return {"kind": "page", "next": _local(query.get("next", "/"))}


def _local(address: str) -> str:
    """Raises InvalidRequest for what would lead to another server, however a browser reads it."""
    plain = address.isprintable() and "\\" not in address and len(address) <= LONGEST_NEXT
    if not plain or not address.startswith("/") or address.startswith("//"):
        raise InvalidRequest("`next` must be an address of this server, such as /search.")
    return address


def _kept(request: Request) -> str | None:
    """What the browser was given to show; None for none, or what we do not give."""
    kept = request.cookies.get(COOKIE, "")
    return kept if 40 <= len(kept) <= 60 else None


def _keep(request: Request, response: Response, browser: str) -> None:
    """Sent along when a link of another site leads here (`Lax`): that is how a browser comes back."""
    response.set_cookie(
        COOKIE,
        browser,
        max_age=3600,
        path=COOKIE_PATH,
        secure=links_of(request).base(request).startswith("https://"),
        httponly=True,
        samesite="lax",
    )


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
