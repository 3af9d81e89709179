"""Who asks: the dependency every protected route has."""

from typing import Annotated, Any, cast

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection, Request

from server.errors import Unauthenticated
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.identity.service import Identity

_bearer = HTTPBearer(auto_error=False, scheme_name="BearerAuth", description="The token of POST /auth/login.")


def identity_of(connection: HTTPConnection) -> Identity:
    return cast("Identity", connection.app.state.services.identity)


async def current_user(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> User:
    """The signed-in user. Raises Unauthenticated without a valid token."""
    user = await identity_of(request).user_of(credentials.credentials) if credentials else None
    if user is None:
        sentence = "Sign in first: this needs a valid token." if credentials is None else _EXPIRED
        raise Unauthenticated(sentence, headers={"WWW-Authenticate": "Bearer"})
    return user


async def perhaps_user(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> User | None:
    """For what is open to everybody: None without a token. Raises Unauthenticated for a wrong one."""
    return None if credentials is None else await current_user(request, credentials)


_EXPIRED = "This token is not valid any more: sign in again."

CurrentUser = Annotated[User, Depends(current_user)]


def allows(*scopes: Scope) -> Any:
    """What a route does: `user: Annotated[User, allows(Scope.COMMENTS_WRITE)]`."""
    return Security(current_user, scopes=[*scopes])
