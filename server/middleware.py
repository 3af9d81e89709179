"""What happens around every request, in plain ASGI: nothing here buffers or copies a body.

Outermost first: `RequestContext` (id, log line, security headers, a last answer to what nobody handled), then
`BodyLimit`.
"""

import re
import time
from typing import Any
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.asker import asked_from
from server.responses import error_response

_log = structlog.get_logger("server.request")
# An id of a proxy in front of us is kept, so that both logs can be read together.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
# Uploads have their own limit and stream their bodies to disk.
UNLIMITED = "/api/v1/uploads"
_LARGER = (
    # A day's transcript with the times of all its words.
    (re.compile(r"/api/v1/recordings/[^/]+/transcript"), 16 * 1024 * 1024),
    # A picture from a telephone.
    (re.compile(r"/api/v1/users/me/avatar"), 8 * 1024 * 1024),
)


class RequestContext:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(send, request_id)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=request_id), asked_from(_address(scope)):
            try:
                await self._app(scope, receive, answer)
            except Exception:
                _log.exception("request_failed", method=scope["method"], path=_place(scope))
                if answer.status:  # too late for another answer: cut the connection
                    raise
                await _apology(request_id)(scope, receive, answer)
            _note(scope, answer.status, time.perf_counter() - started)


class _Answer:
    """Sends on, with the headers every answer has; remembers the status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._request_id
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


class BodyLimit:
    """Refuses a larger body before it is read where its length is declared, and while it comes where not."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNLIMITED):
            await self._app(scope, receive, send)
            return
        most = max([self._max, *(size for path, size in _LARGER if path.fullmatch(scope["path"]))])
        sentence = f"The request is too large: at most {most} bytes are accepted here."
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > most:
            response = error_response(413, "too_large", sentence, request_id=_known_id(scope))
            await response(scope, receive, send)
            return
        await self._app(scope, _Counted(receive, most, sentence), send)


class _Counted:
    def __init__(self, receive: Receive, limit: int, sentence: str) -> None:
        self._receive = receive
        self._left = limit
        self._sentence = sentence

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            # FastAPI lets this one through while it reads a body; any other becomes a 400.
            raise HTTPException(413, self._sentence)
        return message


def _request_id(scope: Scope) -> str:
    given: bytes = dict(scope["headers"]).get(b"x-request-id", b"")
    return given.decode() if _REQUEST_ID.fullmatch(given) else uuid4().hex


def _address(scope: Scope) -> str | None:
    """Of the client, as far as trusted proxies tell."""
    client = scope.get("client")
    return str(client[0])[:64] if client else None


def _known_id(scope: Scope) -> str:
    return str(scope.get("state", {}).get("request_id", ""))


def _place(scope: Scope) -> str:
    """The route rather than the address: addresses can carry tickets and slugs, which are keys."""
    route: Any = scope.get("route")
    return getattr(route, "path", None) or "unknown"


def _note(scope: Scope, status: int, seconds: float) -> None:
    report = _log.debug if scope["method"] in {"GET", "HEAD", "OPTIONS"} and status < 500 else _log.info
    report("request", method=scope["method"], path=_place(scope), status=status, ms=round(seconds * 1000, 1))


def _apology(request_id: str) -> ASGIApp:
    sentence = "Something went wrong on the server. The log has the details under this request id."
    return error_response(500, "internal_error", sentence, request_id=request_id)
