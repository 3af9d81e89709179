"""What a browser goes through that signs in elsewhere, the same for providers of all kinds: away, and back.

It carries a cookie from page to page, so that nobody finishes in it what was begun in another.
"""

from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from server.document import scriptless_policy
from server.errors import InvalidRequest, ServerError
from server.identity.devices import address_of, browser_of_page
from server.identity.native import pages
from server.identity.native.requests import AuthorizationRequest
from server.identity.oidc.providers import Provider
from server.identity.oidc.service import Federation, Resumed
from server.identity.oidc.tokens import Someone
from server.identity.service import Identity
from server.identity.sessions import cookie
from server.identity.sessions.service import Noting
from server.language import reason, say
from server.limits.access import limits_of
from server.limits.rules import Rule, WhenDown
from server.links import links_of

COOKIE = "heddle_oidc"
LONGEST_NEXT = 2000
# Of one network address.
BEGUN = Rule("sign-ins begun elsewhere", window_s=300, limit=60, when_down=WhenDown.CLOSED)


async def begin(request: Request, federation: Federation, provider_id: str, kind: type[Provider]) -> Response:
    """With `next` for a page here; with what `/oauth/authorize` or `/device` was asked, for those.

    Raises InvalidRequest for something else; what goes wrong later is told on a page.
    """
    then = _then(dict(request.query_params))
    try:
        await limits_of(request).hit(BEGUN, address_of(request))
        provider = federation.provider(provider_id, kind)
        base = links_of(request).base(request)
        begun = await federation.begin(provider, then, base=base, browser=kept(request))
    except ServerError as problem:
        return stopped(federation, problem, then)
    answer = RedirectResponse(begun.address, 303)
    keep(request, answer, provider, begun.browser)
    return answer


async def go_on(
    request: Request,
    federation: Federation,
    identity: Identity,
    resumed: Resumed,
    who: Someone,
    *,
    noting: Noting | None = None,
) -> Response:
    """Where the person was going, now that it is known who they are. `noting` is for a page's sign-in."""
    then, base = resumed.then, links_of(request).for_mail(request)
    if resumed.user_id is not None:
        await federation.linked.link(resumed.user_id, resumed.provider, who, base=base)
        return RedirectResponse(then["next"], 303)
    user_id = await federation.linked.account_of(resumed.provider, who, base=base)
    if then["kind"] == "page":
        found = await identity.sessions.open(user_id, browser_of_page(request), noting=noting)
        # Not there at once: that page takes note that somebody is signed in.
        answer = RedirectResponse(f"/signin?next={quote(then['next'], safe='')}", 303)
        cookie.give(request, answer, found.refresh)
        return answer
    # A program is to be let in: the person has come here by links alone, and is asked before.
    user = await identity.find(user_id)
    proof = pages.Proof(await federation.prove(user_id), user.email if user else "")
    return _page_of(federation, then, proof=proof)


def _page_of(
    federation: Federation,
    then: dict[str, str],
    *,
    proof: pages.Proof | None = None,
    problem: ServerError | None = None,
) -> Response:
    """The page on which somebody lets a program in."""
    sentence, fields = reason(problem) if problem else "", dict(then)
    if fields.pop("kind") == "device":
        ways = federation.ways(fields)
        return _html(pages.device(then["user_code"], proof=proof, problem=sentence, ways=ways), problem)
    asked = AuthorizationRequest.parse(fields)
    html = pages.sign_in(
        asked.fields(), asked.device_name, proof=proof, problem=sentence, ways=federation.ways(asked.fields())
    )
    return _html(html, problem, form_to=asked.origin)


def not_signed_out(problem: ServerError) -> Response:
    return _html(pages.stopped(say("Nobody was signed out"), reason(problem), (say("Back"), "/")), problem)


def stopped(federation: Federation, problem: ServerError, then: dict[str, str]) -> Response:
    """What went wrong, and the way back to where it was begun."""
    kind = then.get("kind", "page")
    if kind in ("program", "device"):
        return _page_of(federation, then, problem=problem)
    back = then.get("next", "/")
    if kind == "link":
        page = pages.stopped(say("Nothing was connected"), reason(problem), (say("Back"), back))
        return _html(page, problem)
    again = (say("Sign in another way"), f"/signin?{urlencode({'next': back})}")
    return _html(pages.stopped(say("The sign-in did not work"), reason(problem), again), problem)


def told(title: str, sentence: str) -> Response:
    """How something ended that needs nothing more."""
    return _html(pages.done(title, sentence), None)


def _html(html: str, problem: ServerError | None, *, form_to: str = "") -> HTMLResponse:
    headers = {
        "Content-Security-Policy": scriptless_policy(form_to),
        "Cache-Control": "no-store",
        # The address of this page has the provider's code in it.
        "Referrer-Policy": "no-referrer",
        **(problem.headers if problem else {}),
    }
    headers.pop("WWW-Authenticate", None)
    return HTMLResponse(html, problem.status if problem else 200, headers=headers)


def _then(query: dict[str, str]) -> dict[str, str]:
    """What somebody has in mind who signs in. Raises InvalidRequest."""
    if "client_id" in query:
        return {"kind": "program", **AuthorizationRequest.parse(query).fields()}
    if "user_code" in query:
        return {"kind": "device", "user_code": query["user_code"][:20]}
    return {"kind": "page", "next": local(query.get("next", "/"))}


def local(address: str) -> str:
    """Raises InvalidRequest for what would lead to another server, however a browser reads it."""
    plain = address.isprintable() and "\\" not in address and len(address) <= LONGEST_NEXT
    if not plain or not address.startswith("/") or address.startswith("//"):
        raise InvalidRequest("`next` must be an address of this server, such as /search.")
    return address


def kept(request: Request) -> str | None:
    """What the browser was given to show; None for none, or what we do not give."""
    shown = request.cookies.get(COOKIE, "")
    return shown if 40 <= len(shown) <= 60 else None


def keep(request: Request, response: Response, provider: Provider, browser: str) -> None:
    """Sent along when a link of another site leads here (`Lax`): that is how a browser comes back."""
    response.set_cookie(
        COOKIE,
        browser,
        max_age=3600,
        path=provider.cookie_path,
        secure=links_of(request).base(request).startswith("https://"),
        httponly=True,
        samesite="lax",
    )
