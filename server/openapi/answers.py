"""What operations answer: refusals with their codes and headers, and what a success carries."""

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from server.identity.scopes import OWNERS_ONLY
from server.limits.service import HEADERS as RATES
from server.openapi.headers import named
from server.openapi.operations import (
    CONDITIONAL,
    LIMITED,
    PAGES,
    RANGED,
    REVALIDATED,
    TAGGED,
    TEXTS,
    TUS,
)
from server.openapi.parameters import accepts_key
from server.openapi.refusals import REFUSALS, SENTENCES

# Places in paths whose names do not say what they are of.
_IRREGULAR = {"slug": "share", "user_id": "member"}
_PAGE = {"text/html": {"schema": {"type": "string"}}}
_ERROR = {"$ref": "#/components/schemas/Error"}
_SUCCESS = {
    "200": "Done.",
    "201": "It was made.",
    "202": "It was taken, and is done in the background.",
    "204": "Done; there is nothing to tell.",
}
_BROKEN = "The server failed: its disk is full (507), its database is away (503), or it has a bug (500)."
_REFUSED_HEADERS = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", *RATES),
    412: ("ETag",),
    416: ("Content-Range",),
}
Refusal = tuple[int, str]
_ID = "5b0c1c7a6f2e4a3d8c9b0a1f2e3d4c5b"


class Refusals:
    """One component for each status with its codes, shared by the operations that refuse so."""

    def __init__(self) -> None:
        self.components: dict[str, dict[str, Any]] = {"5XX": _described(500, ["internal_error"], _BROKEN)}

    def refer(self, status: int, codes: Sequence[str]) -> dict[str, str]:
        name = ".".join([str(status), *codes])
        self.components.setdefault(name, _described(status, codes))
        return {"$ref": f"#/components/responses/{name}"}


def complete(method: str, path: str, operation: dict[str, Any], refusals: Refusals) -> None:
    found: dict[str, Any] = operation["responses"]
    invalid = found.pop("422", None) is not None
    codes = _codes(method, path, operation, invalid=invalid)
    success = {status: answer for status, answer in found.items() if int(status) < HTTPStatus.BAD_REQUEST}
    for done, answer in success.items():
        _complete_success(done, answer, operation)
    # What a route itself says to refuse with: not the error that all others do.
    declared = {status: answer for status, answer in found.items() if status not in success}
    for answer in declared.values():
        answer["headers"] = _told(0)
    operation["responses"] = success | declared | _others(operation)
    for status in sorted(codes):
        if method == "head":  # RFC 9110, 9.3.2: whatever it is, there is no body
            operation["responses"][str(status)] = {"description": SENTENCES[status], "headers": _told(status)}
        elif operation["operationId"] in PAGES:
            page = {"description": SENTENCES[status], "headers": _told(status), "content": _PAGE}
            operation["responses"][str(status)] = page
        else:
            operation["responses"][str(status)] = refusals.refer(status, codes[status])
    operation["responses"]["5XX"] = {"$ref": "#/components/responses/5XX"}


def _codes(method: str, path: str, operation: dict[str, Any], *, invalid: bool) -> dict[int, list[str]]:
    """The codes of each status, each once, in a stable order."""
    said = [
        *_of_input(operation, invalid=invalid),
        *_of_askers(operation),
        *_of_place(path),
        *_of_kind(operation["operationId"]),
        *REFUSALS.get(operation["operationId"], {}).items(),
    ]
    if accepts_key(method, path, operation):
        said += [(400, "invalid_request"), (409, "idempotency_in_progress"), (422, "idempotency_key_reused")]
    found: dict[int, dict[str, None]] = {}
    for status, codes in said:
        found.setdefault(status, {}).update(dict.fromkeys(codes.split()))
    return {status: list(codes) for status, codes in found.items()}


def _of_input(operation: dict[str, Any], *, invalid: bool) -> Iterator[Refusal]:
    if invalid or "requestBody" in operation:
        yield 400, "invalid_request"
    if "requestBody" in operation:
        yield 413, "too_large"


