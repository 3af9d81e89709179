"""Sign-ins over HTTP: refreshed, listed, ended; and the password they were opened with."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from server.errors import Unauthenticated
from server.given import given
from server.identity.access import Person, identity_of
from server.identity.devices import address_of
from server.identity.service import Identity
from server.identity.sessions import cookie
from server.identity.sessions import schemas as wire
from server.identity.sessions.schemas import SessionView
from server.identity.wire import LoginAnswer, PasswordChange, answer

router = APIRouter(tags=["Identity"])

SESSIONS = "/api/v1/auth/sessions"
Service = Annotated[Identity, given(identity_of)]
RequestKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same for each repetition of this request: an answer that got lost can be had again.",
    ),
]


@router.post("/auth/refresh", operation_id="refresh", summary="Get a new pair of tokens")
async def refresh(
    request: Request,
    response: Response,
    identity: Service,
    body: wire.RefreshRequest | None = None,
    request_key: RequestKey = None,
) -> LoginAnswer:
    """A refresh token is good for one use; one that is used again ends its sign-in (401 `token_reused`).

    Without one in the body that of the browser's cookie is used, with the header `X-Heddle-Session: 1`.
    """
    if body is not None and body.refresh_token is not None:
        found = await identity.sessions.refresh(body.refresh_token, request_key)
        return answer(found, identity.access_seconds)
    try:
        found = await identity.sessions.refresh(cookie.shown(request), request_key)
    except Unauthenticated as problem:
        problem.headers["Set-Cookie"] = cookie.cleared(request)
        raise
    cookie.give(request, response, found.refresh)
    return answer(found, identity.access_seconds, in_cookie=True)


@router.post("/auth/logout", operation_id="logout", summary="Sign out", status_code=204)
async def logout(request: Request, user: Person, identity: Service) -> Response:
    """Takes the browser's cookie away too."""
    if user.session_id is not None:
        await identity.sessions.end(user.id, user.session_id)
    return _without_cookie(request)


@router.post("/auth/logout-all", operation_id="logoutAll", summary="Sign out on all devices", status_code=204)
async def logout_all(request: Request, user: Person, identity: Service) -> Response:
    await identity.sessions.end_all(user.id)
    return _without_cookie(request)


@router.get(SESSIONS, operation_id="listSessions", summary="Where you are signed in")
async def list_sessions(user: Person, identity: Service) -> wire.SessionList:
    views = await identity.sessions.views(user.id)
    return wire.SessionList(data=[_out(view, user.session_id) for view in views])


@router.delete(
    SESSIONS, operation_id="endOtherSessions", summary="Sign out on all other devices", status_code=204
)
async def end_others(user: Person, identity: Service) -> Response:
    await identity.sessions.end_all(user.id, but=user.session_id)
    return Response(status_code=204)


@router.delete(
    SESSIONS + "/{session_id}", operation_id="endSession", summary="Sign out on one device", status_code=204
)
async def end_session(session_id: str, user: Person, identity: Service) -> Response:
    await identity.sessions.end(user.id, session_id)
    return Response(status_code=204)


@router.post(
    "/api/v1/auth/password", operation_id="changePassword", summary="Change your password", status_code=204
)
async def change_password(
    body: PasswordChange, request: Request, user: Person, identity: Service
) -> Response:
    """All other devices are signed out. API keys go on working."""
    await identity.confirm(user, body.current_password, address_of(request))
    await identity.change_password(user, body.new_password)
    return Response(status_code=204)


def _without_cookie(request: Request) -> Response:
    response = Response(status_code=204)
    cookie.clear(request, response)
    return response


def _out(view: SessionView, current: str | None) -> wire.SessionOut:
    return wire.SessionOut(
        id=view.id,
        device_name=view.device.name,
        client=view.device.client,
        created_at=view.created_at,
        last_used_at=view.last_used_at,
        expires_at=view.expires_at,
        current=view.id == current,
    )
