"""What the server tells by itself over /ws: status of recordings, progress of processing. Comes back
after every cut, and hears then what was told meanwhile.

Where the server does not know that any more, `CONNECTED` comes again: whoever must know the present state
asks the API after it. It is also the first event. A cut is told too, by `LOST`, and `RESUMED` ends it where
nothing was missed.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException

from uploader.errors import NotHeddleError, SignInNeededError
from uploader.retry import Backoff
from uploader.tokens import Tokens

BAD_TOKEN = 4401
LARGEST_MESSAGE = 1024 * 1024
OPEN_S, PING_S = 10.0, 20.0

# Told to us, not to whoever watches.
_ANSWERS = frozenset({"authenticated", "error", "pong", "resync"})

_quiet = logging.getLogger("uploader.events.connection")  # websockets would log every message
_quiet.setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """`type` as in the server's messages, such as `processing.progress`."""

    type: str
    data: dict[str, Any]
    id: int | None


CONNECTED = ServerEvent("connected", {}, None)
RESUMED = ServerEvent("resumed", {}, None)
LOST = ServerEvent("lost", {}, None)


async def watch(server: str, tokens: Tokens, *, backoff: Backoff | None = None) -> AsyncIterator[ServerEvent]:
    """Events without end, whatever the network does.

    SignInNeededError when the server accepts neither the token nor the one it can be renewed to.
    """
    attempt = 0
    delays = backoff or Backoff()
    line = _Line(tokens, await tokens.current() or "")
    while True:
        told = False
        try:
            async with connect(
                _address(server),
                open_timeout=OPEN_S,
                ping_interval=PING_S,
                max_size=LARGEST_MESSAGE,
                logger=_quiet,
                proxy=None if _is_local(server) else True,
            ) as connection:
                await line.introduce(connection)
                async for event in line.events(connection):
                    attempt, told = 0, True
                    yield event
        except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as error:
            # Tried again, like everything that a network can do.
            if _refused(error):
                line.token = await _another(tokens, line.token)
                continue
        if told:
            yield LOST
        attempt += 1
        await asyncio.sleep(delays.delay(attempt))
        line.token = await tokens.current() or ""


class _Line:
    """What lasts from one connection to the next: who we are, and up to where we heard."""

    def __init__(self, tokens: Tokens, token: str) -> None:
        self.token = token
        self._tokens = tokens
        self._last: int | None = None

    async def introduce(self, connection: ClientConnection) -> None:
        """In a message, not in the address: that stands in logs."""
        await _send(connection, "auth", {"token": self.token, "lastEventId": self._last})

    async def events(self, connection: ClientConnection) -> AsyncIterator[ServerEvent]:
        """Messages until the connection ends; what is not one of ours is passed over."""
        async for event in _events(connection):
            if event.type == "token.expiring":
                await self._renew(connection)
            elif event.type == "ready":
                self._last = event.id
                yield RESUMED if event.data.get("resumed") else CONNECTED
            elif event.type not in _ANSWERS:
                self._last = self._last if event.id is None else event.id
                yield event

    async def _renew(self, connection: ClientConnection) -> None:
        newer = await self._tokens.current()
        if newer == self.token:
            newer = await self._tokens.after(self.token)
        if newer is not None:
            self.token = newer
            await _send(connection, "auth", {"token": newer})


async def _send(connection: ClientConnection, type_: str, data: dict[str, Any]) -> None:
    await connection.send(json.dumps({"type": type_, "data": data}))


def _refused(error: Exception) -> bool:
    if isinstance(error, InvalidStatus):
        return error.response.status_code in (401, 403)
    return isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code == BAD_TOKEN


async def _another(tokens: Tokens, refused: str) -> str:
    token = await tokens.after(refused)
    if token is None:
        raise SignInNeededError("The server did not accept the sign-in.") from None
    return token


async def _events(connection: ClientConnection) -> AsyncIterator[ServerEvent]:
    while True:
        message = await connection.recv()
        try:
            body = json.loads(message)
        except ValueError:
            continue
        if isinstance(body, dict) and isinstance(body.get("type"), str):
            data, number = body.get("data"), body.get("id")
            yield ServerEvent(
                body["type"],
                data if isinstance(data, dict) else {},
                number if isinstance(number, int) else None,
            )


def _address(server: str) -> str:
    scheme, separator, rest = server.rstrip("/").partition("://")
    if not separator or scheme not in ("http", "https"):
        raise NotHeddleError(f"{server!r} does not begin with http:// or https://.")
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/ws"


def _is_local(server: str) -> bool:
    return httpx.URL(server).host in ("localhost", "127.0.0.1", "::1")
