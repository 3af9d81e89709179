"""Every protected route says what it needs; a forgotten one fails here."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from server.app import create_app
from server.errors import Forbidden
from server.identity.access import PERSON, current_user, require
from server.identity.schemas import Role, User
from server.identity.scopes import OWNERS_ONLY, Scope
from server.sharing.pages import PLAIN
from tests.support.routes import unfolded

# Nobody has to sign in for these. A share's slug and a ticket are unguessable, and are checked by the route.
OPEN = {
    *("/auth/ways", "/auth/oidc/{provider_id}/start", "/auth/oidc/{provider_id}/callback"),
    *(f"/saml/{{provider_id}}/{page}" for page in ("metadata", "login", "acs", "done", "logout")),
    *("/auth/login/passkey", "/auth/login/passkey/options"),
    *("/auth/login", "/auth/login/mfa", "/auth/refresh", "/health/live", "/health/ready", "/oembed"),
    *PLAIN,
    *("/docs", "/docs/start.js", "/docs/{name}", "/openapi.json", "OPTIONS /api/v1/uploads"),
    "OPTIONS /api/v1/uploads/{upload_id}",
    # What is asked for here carries a key that came by mail, or makes an account.
    *("/auth/register", "/auth/verify-email", "/auth/password/forgotten", "/auth/password/reset"),
    *("/auth/email/confirm", "/avatars/{name}.webp"),
    *("/api/v1/invitations/look", "/api/v1/invitations/decline", "/api/v1/erasures/{erasure_id}"),
    "/api/v1/billing/stripe/webhook",  # signed by Stripe
    "/graphql",  # its fields ask for what they need
    "/api/v1/analytics/events",  # who watches a share tells so, by its slug
    "/unsubscribe/{token}",  # its token is a MAC of who leaves which letters
    *("/oauth/authorize", "/oauth/token", "/oauth/device/code", "/device"),
}
UNGUESSABLE = ("/s/", "/embed/", "/api/v1/shares/", "/assets/")


@pytest.fixture(scope="module")
def routes() -> list[APIRoute]:
    return [route for route in unfolded(create_app().routes) if isinstance(route, APIRoute)]


def needed(dependant: Dependant) -> Iterator[set[str]]:
    """What each use of `current_user` in a route asks for."""
    for one in dependant.dependencies:
        if one.call is current_user:
            yield {*(one.parent_oauth_scopes or []), *(one.own_oauth_scopes or [])}
        else:
            yield from needed(one)


def is_open(route: APIRoute) -> bool:
    named = {route.path, *(f"{method} {route.path}" for method in route.methods)}
    return bool(named & OPEN) or route.path.startswith(UNGUESSABLE) or "{ticket}" in route.path


def test_every_route_is_open_on_purpose_or_names_what_it_needs(routes: list[APIRoute]) -> None:
    assert len(routes) > 40
    silent = [r.path for r in routes if not is_open(r) and not all([*needed(r.dependant)] or [False])]
    assert silent == []


def test_the_description_says_the_same(app: FastAPI, routes: list[APIRoute]) -> None:
    described = {
        (method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        if not operation.get("security")
    }
    meant = {(method, route.path) for route in routes if is_open(route) for method in route.methods or ()}
    assert described <= meant, "what is described as open must be open on purpose"


def test_no_route_asks_for_more_than_exists(routes: list[APIRoute]) -> None:
    known = {PERSON, *Scope}
    asked = {scope for route in routes for scopes in needed(route.dependant) for scope in scopes}
    assert asked <= known
    assert {Scope.RECORDINGS_READ, Scope.UPLOADS_WRITE, PERSON} <= asked


def test_reading_needs_no_right_to_write(routes: list[APIRoute]) -> None:
    for route in routes:
        if route.methods == {"GET"}:
            asked = {scope for scopes in needed(route.dependant) for scope in scopes}
            assert not [scope for scope in asked if scope.endswith(":write")], route.path


@pytest.mark.parametrize("scope", Scope)
def test_a_key_without_a_scope_may_not_do_it_and_a_person_may(scope: Scope) -> None:
    role = Role.OWNER if scope in OWNERS_ONLY else Role.MEMBER
    require(User("1", "a@example.org", "a", role), [scope])
    others = frozenset(Scope) - {scope}
    with pytest.raises(Forbidden):
        require(User("1", "a@example.org", "a", role, scopes=others), [scope])
    require(User("1", "a@example.org", "a", role, scopes=frozenset({scope})), [scope])


@pytest.mark.parametrize("scope", sorted(OWNERS_ONLY))
@pytest.mark.parametrize("by_key", [False, True])
def test_only_an_owner_of_the_server_administers_it(scope: Scope, by_key: bool) -> None:
    scopes = frozenset({scope}) if by_key else None
    require(User("1", "a@example.org", "a", Role.OWNER, scopes=scopes), [scope])
    with pytest.raises(Forbidden) as refused:
        require(User("1", "a@example.org", "a", Role.MEMBER, scopes=scopes), [scope])
    assert refused.value.code == "owner_only"


@pytest.mark.parametrize("asked", [[], [PERSON]])
def test_what_names_no_scope_is_for_persons_alone(asked: list[str]) -> None:
    with pytest.raises(Forbidden):
        require(User("1", "a@example.org", "a", Role.MEMBER, scopes=frozenset(Scope)), asked)
