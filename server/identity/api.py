"""Signing in and out over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from server.identity.access import CurrentUser, identity_of
from server.identity.schemas import LoginAnswer, LoginRequest, User, UserOut
from server.identity.service import Identity

router = APIRouter(tags=["Identity"])

IdentityService = Annotated[Identity, Depends(identity_of)]


@router.post("/auth/login", operation_id="login", summary="Sign in")
async def login(body: LoginRequest, request: Request, identity: IdentityService) -> LoginAnswer:
    address = request.client.host if request.client else "unknown"
    sign_in = await identity.login(body.email, body.password, address=address)
    return LoginAnswer(token=sign_in.token, expires_at=sign_in.expires_at, user=_out(sign_in.user))


@router.post("/auth/logout", operation_id="logout", summary="Sign out", status_code=204)
async def logout(user: CurrentUser, identity: IdentityService) -> Response:
    await identity.logout(user)
    return Response(status_code=204)


@router.get("/api/v1/me", operation_id="getMe", summary="Who is signed in")
async def me(user: CurrentUser) -> UserOut:
    return _out(user)


def _out(user: User) -> UserOut:
    return UserOut(id=user.id, email=user.email, username=user.username, role=user.role)
