"""A client of `/ws`, as programs have one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import websockets

PATIENCE_S = 30


def token_of(client: httpx.AsyncClient) -> str:
    return str(client.headers["authorization"]).removeprefix("Bearer ")


class Socket:
    """Messages come as they are: `type`, `data`, and `id` or `replyTo`."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self._connection = connection
        self.last: int | None = None  # the id to come back with

    async def say(self, type_: str, data: object = None, **more: Any) -> None:
        await self._connection.send(json.dumps({"type": type_, "data": data or {}, **more}))

    async def say_text(self, text: str | bytes) -> None:
        await self._connection.send(text)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            message = dict(json.loads(await self._connection.recv()))
        self.last = message.get("id", self.last)
        return message

    async def ready(self) -> dict[str, Any]:
        message = await self.next()
        assert message["type"] == "ready", message
        return dict(message["data"])

    async def heard(self, type_: str) -> dict[str, Any]:
        """The data of the next message of this type; others are passed over."""
        while (message := await self.next())["type"] != type_:
            pass
        return dict(message["data"])

    async def ask(self, type_: str, data: object = None) -> dict[str, Any]:
        """The answer, with its type; what is told meanwhile is passed over."""
        await self.say(type_, data, id="q1")
        while (message := await self.next()).get("replyTo") != "q1":
            pass
        return message

    async def until_now(self) -> list[dict[str, Any]]:
        """All that was told before this moment."""
        await self.say("ping", id="now")
        told = []
        while (message := await self.next()).get("replyTo") != "now":
            told.append(message)
        return told

    async def closed(self) -> tuple[int, str]:
        """Code and reason; messages before are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            with suppress(websockets.ConnectionClosed):
                while True:
                    await self._connection.recv()
        return self._connection.close_code or 0, self._connection.close_reason or ""

    async def close(self) -> None:
        await self._connection.close()


@asynccontextmanager
async def connected(address: str, query: str = "", **options: Any) -> AsyncIterator[Socket]:
    """Nothing is said or awaited yet. `options` are those of `websockets.connect`."""
    async with websockets.connect(f"ws://{address}/ws{query}", **options) as connection:
        yield Socket(connection)


@asynccontextmanager
async def listener(
    address: str, client: httpx.AsyncClient, since: int | None = None
) -> AsyncIterator[Socket]:
    """Signed in as `client`, by a first message, and ready."""
    async with connected(address) as socket:
        await socket.say("auth", {"token": token_of(client), "lastEventId": since})
        resumed = (await socket.ready())["resumed"]
        assert resumed or since is None
        yield socket
