"""What the server tells by itself over /ws: status of recordings, progress of processing. Comes back
after every cut.

Messages sent while the connection was down are lost: whoever must know the present state asks the API
after `Connected`, which is the first event and comes again after every reconnection.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException

from uploader.errors import NotHeddleError, SignInNeededError
from uploader.retry import Backoff
from uploader.tokens import Tokens

BAD_TOKEN = 4401
LARGEST_MESSAGE = 1024 * 1024
OPEN_S, PING_S = 10.0, 20.0

_quiet = logging.getLogger(
    "uploader.events.connection"
)  # websockets would log the address, and with it the token
_quiet.setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """`type` as in the server's messages, such as `processing.progress`."""

    type: str
    data: dict[str, Any]
    id: str | None


CONNECTED = ServerEvent("connected", {}, None)


async def watch(server: str, tokens: Tokens, *, backoff: Backoff | None = None) -> AsyncIterator[ServerEvent]:
    """Events without end, whatever the network does; CONNECTED after each connection.

    SignInNeededError when the server accepts neither the token nor the one it can be renewed to.
    """
    attempt = 0
    delays = backoff or Backoff()
    token = await tokens.current() or ""
    while True:
        try:
            async with connect(
                _address(server, token),
                open_timeout=OPEN_S,
                ping_interval=PING_S,
                max_size=LARGEST_MESSAGE,
                logger=_quiet,
                proxy=None if _is_local(server) else True,
            ) as connection:
                attempt = 0
                yield CONNECTED
                async for event in _events(connection):
                    yield event
        except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as error:
            # Tried again, like everything that a network can do.
            if _refused(error):
                token = await _another(tokens, token)
                continue
        attempt += 1
        await asyncio.sleep(delays.delay(attempt))
        token = await tokens.current() or ""


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
    """Messages until the connection ends; what is not one of ours is passed over."""
    while True:
        message = await connection.recv()
        try:
            body = json.loads(message)
        except ValueError:
            continue
        if isinstance(body, dict) and isinstance(body.get("type"), str):
            data = body.get("data")
            yield ServerEvent(body["type"], data if isinstance(data, dict) else {}, body.get("id"))


def _address(server: str, token: str) -> str:
    scheme, separator, rest = server.rstrip("/").partition("://")
    if not separator or scheme not in ("http", "https"):
        raise NotHeddleError(f"{server!r} does not begin with http:// or https://.")
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/ws?token={quote(token, safe='')}"


def _is_local(server: str) -> bool:
    return httpx.URL(server).host in ("localhost", "127.0.0.1", "::1")