def _of_askers(operation: dict[str, Any]) -> Iterator[Refusal]:
    known = [scopes for one in operation["security"] if (scopes := one.get("BearerAuth")) is not None]
    if known:
        yield 401, "unauthenticated token_expired session_ended account_disabled"
        yield 401, "invalid_key key_disabled key_expired"
        yield 403, "missing_scope" if known[0] else "sign_in_needed"
    if known and not OWNERS_ONLY.isdisjoint(known[0]):
        yield 403, "owner_only"
    if known or operation["operationId"] in LIMITED:
        yield 429, "too_many_requests"


def _of_place(path: str) -> Iterator[Refusal]:
    """`{recording_id}` may be answered with `recording_not_found`, a ticket with nothing that tells of it."""
    if "{ticket}" in path:
        yield 404, "not_found not_ready"
    elif "{" in path:
        places = re.findall(r"\{(slug|\w+_id)\}", path)
        nouns = [_IRREGULAR.get(place) or place.removesuffix("_id") for place in places]
        yield 404, " ".join(f"{noun}_not_found" for noun in nouns) or "not_found"
    if "{slug}" in path and not path.endswith("/unlock"):
        yield 401, "share_password_needed share_sign_in_needed"


def _of_kind(name: str) -> Iterator[Refusal]:
    if name in CONDITIONAL:
        yield 412, CONDITIONAL[name]
    if name in RANGED:
        yield 416, "range_not_satisfiable"
    if name in TUS:
        yield 400, "invalid_header"
        yield 412, "unsupported_tus_version"


def _complete_success(status: str, answer: dict[str, Any], operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    if answer["description"] == "Successful Response":
        answer["description"] = _SUCCESS.get(status, "Done.")
    told = ["X-Request-Id"]
    if any("BearerAuth" in one for one in operation["security"]):
        told += RATES
    if name in REVALIDATED or name in CONDITIONAL or name in TAGGED or name in RANGED:
        told.append("ETag")
    if name in TUS:
        told += ["Tus-Resumable", "Upload-Offset", "Upload-Expires"] if name != "terminateUpload" else []
        told += {
            "createUpload": ["Location"],
            "getUploadOffset": ["Upload-Length", "Upload-Defer-Length"],
        }.get(name, [])
    if any(one.get("$ref", "").endswith("/Idempotency-Key") for one in operation.get("parameters", ())):
        told.append("Idempotency-Replayed")
    answer["headers"] = named(*told) | answer.get("headers", {})
    if name in TEXTS and status == "200":
        answer["content"] = {kind: {"schema": {"type": "string"}} for kind in TEXTS[name]}
    if status == "204" or answer.get("content") == {"application/json": {"schema": {}}}:
        answer.pop("content", None)


def _others(operation: dict[str, Any]) -> dict[str, Any]:
    """Answers that are neither what was asked for nor refusals."""
    name, others = operation["operationId"], {}
    if name in RANGED:
        others["206"] = {
            "description": "The part that was asked for.",
            "headers": named("X-Request-Id", "ETag", "Content-Range", "Accept-Ranges"),
            "content": {kind: {"schema": {"type": "string"}} for kind in TEXTS[name]},
        }
        others["302"] = {
            "description": "It lies in an object storage: go on there.",
            "headers": named("X-Request-Id", "Location"),
        }
    if name in RANGED or name in REVALIDATED:
        others["304"] = {
            "description": "It is what you have.",
            "headers": named("X-Request-Id", "ETag"),
        }
    return others


def _described(status: int, codes: Sequence[str], sentence: str = "") -> dict[str, Any]:
    said = sentence or SENTENCES[status]
    shown = {code: {"value": _example(status, code, said)} for code in codes}
    return {
        "description": f"{said} Codes: {', '.join(f'`{code}`' for code in codes)}.",
        "headers": _told(status),
        "content": {"application/json": {"schema": _ERROR, "examples": shown}},
    }


def _told(status: int) -> dict[str, Any]:
    return named("X-Request-Id", *_REFUSED_HEADERS.get(status, ()))


def _example(status: int, code: str, sentence: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"error": sentence, "code": code, "details": None, "requestId": _ID}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        shown["retry_after"] = 12
    return shown
