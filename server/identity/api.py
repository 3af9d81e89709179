"""Signing in over HTTP, and who that is then."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from server.identity.access import allows, identity_of
from server.identity.devices import address_of, device_of
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
    answer,
    user_out,
)

router = APIRouter(tags=["Identity"])

IdentityService = Annotated[Identity, Depends(identity_of)]


@router.post("/auth/login", operation_id="login", summary="Sign in")
async def login(
    body: LoginRequest, request: Request, identity: IdentityService
) -> LoginAnswer | StepUpAnswer:
    """With `mfaRequired` in the answer, a code is needed: send it to `/auth/login/mfa`."""
    visitor = _visitor(request, body.device_name)
    found = await identity.login(body.email, body.password, visitor)
    if isinstance(found, Signed):
        return StepUpAnswer(mfa_token=found.token, expires_at=found.expires_at)
    return answer(found, identity.access_seconds)


@router.post("/auth/login/mfa", operation_id="loginWithCode", summary="Sign in with the second factor")
async def login_with_code(body: MfaLoginRequest, request: Request, identity: IdentityService) -> LoginAnswer:
    """`code` is of the authenticator app, or a recovery code."""
    visitor = _visitor(request, body.device_name)
    found = await identity.login_with_code(body.mfa_token, body.code, visitor)
    return answer(found, identity.access_seconds)


@router.get("/api/v1/me", operation_id="getMe", summary="Who is signed in")
async def me(user: Annotated[User, allows(Scope.ACCOUNT_READ)]) -> UserOut:
    return user_out(user)


def _visitor(request: Request, device_name: str | None) -> Visitor:
    return Visitor(address_of(request), device_of(request, device_name))
