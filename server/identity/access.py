"""Who asks: the dependency every protected route has, and what it may do with what it showed."""

from typing import Annotated, Any, cast

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from starlette.requests import HTTPConnection, Request

from server import idempotency
from server.errors import Forbidden, Unauthenticated
from server.identity.schemas import Role, User
from server.identity.scopes import OWNERS_ONLY, Scope
from server.identity.service import Identity
from server.identity.workspaces.service import Workspaces
from server.limits.access import admit

_bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    scheme_name="BearerAuth",
    description="The `token` of `POST /auth/login`, or an API key.",
)
_key = APIKeyHeader(
    name="X-API-Key", auto_error=False, scheme_name="ApiKeyAuth", description="A key of `POST /api/v1/keys`."
)

# What no key is ever given. A route that names no scope at all is for persons too.
PERSON = "person"
# Guests have nothing to know them by, so they share their idempotency keys: long ones.
NOBODY = "guest"


def identity_of(connection: HTTPConnection) -> Identity:
    return cast("Identity", connection.app.state.services.identity)


def workspaces_of(connection: HTTPConnection) -> Workspaces:
    return cast("Workspaces", connection.app.state.services.workspaces)


async def current_user(
    request: Request,
    needed: SecurityScopes,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    key: Annotated[str | None, Depends(_key)],
) -> User:
    """Whoever the token or the key stands for.

    Raises Unauthenticated without one, TooManyRequests beyond a limit, Forbidden beyond its scopes.
    """
    shown = credentials.credentials if credentials else key
    if not shown:
        raise Unauthenticated(
            "Sign in first: this needs a valid token or API key.", headers={"WWW-Authenticate": "Bearer"}
        )
    user = await identity_of(request).authenticate(shown)
    await admit(request, user_id=user.id, key_id=user.key_id)
    require(user, needed.scopes)
    await idempotency.once(request, user.id)
    return user


async def asking(request: Request, *needed: Scope) -> User:
    """The same for what answers before FastAPI looks at dependencies."""
    return await current_user(request, SecurityScopes([*needed]), await _bearer(request), await _key(request))


async def perhaps_user(
    request: Request,
    needed: SecurityScopes,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    key: Annotated[str | None, Depends(_key)],
) -> User | None:
    """For what is open to everybody: None without a token or a key. Raises Unauthenticated for a wrong one.

    A route that names no scope here looks at those of a key itself.
    """
    shown = credentials.credentials if credentials else key
    if not shown:
        await idempotency.once(request, NOBODY)
        return None
    user = await identity_of(request).authenticate(shown)
    if needed.scopes:
        require(user, needed.scopes)
    await idempotency.once(request, user.id)
    return user


async def whose(connection: HTTPConnection, token: str, *needed: Scope) -> User | None:
    """For sockets: whose token or API key it is; None for one that will not do."""
    try:
        user = await identity_of(connection).authenticate(token)
        require(user, [*needed])
    except (Unauthenticated, Forbidden):
        return None
    return user


def require(user: User, needed: list[str]) -> None:
    """Raises Forbidden where a key lacks a scope. Somebody who signed in lacks none.

    What some scopes cover is for owners of this server alone, whatever their key says.
    """
    if not OWNERS_ONLY.isdisjoint(needed) and user.role is not Role.OWNER:
        raise Forbidden("Only an owner of this server may do this.", code="owner_only")
    if user.scopes is None:
        return
    if not needed or PERSON in needed:
        raise Forbidden("An API key cannot do this: sign in yourself.", code="sign_in_needed")
    if missing := sorted(set(needed) - user.scopes):
        raise Forbidden(
            f"This API key may not do this: it lacks {', '.join(missing)}.",
            code="missing_scope",
            details={"missing": missing},
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{" ".join(needed)}"'},
        )


def allows(*scopes: Scope) -> Any:
    """What a route does: `user: Annotated[User, allows(Scope.COMMENTS_WRITE)]`."""
    return Security(current_user, scopes=[*scopes])


Person = Annotated[User, Security(current_user, scopes=[PERSON])]
CurrentUser = Annotated[User, Depends(current_user)]
