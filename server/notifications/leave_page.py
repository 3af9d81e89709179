"""`/unsubscribe/{token}`: where the last line of a letter leads, and what mail programs ask by one click."""

from html import escape
from string import Template
from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from server.notifications import errors
from server.notifications.kinds import ABOUT
from server.notifications.opening import Notified
from server.notifications.unsubscribing import PATH, Leaving

router = APIRouter(include_in_schema=False)

_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Letters from Heddle</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
  main { width: min(28rem, calc(100vw - 3rem)); padding: 2rem 0; }
  h1 { font-size: 1.25rem; margin: 0 0 1rem; }
  button { padding: .55rem 1rem; font: inherit; margin: 0 .5rem .5rem 0; }
</style>
</head>
<body>
<main>
$content
</main>
</body>
</html>
""")


@router.get(PATH + "/{token}")
async def ask(token: str, request: Request) -> HTMLResponse:
    """Changes nothing: programs that look for bad links open every one."""
    leaving = _leaving(request, token)
    here = f"{PATH}/{token}"
    if leaving.kind is None:
        content = "<h1>Get no more letters from Heddle?</h1><form method='post'>" + _button(
            here, "No more letters"
        )
    else:
        content = (
            f"<h1>{escape(ABOUT[leaving.kind].means)}: get no more letters about that?</h1>"
            "<form method='post'>"
            + _button(here, "No more of these")
            + _button(f"{here}?all=1", "No more letters at all")
        )
    return _page(content + "</form><p>What happens is still shown when you sign in.</p>")


@router.post(PATH + "/{token}")
async def leave(token: str, request: Request, *, all: bool = False) -> HTMLResponse:  # noqa: A002 (as it stands in the address)
    """RFC 8058 section 3.2: by POST, without cookies or questions; again is fine."""
    leaving = _leaving(request, token)
    if all:
        leaving = Leaving(leaving.user_id, None)
    await _notified(request).notifications.leave(leaving)
    what = "letters" if leaving.kind is None else f"letters about that: {escape(ABOUT[leaving.kind].means)}"
    return _page(f"<h1>Done</h1><p>You get no more {what}.</p>")


def _leaving(request: Request, token: str) -> Leaving:
    leaving = _notified(request).leave_links.read(token)
    if leaving is None:
        raise errors.no_link()
    return leaving


def _notified(request: Request) -> Notified:
    return cast("Notified", request.app.state.services.notified)


def _button(action: str, words: str) -> str:
    return f'<button formaction="{escape(action)}">{escape(words)}</button>'


def _page(content: str) -> HTMLResponse:
    headers = {"Content-Security-Policy": _CSP, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return HTMLResponse(_PAGE.substitute(content=content), headers=headers)
