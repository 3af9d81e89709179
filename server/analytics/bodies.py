"""Events as players send them: JSON, also under the name of plain text."""

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from server.analytics.schemas import MAX_BYTES, EventIn, EventsIn
from server.errors import TooLarge, UnsupportedMedia

# What `navigator.sendBeacon` can send to a server without asking it first, and JSON as such.
TYPES = ("application/json", "text/plain")


async def read(request: Request) -> list[EventIn]:
    """Raises UnsupportedMedia, TooLarge and RequestValidationError."""
    kind = request.headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise UnsupportedMedia(
            f"Events are sent as JSON, as {' or '.join(TYPES)}.", code="wrong_content_type"
        )
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            raise TooLarge(f"The request is too large: at most {MAX_BYTES} bytes of events at once.")
    try:
        return EventsIn.model_validate_json(bytes(body)).events
    except ValidationError as problem:
        raise RequestValidationError(problem.errors(include_url=False, include_input=False)) from problem


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    """Without references: those of a body are to places that a description of an API does not have."""
    if isinstance(schema, list):
        return [_inlined(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {key: _inlined(value, parts) for key, value in schema.items() if key != "$defs"}


_SCHEMA = EventsIn.model_json_schema()
OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": _inlined(_SCHEMA, _SCHEMA.get("$defs", {}))} for kind in TYPES},
    }
}
