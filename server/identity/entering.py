"""What all ways in have in common over HTTP: which device comes in, and how it gets its tokens."""

from typing import Protocol

from fastapi import Request, Response

from server.identity.access import identity_of
from server.identity.devices import browser_of_page, device_of
from server.identity.sessions import cookie
from server.identity.sessions.schemas import Device, SignIn
from server.identity.wire import LoginAnswer, answer


class Asked(Protocol):
    """The body of a sign-in."""

    @property
    def device_name(self) -> str | None: ...

    @property
    def cookie(self) -> bool: ...


def device(request: Request, asked: Asked) -> Device:
    """Raises Forbidden where a page of another site wants a browser signed in."""
    if not asked.cookie:
        return device_of(request, asked.device_name)
    cookie.require_own_page(request)
    return device_of(request, asked.device_name) if asked.device_name else browser_of_page(request)


def signed_in(request: Request, response: Response, sign_in: SignIn, asked: Asked) -> LoginAnswer:
    """The tokens; the refresh token in a cookie, where a page asked for that."""
    if asked.cookie:
        cookie.give(request, response, sign_in.refresh)
    return answer(sign_in, identity_of(request).access_seconds, in_cookie=asked.cookie)
