"""What a visitor keeps of having known a link's password: a cookie, or a token where cookies do not reach.

A proof is its end and a MAC over that, the slug and the hash of the password. So the server keeps nothing,
and another password ends all proofs of the one before.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from server.db import now
from server.links import links_of
from server.recordings.schemas import Recording

HEADER = "X-Share-Token"
_COOKIE = "heddle_share_"
_TOKEN = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Proof:
    token: str
    expires_at: datetime


class Proofs:
    def __init__(self, key: str, hours: float) -> None:
        """`key` is the server's own secret; a proof lasts `hours`."""
        self._key = hashlib.sha256(b"password of a share\0" + key.encode()).digest()
        self._life = timedelta(hours=hours)

    def issue(self, recording: Recording) -> Proof:
        ends = (now() + self._life).replace(microsecond=0)
        seconds = int(ends.timestamp())
        return Proof(f"{seconds}.{self._mac(recording, seconds)}", ends)

    def end_of(self, token: str | None, recording: Recording) -> datetime | None:
        """When this proof for the recording's link ends; None for one that is none, or is over."""
        found = None if token is None else _TOKEN.fullmatch(token)
        if found is None:
            return None
        ends = int(found[1])
        if not hmac.compare_digest(found[2], self._mac(recording, ends)) or ends <= now().timestamp():
            return None
        return datetime.fromtimestamp(ends, now().tzinfo)

    def _mac(self, recording: Recording, ends: int) -> str:
        message = f"{recording.slug}\0{ends}\0{recording.link.password_hash or ''}"
        return hmac.new(self._key, message.encode(), hashlib.sha256).hexdigest()


def shown(connection: HTTPConnection, slug: str) -> str | None:
    """The token that comes with a request or a WebSocket: a header's, or a browser's cookie."""
    return connection.headers.get(HEADER) or connection.cookies.get(_COOKIE + slug)


def keep(request: Request, response: Response, slug: str, proof: Proof) -> None:
    """Lets the browser keep it where no script reads it, for what pages of this server ask.

    It is good for looking at one recording alone, so it may go to all addresses of the server.
    """
    response.set_cookie(
        _COOKIE + slug,
        proof.token,
        max_age=int((proof.expires_at - now()).total_seconds()),
        path="/",
        secure=links_of(request).secure(request),
        httponly=True,
        samesite="strict",
    )
