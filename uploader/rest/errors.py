"""What the server refuses, as exceptions: one for each kind of refusal that programs treat differently."""

import contextlib
from typing import Any

import httpx


class ApiError(Exception):
    """The server's one error shape. `code` is stable; `sentence` is for people.

    For an answer that is not of this shape (a proxy's, say) the code is `unknown`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        *,
        details: Any = None,
        request_id: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{sentence} ({status} {code})")
        self.status = status
        self.code = code
        self.sentence = sentence
        self.details = details
        self.request_id = request_id
        self.retry_after_s = retry_after_s


class NotSignedIn(ApiError):
    """401: no token, or one that is over."""


class NotAllowed(ApiError):
    """403: not with this key, or not in this role."""


class NotFound(ApiError):
    """404: not there, or somebody else's."""


class Conflict(ApiError):
    """409: it is not in a state for this."""


class Changed(ApiError):
    """412: it is not what was seen."""


class TooManyRequests(ApiError):
    """429: `retry_after_s` says how long to wait."""


_KINDS: dict[int, type[ApiError]] = {
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    412: Changed,
    429: TooManyRequests,
}


def error_of(response: httpx.Response) -> ApiError:
    """`response` has been read."""
    told: Any = None
    with contextlib.suppress(ValueError):
        told = response.json()
    told = told if isinstance(told, dict) else {}
    waiting = response.headers.get("Retry-After", "")
    return _KINDS.get(response.status_code, ApiError)(
        response.status_code,
        str(told.get("code") or "unknown"),
        str(told.get("error") or response.reason_phrase or "The server refused."),
        details=told.get("details"),
        request_id=str(told.get("requestId") or response.headers.get("X-Request-Id", "")),
        retry_after_s=float(waiting) if waiting.isdigit() else None,
    )
