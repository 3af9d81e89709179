"""Webhooks: what is sent to other programs, one entry for each event."""

from typing import Any

from server.webhooks.events import PUBLISHED, Published

_REF = {"$ref": "#/components/schemas/WebhookPayload"}
_ID, _RECORDING = "3f0d6a0e-7a3d-4a53-8f0c-52d4a4bb0c0f", "7d9f3c1e-2b4a-4c6d-8e0f-1a2b3c4d5e6f"
_PAYLOAD: dict[str, Any] = {
    "type": "object",
    "description": "The body of a delivery, signed as its headers say.",
    "required": ["id", "event", "timestamp", "data", "subscription_id"],
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "The same in every try of a delivery."},
        "event": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
        "data": {
            "type": "object",
            "additionalProperties": True,
            "description": "What happened; of recordings with `recordingId` and `sessionId` (the same).",
        },
        "subscription_id": {"type": "string", "format": "uuid", "description": "Id of the webhook."},
    },
}
_HEADERS = {
    "X-Loom-Event": ("Name of the event.", "video.shared"),
    "X-Loom-Delivery": ("The body's `id`.", _ID),
    "X-Loom-Signature": ("Hex of HMAC-SHA256 of the body under the webhook's secret.", "5bdcc146bf60754e…"),
    "webhook-id": ("The body's `id` (Standard Webhooks).", _ID),
    "webhook-timestamp": ("When this try was made (Unix time in seconds).", "1795257000"),
    "webhook-signature": (
        "`v1,` and base64 of HMAC-SHA256 of `id.timestamp.body`; of each secret while one is replaced.",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
}


def described(schemas: dict[str, Any]) -> dict[str, Any]:
    """The section `webhooks`; what it refers to is added to `schemas`."""
    schemas["WebhookPayload"] = _PAYLOAD
    meanings: dict[str, Published] = {}
    for one in PUBLISHED:
        meanings.setdefault(one.name, one)
    return {name: {"post": _operation(one)} for name, one in meanings.items()}


def _operation(event: Published) -> dict[str, Any]:
    example = {
        "id": _ID,
        "event": event.name,
        "timestamp": "2026-11-21T09:30:00.000Z",
        "data": {}
        if event.name.startswith("user.")
        else {"recordingId": _RECORDING, "sessionId": _RECORDING},
        "subscription_id": "0a8b5a9e-3a52-4f1e-9b6c-0d2f3b4c5d6e",
    }
    return {
        "tags": ["Webhooks"],
        "summary": event.means,
        "operationId": _camel(event.name),
        "security": [{}],
        "parameters": [_header(name, *told) for name, told in _HEADERS.items()],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _REF, "example": example}},
        },
        "responses": {
            "2XX": {"description": "Taken. Anything else, or nothing within 30 seconds: it is sent again."},
            "410": {"description": "The webhook is disabled at once."},
        },
    }


def _header(name: str, description: str, example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


def _camel(name: str) -> str:
    """`video.shared` as `onVideoShared`."""
    return "on" + "".join(part.capitalize() for part in name.split("."))
