"""Signing in over HTTP, and who that is then."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from server.given import given
from server.identity import entering
from server.identity.access import allows, identity_of
from server.identity.devices import address_of
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.identity.service import Identity, Visitor
from server.identity.sessions.tokens import Signed
from server.identity.wire import (
    LoginAnswer,
    LoginRequest,
    MfaLoginRequest,
    StepUpAnswer,
    UserOut,
    user_out,
)

router = APIRouter(tags=["Identity"])

IdentityService = Annotated[Identity, given(identity_of)]


@router.post("/auth/login", operation_id="login", summary="Sign in")
async def login(
    body: LoginRequest, request: Request, response: Response, identity: IdentityService
) -> LoginAnswer | StepUpAnswer:
    """With `mfaRequired` in the answer, a code is needed: send it to `/auth/login/mfa`."""
    found = await identity.login(body.email, body.password, _visitor(request, body))
    if isinstance(found, Signed):
        return StepUpAnswer(mfa_token=found.token, expires_at=found.expires_at)
    return entering.signed_in(request, response, found, body)


@router.post("/auth/login/mfa", operation_id="loginWithCode", summary="Sign in with the second factor")
async def login_with_code(
    body: MfaLoginRequest, request: Request, response: Response, identity: IdentityService
) -> LoginAnswer:
    """`code` is of the authenticator app, or a recovery code."""
    found = await identity.login_with_code(body.mfa_token, body.code, _visitor(request, body))
    return entering.signed_in(request, response, found, body)


@router.get("/api/v1/me", operation_id="getMe", summary="Who is signed in")
async def me(user: Annotated[User, allows(Scope.ACCOUNT_READ)]) -> UserOut:
    return user_out(user)


def _visitor(request: Request, body: LoginRequest | MfaLoginRequest) -> Visitor:
    return Visitor(address_of(request), entering.device(request, body))
