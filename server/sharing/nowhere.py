"""What a person sees who opens an address where there is nothing: a page, where programs get JSON."""

from typing import TYPE_CHECKING, cast

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from server import document
from server.language import in_its_language, say

if TYPE_CHECKING:
    from starlette.types import HTTPExceptionHandler

# Addresses that programs ask; whoever opens one in a browser wants to see what they get.
PROGRAMS = ("/api/", "/auth/", "/oauth/", "/scim/", "/saml/", "/assets/", "/health/")


def install(app: FastAPI) -> None:
    """After the handlers of errors, which answer everybody else as before."""
    otherwise = cast("HTTPExceptionHandler", app.exception_handlers[HTTPException])

    async def answer(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == 404 and _is_person(request):
            await in_its_language(request)
            title = f"{say('There is nothing here')} · Heddle"
            return document.answer(document.plain_head(title), status=404)
        return cast("Response", await otherwise(request, error))  # type: ignore[misc] # ours is a coroutine

    app.add_exception_handler(HTTPException, answer)


def _is_person(request: Request) -> bool:
    """Browsers name HTML in `Accept` when somebody opens an address, and not when a script does."""
    wants = "text/html" in request.headers.get("accept", "")
    return wants and request.method in {"GET", "HEAD"} and not request.url.path.startswith(PROGRAMS)
