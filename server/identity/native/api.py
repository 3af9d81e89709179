"""OAuth 2.0 for our own programs: `/oauth/authorize` and `/device` for people, the rest for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.requests import HTTPConnection

from server.document import scriptless_policy
from server.errors import ServerError
from server.given import given
from server.identity.access import identity_of
from server.identity.devices import address_of, device_of
from server.identity.native import pages
from server.identity.native.form import form_of
from server.identity.native.requests import CLIENT_ID, AuthorizationRequest, OAuthError
from server.identity.native.service import POLL_EVERY, NativeSignIn
from server.identity.oidc.access import federation_of
from server.identity.service import Identity
from server.identity.sessions.schemas import SignIn
from server.language import in_its_language, reason, say
from server.limits.access import limits_of
from server.limits.rules import Rule, WhenDown
from server.links import links_of

router = APIRouter(tags=["Identity"], dependencies=[Depends(in_its_language)])

# By address: nobody fills the table of those who wait, and nobody tries codes of others.
BEGINNING = Rule("sign-ins by code begun", window_s=3600, limit=60, burst=10, when_down=WhenDown.CLOSED)
TYPING = Rule("sign-in codes typed in", window_s=600, limit=30, when_down=WhenDown.CLOSED)

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_FORM = {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}}
_EXTRA: dict[str, Any] = {"requestBody": {"required": True, **_FORM}}


def _native(connection: HTTPConnection) -> NativeSignIn:
    return identity_of(connection).native


Form = Annotated[dict[str, str], Depends(form_of)]
Native = Annotated[NativeSignIn, given(_native)]
Accounts = Annotated[Identity, given(identity_of)]


@router.get("/oauth/authorize", operation_id="authorize", summary="The page that signs a program in")
async def authorize(request: Request) -> HTMLResponse:
    """`client_id=heddle response_type=code redirect_uri code_challenge code_challenge_method=S256 state`."""
    asked = AuthorizationRequest.parse(dict(request.query_params))
    ways = federation_of(request).ways(asked.fields())
    return _page(pages.sign_in(asked.fields(), asked.device_name, ways=ways), form_to=asked.origin)


@router.post("/oauth/authorize", include_in_schema=False)
async def authorized(request: Request, sent: Form, identity: Accounts, native: Native) -> Response:
    asked = AuthorizationRequest.parse(sent)
    if sent.get("deny"):
        return RedirectResponse(asked.answer(error="access_denied"), 303)
    try:
        user = await _prove(request, sent, identity)
    except ServerError as problem:
        page = pages.sign_in(
            asked.fields(),
            asked.device_name,
            email=sent.get("email", ""),
            problem=reason(problem),
            ways=federation_of(request).ways(asked.fields()),
        )
        return _page(page, form_to=asked.origin, problem=problem)
    code = await native.grant(user, asked, device_of(request, "").client)
    return RedirectResponse(asked.answer(code=code, iss=links_of(request).base(request)), 303)


@router.post(
    "/oauth/device/code", operation_id="deviceCode", summary="Begin a sign-in by code", openapi_extra=_EXTRA
)
async def device_code(request: Request, sent: Form, native: Native) -> JSONResponse:
    """RFC 8628. `client_id=heddle`, and `device_name` if wanted."""
    try:
        _check_client(sent)
        await limits_of(request).hit(BEGINNING, address_of(request))
        grant = await native.begin_device(device_of(request, sent.get("device_name")))
    except OAuthError as problem:
        return _refused(request, problem)
    address = f"{links_of(request).base(request)}/device"
    return JSONResponse(
        {
            "device_code": grant.device_code,
            "user_code": grant.user_code,
            "verification_uri": address,
            "verification_uri_complete": f"{address}?user_code={grant.user_code}",
            "expires_in": int(grant.expires_in.total_seconds()),
            "interval": int(POLL_EVERY.total_seconds()),
        }
    )


@router.get("/device", operation_id="devicePage", summary="The page for a code of a device")
async def device_page(request: Request, native: Native, user_code: str = "") -> HTMLResponse:
    ways = federation_of(request).ways({"user_code": user_code[:20]})
    try:
        if user_code:
            await limits_of(request).hit(TYPING, address_of(request))
        name = (await native.waiting(user_code)).name if user_code else ""
    except ServerError as problem:
        return _page(pages.device(user_code[:20], problem=reason(problem), ways=ways), problem=problem)
    return _page(pages.device(user_code[:20], name, ways=ways))


@router.post("/device", include_in_schema=False)
async def device_decided(request: Request, sent: Form, identity: Accounts, native: Native) -> HTMLResponse:
    user_code, approved = sent.get("user_code", "")[:20], not sent.get("deny")
    try:
        await limits_of(request).hit(TYPING, address_of(request))
        user = await _prove(request, sent, identity)
        await native.decide(user_code, user, approved=approved)
    except ServerError as problem:
        ways = federation_of(request).ways({"user_code": user_code})
        page = pages.device(user_code, email=sent.get("email", ""), problem=reason(problem), ways=ways)
        return _page(page, problem=problem)
    if approved:
        title, sentence = say("The device is signed in"), say("You can close this page and go back to it.")
    else:
        title, sentence = say("The device was refused"), say("It is not signed in. You can close this page.")
    return _page(pages.done(title, sentence))


@router.post("/oauth/token", operation_id="token", summary="Get tokens for a code", openapi_extra=_EXTRA)
async def token(request: Request, sent: Form, identity: Accounts, native: Native) -> JSONResponse:
    """RFC 6749 sections 4.1.3 (with `code_verifier`) and 6 (`refresh_token`), RFC 8628 section 3.4."""
    try:
        _check_client(sent)
        found = await _tokens(sent, identity, native, request.headers.get("idempotency-key"))
    except OAuthError as problem:
        return _refused(request, problem)
    except ServerError as problem:
        return _refused(request, OAuthError("invalid_grant", problem.sentence))
    return JSONResponse(
        {
            "access_token": found.access.token,
            "token_type": "Bearer",
            "expires_in": identity.access_seconds,
            "refresh_token": found.refresh.token,
            "email": found.user.email,
        }
    )


async def _tokens(sent: dict[str, str], identity: Identity, native: NativeSignIn, key: str | None) -> SignIn:
    kind = sent.get("grant_type")
    if kind == "authorization_code":
        verifier, redirect_uri = sent.get("code_verifier", ""), sent.get("redirect_uri", "")
        return await native.redeem(sent.get("code", ""), verifier, redirect_uri)
    if kind == DEVICE_GRANT:
        return await native.poll(sent.get("device_code", ""))
    if kind == "refresh_token":
        return await identity.sessions.refresh(sent.get("refresh_token", ""), key)
    raise OAuthError("unsupported_grant_type", "This kind of grant is not known here.")


async def _prove(request: Request, sent: dict[str, str], identity: Identity) -> str:
    """The id of whoever has filled in the form, or has come back from a provider to it.

    Raises Unauthenticated, InvalidRequest or TooManyRequests.
    """
    if proof := sent.get("proof"):
        return await federation_of(request).proved(proof[:100])
    email, password = sent.get("email", "")[:254], sent.get("password", "")[:1024]
    return (await identity.prove(email, password, sent.get("code", "")[:40], address_of(request))).id


def _check_client(sent: dict[str, str]) -> None:
    if sent.get("client_id") != CLIENT_ID:
        raise OAuthError("invalid_client", f"`client_id` must be {CLIENT_ID}.", 401)


def _page(html: str, *, form_to: str = "", problem: ServerError | None = None) -> HTMLResponse:
    headers = {"Content-Security-Policy": scriptless_policy(form_to), **(problem.headers if problem else {})}
    headers.pop("WWW-Authenticate", None)  # a browser would ask by itself
    return HTMLResponse(html, problem.status if problem else 200, headers=headers)


def _refused(request: Request, problem: OAuthError) -> JSONResponse:
    """Its `error` is a word of RFC 6749, not a sentence as everywhere else: programs of others know it."""
    body = {
        "error": problem.error,
        "error_description": problem.description,
        "code": problem.error,
        "details": None,
        "requestId": str(getattr(request.state, "request_id", "")),
    }
    return JSONResponse(body, problem.status)
