"""News of versions: one signed text, believed only if whoever made this build signed it.

The document is JSON: `payload` (base64 of JSON with `version`, `page` and optionally `notes`) and `signature`
(base64 of the Ed25519 signature, RFC 8032, over the payload's bytes). It names a page for a person to open;
nothing is ever downloaded or run.
"""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from desktop.errors import UpdateError
from desktop.i18n import tr

LARGEST = 64 * 1024  # bytes of the document
_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,3}")


@dataclass(frozen=True, slots=True)
class News:
    """A version that there is, and where a person gets it."""

    version: str
    page: str
    notes: str = ""

    def is_newer(self, than: str) -> bool:
        """By numbers, not by letters; a version that is no number is older than all."""
        return _numbers(self.version) > _numbers(than)


def read(document: bytes, key: str) -> News:
    """What the document says; UpdateError when it is not signed with `key` (base64), or of no use."""
    try:
        told = json.loads(document)
        payload = base64.b64decode(told["payload"], validate=True)
        signature = base64.b64decode(told["signature"], validate=True)
    except (ValueError, KeyError, TypeError) as error:
        raise UpdateError(
            tr("The news of versions cannot be read"), f"{type(error).__name__}: {error}"
        ) from None
    _verify(payload, signature, key)
    try:
        return _news(json.loads(payload))
    except (ValueError, KeyError, TypeError) as error:
        raise UpdateError(tr("The news of versions make no sense"), str(error)) from None


def _verify(payload: bytes, signature: bytes, key: str) -> None:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - 15 ms, for builds that update
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - 15 ms, for builds that update

    try:
        public = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except ValueError:
        raise UpdateError(
            tr("The key for updates is none"), tr("It has 32 bytes, written in base64.")
        ) from None
    try:
        public.verify(signature, payload)
    except InvalidSignature:
        raise UpdateError(
            tr("The news of versions are not signed by whoever made this build"),
            hint=tr("Nothing was believed. Ask them, or whoever runs the address in the settings."),
        ) from None


def _news(told: Any) -> News:
    version, page, notes = str(told["version"]), str(told["page"]), str(told.get("notes", ""))
    if not _VERSION.fullmatch(version):
        raise ValueError(f"{version[:40]!r} is no version")
    parts = urlsplit(page)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError(f"{page[:200]!r} is no address that begins with https://")
    return News(version, page, notes[:500])


def _numbers(version: str) -> tuple[int, ...]:
    match = _VERSION.match(version)
    numbers = [int(part) for part in match[0].split(".")] if match else []
    return tuple(numbers + [0] * (4 - len(numbers))) if numbers else ()
