"""Subscriptions over graphql-transport-ws, as a client of that protocol speaks it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import websockets
from fastapi import FastAPI

from server.bus import Event
from server.db import now
from server.wiring import Services
from tests.support.listening import listening
from tests.unit.server.graphql.conftest import record

PROTOCOL = websockets.Subprotocol("graphql-transport-ws")


class Client:
    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket

    async def send(self, **message: Any) -> None:
        await self._socket.send(json.dumps(message))

    async def next(self, type_: str) -> dict[str, Any]:
        async with asyncio.timeout(20):
            message = dict(json.loads(await self._socket.recv()))
        assert message["type"] == type_, message
        return message

    async def subscribe(self, number: str, query: str) -> None:
        await self.send(id=number, type="subscribe", payload={"query": query})

    async def data(self) -> dict[str, Any]:
        return dict((await self.next("next"))["payload"]["data"])

    async def close_code(self) -> int:
        await asyncio.wait_for(self._socket.wait_closed(), 20)
        return self._socket.close_code or 0


def token_of(client: httpx.AsyncClient) -> str:
    return str(client.headers["authorization"])


@asynccontextmanager
async def connected(address: str, payload: dict[str, Any] | None) -> AsyncIterator[Client]:
    async with websockets.connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL]) as socket:
        client = Client(socket)
        if payload is not None:
            await client.send(type="connection_init", payload=payload)
        yield client


async def test_the_recording_is_told_as_it_is_and_with_every_change(
    app: FastAPI, ann: httpx.AsyncClient
) -> None:
    made = await record(ann, "Old")
    async with (
        listening(app) as address,
        connected(address, {"Authorization": token_of(ann)}) as client,
    ):
        await client.next("connection_ack")
        await client.send(type="ping")
        await client.next("pong")
        await client.subscribe(
            "1", f'subscription {{ recordingUpdated(sessionId: "{made}") {{ title status }} }}'
        )
        assert (await client.data())["recordingUpdated"] == {"title": "Old", "status": "PREPARING"}
        await ann.put(f"/api/v1/recordings/{made}", json={"title": "New"})
        while (await client.data())["recordingUpdated"] != {"title": "New", "status": "PREPARING"}:
            pass
        await ann.delete(f"/api/v1/recordings/{made}")
        async with asyncio.timeout(20):
            while json.loads(await client._socket.recv())["type"] != "complete":
                pass
        assert len(app.state.graphql.feeds) == 0


async def test_progress_is_told_step_by_step(
    app: FastAPI, ann: httpx.AsyncClient, services: Services
) -> None:
    made, other = await record(ann, "Mine"), await record(ann, "Other")
    user = (await ann.get("/api/v1/me")).json()["id"]
    data = {"jobId": made, "step": "poster", "status": "running", "progress": 40.0, "error": None}
    chosen = "{ sessionId step status progress error }"
    query = f'subscription {{ recordingProgress(sessionId: "{made}") {chosen} }}'
    async with listening(app) as address, connected(address, {"token": token_of(ann)[7:]}) as client:
        await client.next("connection_ack")
        await client.subscribe("1", query)
        async with asyncio.timeout(20):
            while not len(app.state.graphql.feeds):  # noqa: ASYNC110 (nothing to wait on from outside)
                await asyncio.sleep(0.01)
        for recording_id in (other, made):
            event = Event(0, "processing.progress", recording_id, user, data, now())
            await services.bus.publish(event)
        told = (await client.data())["recordingProgress"]
        assert told == {
            "sessionId": made,
            "step": "poster",
            "status": "running",
            "progress": 40.0,
            "error": None,
        }


@pytest.mark.parametrize("payload", [{}, {"token": "nonsense"}, {"Authorization": 7}])
async def test_without_a_token_nothing_is_told(app: FastAPI, payload: dict[str, Any]) -> None:
    async with listening(app) as address, connected(address, payload) as client:
        assert await client.close_code() == 4403


async def test_who_does_not_say_who_they_are_cannot_subscribe(app: FastAPI) -> None:
    async with listening(app) as address, connected(address, None) as client:
        await client.subscribe("1", "{ me { id } }")
        assert await client.close_code() == 4401


async def test_what_belongs_to_somebody_else_is_not_there(
    app: FastAPI, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = await record(ann, "Ann's")
    async with listening(app) as address, connected(address, {"Authorization": token_of(bob)}) as client:
        await client.next("connection_ack")
        for number, name in enumerate(("recordingUpdated { id }", "recordingProgress { step }")):
            field, chosen = name.split(" ", 1)
            await client.subscribe(str(number), f'subscription {{ {field}(sessionId: "{made}") {chosen} }}')
            told = json.loads(await client._socket.recv())
            errors = told["payload"] if told["type"] == "error" else told["payload"]["errors"]
            assert errors[0]["extensions"]["code"] == "recording_not_found"
            assert (await client.next("complete"))["id"] == str(number) if told["type"] == "next" else True


async def test_a_sign_in_that_ended_hears_nothing_more(
    app: FastAPI, ann: httpx.AsyncClient, services: Services
) -> None:
    made = await record(ann, "Mine")
    user = (await ann.get("/api/v1/me")).json()["id"]
    await services.dispatcher.stop()  # when all that happened so far has been told
    async with listening(app) as address, connected(address, {"Authorization": token_of(ann)}) as client:
        await client.next("connection_ack")
        await client.subscribe("1", f'subscription {{ recordingUpdated(sessionId: "{made}") {{ title }} }}')
        assert (await client.data())["recordingUpdated"] == {"title": "Mine"}
        assert (await ann.post("/auth/logout")).status_code == 204
        event = Event(0, "recording.updated", made, user, {"shared": True, "allowComments": True}, now())
        await services.bus.publish(event)
        await client.next("complete")


async def test_queries_work_there_too_within_the_same_limits(app: FastAPI, ann: httpx.AsyncClient) -> None:
    async with listening(app) as address, connected(address, {"Authorization": token_of(ann)}) as client:
        await client.next("connection_ack")
        await client.subscribe("1", "{ me { username } }")
        assert (await client.data())["me"] == {"username": "ann"}
        await client.next("complete")
        many = "{ recordings(first: 100) { edges { node { comments(first: 100) { edges { cursor } } } } } }"
        await client.subscribe("2", many)
        told = json.loads(await client._socket.recv())
        errors = told["payload"] if told["type"] == "error" else told["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "too_costly"
