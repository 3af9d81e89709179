import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from uploader.credentials import Credential
from uploader.errors import NotHeddleError, SignInNeededError
from uploader.events import CONNECTED, LOST, RESUMED, ServerEvent, watch
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
    return json.dumps({"type": "processing.progress", "data": {"progress": number}, "id": number})


async def said(connection: ServerConnection) -> dict[str, Any]:
    """What the client says next: its type and data."""
    return dict(json.loads(await connection.recv()))


async def ready(connection: ServerConnection, *, resumed: bool = False, id_: int = 5) -> None:
    await connection.send(json.dumps({"type": "ready", "data": {"resumed": resumed}, "id": id_}))


async def test_events_go_on_after_every_cut_where_they_were() -> None:
    connections: list[dict[str, Any]] = []
    paths: list[str] = []

    async def handler(connection: ServerConnection) -> None:
        connections.append((await said(connection))["data"])
        paths.append(connection.request.path if connection.request else "")
        await ready(connection, resumed=len(connections) == 2)
        await connection.send("not JSON")
        await connection.send(json.dumps(["no", "event"]))
        await connection.send(message(10 + len(connections)))
        connection.transport.abort()

    async with serving(handler) as url, aclosing(watch(url, tokens("a+b/c"), backoff=QUICK)) as events:
        async with asyncio.timeout(10):
            got = [await anext(events) for _ in range(8)]
    progress = [ServerEvent("processing.progress", {"progress": n}, n) for n in (11, 12, 13)]
    # The second connection heard what the first had missed; the third server knew nothing of it any more.
    assert got == [
        CONNECTED, progress[0], LOST, RESUMED, progress[1], LOST, CONNECTED, progress[2]
    ]  # fmt: skip
    assert connections == [{"token": "a+b/c", "lastEventId": last} for last in (None, 11, 12)]
    assert paths == ["/ws"] * 3


async def test_a_token_is_renewed_before_it_ends_on_the_same_connection() -> None:
    renewed: list[str] = []

    async def handler(connection: ServerConnection) -> None:
        await said(connection)
        await ready(connection)
        await connection.send(json.dumps({"type": "token.expiring", "data": {}}))
        renewed.append((await said(connection))["data"]["token"])
        await connection.send(message(7))
        await connection.wait_closed()

    async with serving(handler) as url, aclosing(watch(url, renewing(), backoff=QUICK)) as events:
        async with asyncio.timeout(10):
            assert [(await anext(events)).type for _ in range(2)] == ["connected", "processing.progress"]
    assert renewed == ["new"]


async def test_a_refused_token_is_said_and_not_tried_again() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.close(4401, "bad token")

    async with serving(handler) as url, aclosing(watch(url, tokens("t"), backoff=QUICK)) as events:
        async with asyncio.timeout(10):
            with pytest.raises(SignInNeededError):
                await anext(events)


async def test_what_is_no_address_is_said_to_be_none() -> None:
    async with aclosing(watch("heddle.example", tokens("t"))) as events:
        with pytest.raises(NotHeddleError):
            await anext(events)


async def test_a_token_that_ended_is_renewed_and_the_connection_made_again() -> None:
    tried: list[str] = []

    async def handler(connection: ServerConnection) -> None:
        tried.append((await said(connection))["data"]["token"])
        if len(tried) == 1:
            await connection.close(4401, "expired")
        else:
            await ready(connection)
            await connection.send(message(7))
            await connection.wait_closed()

    async with serving(handler) as url, aclosing(watch(url, renewing(), backoff=QUICK)) as events:
        async with asyncio.timeout(10):
            got = [await anext(events) for _ in range(2)]
    assert got == [CONNECTED, ServerEvent("processing.progress", {"progress": 7}, 7)]
    assert tried == ["old", "new"]


def renewing() -> Tokens:
    """`old`, which can be renewed to `new`."""
    kept = [Credential("old", "refresh", None)]
    tokens = Tokens("http://heddle.example", lambda _: kept[-1], lambda _, new: kept.append(new))

    async def renew(_refresh: str, _key: str) -> Renewal:
        return Renewal(Credential("new", "another", None))

    tokens.use(renew)
    return tokens
