"""`/unsubscribe/{token}`: where the last line of a letter leads, and what mail programs ask by one click."""

from html import escape
from typing import cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from server.document import scriptless, scriptless_policy
from server.language import in_its_language, say
from server.notifications import errors
from server.notifications.kinds import ABOUT
from server.notifications.opening import Notified
from server.notifications.unsubscribing import PATH, Leaving

router = APIRouter(include_in_schema=False, dependencies=[Depends(in_its_language)])


@router.get(PATH + "/{token}")
async def ask(token: str, request: Request) -> HTMLResponse:
    """Changes nothing: programs that look for bad links open every one."""
    leaving = _leaving(request, token)
    here = f"{PATH}/{token}"
    if leaving.kind is None:
        title = say("Get no more letters from Heddle?")
        buttons = _button(here, say("No more letters"), main=True)
    else:
        title = say("{what}: get no more letters about that?", what=say(ABOUT[leaving.kind].means))
        buttons = _button(here, say("No more of these"), main=True)
        buttons += _button(f"{here}?all=1", say("No more letters at all"))
    rest = say("What happens is still shown when you sign in.")
    return _page(title, f'<form method="post">{buttons}</form><p>{rest}</p>')


@router.post(PATH + "/{token}")
async def leave(token: str, request: Request, *, all: bool = False) -> HTMLResponse:  # noqa: A002 (as it stands in the address)
    """RFC 8058 section 3.2: by POST, without cookies or questions; again is fine."""
    leaving = _leaving(request, token)
    if all:
        leaving = Leaving(leaving.user_id, None)
    await _notified(request).notifications.leave(leaving)
    if leaving.kind is None:
        return _page(say("Done"), f"<p>{say('You get no more letters.')}</p>")
    what = say("You get no more letters about that: {what}.", what=say(ABOUT[leaving.kind].means))
    return _page(say("Done"), f"<p>{escape(what)}</p>")


def _leaving(request: Request, token: str) -> Leaving:
    leaving = _notified(request).leave_links.read(token)
    if leaving is None:
        raise errors.no_link()
    return leaving


def _notified(request: Request) -> Notified:
    return cast("Notified", request.app.state.services.notified)


def _button(action: str, words: str, *, main: bool = False) -> str:
    kind = "button button-main" if main else "button"
    return f'<button class="{kind}" formaction="{escape(action)}">{escape(words)}</button>'


def _page(title: str, content: str) -> HTMLResponse:
    headers = {
        "Content-Security-Policy": scriptless_policy(),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(scriptless(title, content), headers=headers)
