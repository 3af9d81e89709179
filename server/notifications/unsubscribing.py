"""Leaving letters by their own link, without signing in (RFC 8058): by one click, or on a page.

A link is good for one person and one kind, for ever, and for nothing else: it holds a MAC of both.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from server.notifications.kinds import Kind

PATH = "/unsubscribe"
ALL = "all"
_TOKEN = re.compile(r"([A-Za-z0-9_-]{22})\.([a-z_]{1,32})\.([A-Za-z0-9_-]{22})")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whose letters end: those of one kind, or with None all."""

    user_id: str
    kind: Kind | None


class LeaveLinks:
    """`base` is the server's address, without a slash at the end."""

    def __init__(self, secret: str, base: str) -> None:
        self._key = hashlib.sha256(b"letters of notifications\0" + secret.encode()).digest()
        self._base = base

    def link(self, user_id: str, kind: Kind | None) -> str:
        return f"{self._base}{PATH}/{self.token(user_id, kind)}"

    def headers(self, user_id: str, kind: Kind | None) -> Mapping[str, str]:
        return {
            "List-Unsubscribe": f"<{self.link(user_id, kind)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def token(self, user_id: str, kind: Kind | None) -> str:
        about = f"{_text(UUID(user_id).bytes)}.{kind or ALL}"
        return f"{about}.{self._mac(about)}"

    def read(self, token: str) -> Leaving | None:
        """None for what was never a link of this server."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(found[3], self._mac(f"{found[1]}.{found[2]}")):
            return None
        user_id = str(UUID(bytes=base64.urlsafe_b64decode(f"{found[1]}==")))
        kind = next((one for one in Kind if one == found[2]), None)
        return None if kind is None and found[2] != ALL else Leaving(user_id, kind)

    def _mac(self, about: str) -> str:
        return _text(hmac.new(self._key, about.encode(), hashlib.sha256).digest()[:16])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
