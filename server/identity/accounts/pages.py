"""`/account/...`: where links in mails lead. One page without anything of others, which asks the API."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

router = APIRouter(include_in_schema=False)

_HERE = Path(__file__).parent
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Act(StrEnum):
    VERIFY = "verify"
    RESET = "reset"
    FORGOTTEN = "forgotten"
    EMAIL = "email"
    INVITATION = "invitation"


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


@router.get("/account/page.js")
async def script() -> Response:
    return Response(_file("page.js"), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/account/{act}")
async def page(act: str) -> HTMLResponse:
    """Which of them it is, the page reads from its address."""
    if act not in set(Act):
        raise HTTPException(404)
    return HTMLResponse(_file("page.html"), headers={"Content-Security-Policy": CSP})
