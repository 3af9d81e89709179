"""Signatures of deliveries: the specification's, and those of Standard Webhooks (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

USER_AGENT = "Loom-Webhooks/1.0"
_PREFIX = "whsec_"


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def hex_signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the body under the secret's own characters (specification 06 §4.1.2)."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def standard_signature(secret: str, delivery_id: str, at: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; `at` is Unix time in seconds."""
    signed = f"{delivery_id}.{at}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(
    secrets_: Sequence[str], *, event: str, delivery_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """What a delivery is sent with. The newest secret comes first; while an older one is valid, both sign."""
    moment = int(at.timestamp())
    told = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-Loom-Signature": hex_signature(secrets_[0], body),
        "X-Loom-Event": event,
        "X-Loom-Delivery": delivery_id,
        "webhook-id": delivery_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(standard_signature(one, delivery_id, moment, body) for one in secrets_),
    }
    for older in secrets_[1:]:
        told["X-Loom-Signature-Previous"] = hex_signature(older, body)
    return told


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
