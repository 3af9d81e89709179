"""Tickets: the right to fetch one recording's media, carried in the address because players send no headers.

A ticket is who it was given to, when it ends, and an HMAC-SHA256 over both and the recording's id, all of it
in base64url. Given to a person it names them, so that it is worth no more than their right to the recording.
Given for a link's password it has the seal of that password, so that it is worth nothing after another one.
"""

import base64
import binascii
import hashlib
import hmac
import struct
import time
from dataclasses import dataclass
from uuid import UUID

_FIELDS = struct.Struct(">1sI")
# Whoever has the link; whoever knew the password with the seal that comes behind; the person whose id does.
_SHARE, _LOCKED, _PERSON = b"s", b"l", b"p"
_HOLDER_BYTES = {_SHARE: 0, _LOCKED: 8, _PERSON: 16}
_MAC_BYTES = 24
# Ends are rounded up, so that the same viewer gets the same address for a while: players and caches like it.
_ROUND_S = 3600


@dataclass(frozen=True, slots=True)
class Ticket:
    """`user_id` is the person it was given to, None for whoever has the link of a share.

    `expires_at` is Unix time in whole seconds, `seal` that of the link's password (`recordings.link`).
    """

    user_id: str | None
    expires_at: int
    seal: bytes = b""


class Tickets:
    def __init__(self, key: str, hours: float) -> None:
        self._key = bytes.fromhex(key)
        self._life_s = hours * 3600

    def issue(self, recording_id: str, user_id: str | None, seal: bytes = b"") -> tuple[str, Ticket]:
        """To a person; or, without one, to whoever has the link, and knew its password if it has a seal."""
        ends = int((time.time() + self._life_s) // _ROUND_S + 1) * _ROUND_S
        if user_id is not None:
            fields = _FIELDS.pack(_PERSON, ends) + UUID(user_id).bytes
        else:
            fields = _FIELDS.pack(_LOCKED if seal else _SHARE, ends) + seal
        return _text(fields + self._mac(recording_id, fields)), Ticket(user_id, ends, seal)

    def verify(self, recording_id: str, text: str) -> Ticket | None:
        """None for a ticket that is forged, for another recording, or over."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            letter, ends = _FIELDS.unpack(raw[: _FIELDS.size])
        except (binascii.Error, ValueError, struct.error):
            return None
        if _text(raw) != text:
            return None  # the last character has bits that mean nothing; a ticket has one text all the same
        holder_bytes = _HOLDER_BYTES.get(letter)
        if holder_bytes is None:
            return None
        fields, mac = raw[: _FIELDS.size + holder_bytes], raw[_FIELDS.size + holder_bytes :]
        if not hmac.compare_digest(mac, self._mac(recording_id, fields)) or ends < time.time():
            return None
        holder = fields[_FIELDS.size :]
        return Ticket(str(UUID(bytes=holder)), ends) if letter == _PERSON else Ticket(None, ends, holder)

    def _mac(self, recording_id: str, fields: bytes) -> bytes:
        message = b"heddle-media\0" + recording_id.encode() + b"\0" + fields
        return hmac.new(self._key, message, hashlib.sha256).digest()[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
