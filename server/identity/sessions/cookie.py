"""A browser's refresh token, where no script of any page can read it.

A browser sends its cookies by itself, also when a page of somebody else makes it ask. So this one is sent to
`/auth` alone, never with what another site begins (`SameSite=Strict`), and counts only beside a header that
a page of another site may not send. On top of that the browser is believed when it says whose page asks
(`Sec-Fetch-Site`; where it is too old for that, `Origin`).
"""

from math import ceil

from fastapi import Request, Response

from server.db import now
from server.errors import Forbidden, InvalidRequest, Unauthenticated
from server.identity.sessions.tokens import Signed
from server.links import links_of, netloc_of

NAME = "heddle_session"
PATH = "/auth"
HEADER = "X-Heddle-Session"


def give(request: Request, response: Response, refresh: Signed) -> None:
    """Lets the browser keep a refresh token for as long as it is good for."""
    seconds = ceil((refresh.expires_at - now()).total_seconds())
    response.set_cookie(
        NAME,
        refresh.token,
        max_age=seconds,
        path=PATH,
        secure=_secure(request),
        httponly=True,
        samesite="strict",
    )


def clear(request: Request, response: Response) -> None:
    """Only where there is one: other clients are not told of cookies."""
    if NAME in request.cookies:
        response.headers.append("Set-Cookie", cleared(request))


def cleared(request: Request) -> str:
    """The value of the header `Set-Cookie` that takes it away."""
    empty = Response()
    empty.delete_cookie(NAME, path=PATH, secure=_secure(request), httponly=True, samesite="strict")
    return empty.headers["Set-Cookie"]


def shown(request: Request) -> str:
    """The refresh token that a browser keeps for a page of ours.

    Raises InvalidRequest for a client that has none, Forbidden for a page of others, Unauthenticated where
    nobody is signed in.
    """
    token = request.cookies.get(NAME)
    if token is None and HEADER not in request.headers:
        raise InvalidRequest(
            f"Send `refreshToken`. Only pages of this server go without: they send {HEADER}: 1 and a cookie."
        )
    require_own_page(request)
    if not token:
        raise Unauthenticated("Nobody is signed in in this browser.", code="session_ended")
    return token


def require_own_page(request: Request) -> None:
    """Raises Forbidden unless a page of this server asks, as far as the browser can tell."""
    if request.headers.get(HEADER) != "1":
        raise Forbidden(
            f"A request about a browser's sign-in needs the header {HEADER}: 1.", code="cross_site"
        )
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = site == "same-origin" if site is not None else origin is None or _is_ours(request, origin)
    if not own:
        raise Forbidden(
            "A page of another site asked for this. If it was one of this server, its address is not the one "
            "that the server knows itself by: set HEDDLE_PUBLIC_URL.",
            code="cross_site",
        )


def _is_ours(request: Request, origin: str) -> bool:
    """By host and port: whoever ends TLS in front of us may not have told the scheme."""
    ours = {request.headers.get("host", ""), netloc_of(links_of(request).public_url)} - {""}
    return netloc_of(origin) in ours


def _secure(request: Request) -> bool:
    return links_of(request).secure(request)
