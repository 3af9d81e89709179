"""How two views by one person are known to be that, without knowing the person.

A viewer is a keyed hash, of another value for each recording, so nobody can be followed from one to the next.
Where neither an account nor the browser's own random id names the viewer, the address and the browser do,
mixed with a salt that is drawn each day (UTC) and then forgotten: from then on nothing can be found out from
the hash, not even by who has the server's keys.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from starlette.requests import HTTPConnection

from server.analytics import repository
from server.db import Database, now
from server.identity.schemas import User

_BYTES = 16


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sends something, as the request says it. Lives as long as the request."""

    address: str
    agent: str
    user_id: str | None = None
    # Asks not to be tracked.
    private: bool = False


def asker_of(request: HTTPConnection, user: User | None) -> Asker:
    address = request.client.host if request.client else "unknown"
    return Asker(
        address,
        request.headers.get("user-agent", ""),
        None if user is None else user.id,
        private=wants_privacy(request.headers),
    )


def wants_privacy(headers: Mapping[str, str]) -> bool:
    """Do Not Track, or Global Privacy Control."""
    return headers.get("dnt", "").strip() == "1" or headers.get("sec-gpc", "").strip() == "1"


class Viewers:
    def __init__(self, db: Database, secret: str, clock: Callable[[], datetime] = now) -> None:
        """`secret` is the server's own, in hexadecimal digits; the key here is derived from it."""
        self._db = db
        self._key = hmac.new(bytes.fromhex(secret), b"heddle-analytics", hashlib.sha256).digest()
        self._clock = clock
        self._today: tuple[date, bytes] | None = None

    async def name(self, recording_id: str, asker: Asker, viewer_id: str | None) -> str:
        """`viewer_id` is a random id that the browser keeps, if it does."""
        if asker.user_id is not None:
            return _hash(self._key, recording_id, "user", asker.user_id)
        if viewer_id is not None:
            return _hash(self._key, recording_id, "browser", viewer_id)
        return _hash(await self.salt(), recording_id, "address", asker.address, asker.agent)

    async def address(self, asker: Asker) -> str:
        """Stands for an address until the salt of the day is forgotten, whatever it is used for."""
        return _hash(await self.salt(), "any recording", "address", asker.address)

    async def salt(self) -> bytes:
        """Today's; drawing it forgets all others."""
        today = self._clock().date()
        if self._today is None or self._today[0] != today:
            self._today = (today, bytes.fromhex(await self._turn(today)))
        return self._today[1]

    async def _turn(self, today: date) -> str:
        try:
            async with self._db.write("salt of analytics") as session:
                return await repository.turn_salt(session, today, secrets.token_hex(32))
        except IntegrityError:  # another process was faster
            async with self._db.write("salt of analytics") as session:
                return await repository.turn_salt(session, today, secrets.token_hex(32))


def _hash(key: bytes, *parts: str) -> str:
    message = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(key, message, hashlib.sha256).hexdigest()[: 2 * _BYTES]
