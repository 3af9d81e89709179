"""Who may ask: a person's token, a key with the scopes of the operation, a guest's token, or anybody."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from server.identity.access import PERSON, perhaps_user
from server.identity.sessions import cookie
from server.late import described

GUEST, COOKIE = "GuestToken", "SessionCookie"
_COOKIE_SCHEME = {
    "type": "apiKey",
    "in": "cookie",
    "name": cookie.NAME,
    "description": f"What a browser keeps of its sign-in; counts with the header `{cookie.HEADER}: 1`.",
}
_GUEST_SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "X-Guest-Token",
    "description": "The `editToken` that a guest was told with the first thing they said.",
}


def describe(components: dict[str, Any]) -> None:
    components["securitySchemes"] |= {GUEST: _GUEST_SCHEME, COOKIE: _COOKIE_SCHEME}


def open_to_all(routers: Sequence[APIRouter]) -> set[tuple[str, str]]:
    """Methods and paths that nobody has to sign in for, though whoever does is known."""
    routes = (route for router in routers for route in described(router.routes))
    return {
        (method, route.path)
        for route in routes
        if isinstance(route, APIRoute)
        if perhaps_user in _calls(route.dependant)
        for method in route.methods or ()
    }


def complete(operation: dict[str, Any], *, anybody: bool) -> None:
    known: list[dict[str, list[str]]] = operation.get("security", [])
    if any(PERSON in scopes for one in known for scopes in one.values()):
        known = [{"BearerAuth": []}]  # what a person may do alone is not offered to keys
    guests: list[dict[str, list[str]]] = [{GUEST: []}] if _takes_guests(operation) else []
    if operation["operationId"] == "refresh":
        guests = [{COOKIE: []}]
    # An empty requirement says that there need be none (OpenAPI 3.1, 4.8.30).
    operation["security"] = [{}, *guests, *known] if anybody or not known else known


def _takes_guests(operation: dict[str, Any]) -> bool:
    return any(one.get("name") == _GUEST_SCHEME["name"] for one in operation.get("parameters", ()))


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for one in dependant.dependencies:
        yield from _calls(one)
