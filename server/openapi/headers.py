"""Headers of answers, described once."""

from typing import Any

from server.idempotency import REPLAYED
from server.limits.service import HEADERS as RATES

Headers = dict[str, dict[str, Any]]


def _header(description: str, example: str | int) -> dict[str, Any]:
    kind = "integer" if isinstance(example, int) else "string"
    return {"description": description, "schema": {"type": kind}, "example": example}


COMPONENTS: Headers = {
    "X-Request-Id": _header("Where to look in the server's log.", "5b0c1c7a6f2e4a3d8c9b0a1f2e3d4c5b"),
    "ETag": _header(
        "The version of what was answered; for `If-Match` and `If-None-Match`.", '"1795257000.25"'
    ),
    "Location": _header("The address of what was made.", "https://video.example.org/api/v1/uploads/…"),
    "Retry-After": _header("Seconds to wait.", 12),
    REPLAYED: _header("`true`: the answer that the first request with this key got.", "true"),
    RATES[0]: _header("Requests in a window.", 1000),
    RATES[1]: _header("Requests that are left of it.", 998),
    RATES[2]: _header("When the window ends (Unix time in seconds).", 1795257060),
    "WWW-Authenticate": _header("How to sign in (RFC 6750).", "Bearer"),
    "Content-Disposition": _header("The file's name.", 'attachment; filename="Weekly review.srt"'),
    "Content-Range": _header("Which bytes of how many.", "bytes 0-1023/48213"),
    "Accept-Ranges": _header("That parts can be asked for.", "bytes"),
    "Tus-Resumable": _header("The version of the upload protocol.", "1.0.0"),
    "Upload-Offset": _header("How many bytes are on the server's disk.", 1_048_576),
    "Upload-Expires": _header("When an unfinished upload is removed.", "Sun, 22 Nov 2026 10:00:00 GMT"),
    "Upload-Length": _header("How many bytes it will have, once that is known.", 48_213_000),
    "Upload-Defer-Length": _header("1: the length is not known yet.", 1),
}


def named(*names: str) -> Headers:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
