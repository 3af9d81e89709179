"""Tickets: the right to fetch one recording's media, carried in the address because players send no headers.

A ticket is who it was given to, when it ends, and an HMAC-SHA256 over both and the recording's id, all of it
in base64url.
"""

import base64
import binascii
import hashlib
import hmac
import struct
import time
from dataclasses import dataclass
from enum import StrEnum

_FIELDS = struct.Struct(">1sI")
_MAC_BYTES = 24
# Ends are rounded up, so that the same viewer gets the same address for a while: players and caches like it.
_ROUND_S = 3600


class Audience(StrEnum):
    OWNER = "owner"
    SHARE = "share"  # whoever has the link, as long as the recording is shared


_LETTERS = {Audience.OWNER: b"o", Audience.SHARE: b"s"}
_AUDIENCES = {letter: audience for audience, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Ticket:
    """`expires_at` is Unix time in whole seconds."""

    audience: Audience
    expires_at: int


class Tickets:
    def __init__(self, key: str, hours: float) -> None:
        self._key = bytes.fromhex(key)
        self._life_s = hours * 3600

    def issue(self, recording_id: str, audience: Audience) -> tuple[str, Ticket]:
        ends = int((time.time() + self._life_s) // _ROUND_S + 1) * _ROUND_S
        ticket = Ticket(audience, ends)
        fields = _FIELDS.pack(_LETTERS[audience], ends)
        return _text(fields + self._mac(recording_id, fields)), ticket

    def verify(self, recording_id: str, text: str) -> Ticket | None:
        """None for a ticket that is forged, for another recording, or over."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            letter, ends = _FIELDS.unpack(raw[: _FIELDS.size])
        except (binascii.Error, ValueError, struct.error):
            return None
        if _text(raw) != text:
            return None  # the last character has bits that mean nothing; a ticket has one text all the same
        if not hmac.compare_digest(raw[_FIELDS.size :], self._mac(recording_id, raw[: _FIELDS.size])):
            return None
        if letter not in _AUDIENCES or ends < time.time():
            return None
        return Ticket(_AUDIENCES[letter], ends)

    def _mac(self, recording_id: str, fields: bytes) -> bytes:
        message = b"heddle-media\0" + recording_id.encode() + b"\0" + fields
        return hmac.new(self._key, message, hashlib.sha256).digest()[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
