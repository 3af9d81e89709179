import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from uploader.credentials import Credential
from uploader.errors import NotHeddleError, SignInNeededError
from uploader.events import CONNECTED, ServerEvent, watch
from uploader.retry import Backoff
from uploader.tokens import Renewal, Tokens

QUICK = Backoff(base_s=0.01, cap_s=0.02)
Handler = Callable[[ServerConnection], Awaitable[None]]


def tokens(token: str) -> Tokens:
    return Tokens("http://heddle.example", lambda _: Credential(token))


@asynccontextmanager
async def serving(handler: Handler):
    async with serve(handler, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def message(number: int) -> str:
    return json.dumps({"type": "processing.progress", "data": {"progress": number}, "id": str(number)})


async def test_events_go_on_after_every_cut() -> None:
    connections: list[str] = []

    async def handler(connection: ServerConnection) -> None:
        connections.append(connection.request.path if connection.request else "")
        await connection.send("not JSON")
        await connection.send(json.dumps(["no", "event"]))
        await connection.send(message(len(connections)))
        connection.transport.abort()

    async with serving(handler) as url, aclosing(watch(url, tokens("a+b/c"), backoff=QUICK)) as events:
        async with asyncio.timeout(10):
            got = [await anext(events) for _ in range(6)]
    assert got[::2] == [CONNECTED] * 3
    assert got[1] == ServerEvent("processing.progress", {"progress": 1}, "1")
    assert [event.data["progress"] for event in got[1::2]] == [1, 2, 3]
    assert connections[0] == "/ws?token=a%2Bb%2Fc"


async def test_a_refused_token_is_said_and_not_tried_again() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.close(4401, "bad token")

    async with serving(handler) as url, aclosing(watch(url, tokens("t"), backoff=QUICK)) as events:
        async with asyncio.timeout(10):
            assert await anext(events) == CONNECTED
            with pytest.raises(SignInNeededError):
                await anext(events)


async def test_what_is_no_address_is_said_to_be_none() -> None:
    async with aclosing(watch("heddle.example", tokens("t"))) as events:
        with pytest.raises(NotHeddleError):
            await anext(events)


async def test_a_token_that_ended_is_renewed_and_the_connection_made_again() -> None:
    tried: list[str] = []

    async def handler(connection: ServerConnection) -> None:
        tried.append(connection.request.path if connection.request else "")
        if len(tried) == 1:
            await connection.close(4401, "expired")
        else:
            await connection.send(message(7))
            await connection.wait_closed()

    kept = [Credential("old", "refresh", None)]
    renewing = Tokens("http://heddle.example", lambda _: kept[-1], lambda _, new: kept.append(new))

    async def renew(_refresh: str, _key: str) -> Renewal:
        return Renewal(Credential("new", "another", None))

    renewing.use(renew)
    async with serving(handler) as url, aclosing(watch(url, renewing, backoff=QUICK)) as events:
        async with asyncio.timeout(10):
            got = [await anext(events) for _ in range(3)]
    assert got[-1] == ServerEvent("processing.progress", {"progress": 7}, "7")
    assert tried == ["/ws?token=old", "/ws?token=new"]
