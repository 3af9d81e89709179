"""What is said is heard at once: by the owner, and by whoever watches the link."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import websockets
from fastapi import FastAPI

from tests.support.listening import listening
from tests.unit.server.comments.test_comments import say


async def heard(socket: websockets.ClientConnection, type_: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            message = dict(json.loads(await socket.recv()))
            if message["type"] == type_:
                return dict(message["data"])


async def test_the_owner_and_viewers_hear_it_and_nobody_else(
    app: FastAPI, ann: httpx.AsyncClient, client: httpx.AsyncClient, recording: dict[str, Any], share: str
) -> None:
    slug = share.rsplit("/", 1)[1]
    token = ann.headers["authorization"].split()[1]
    async with (
        listening(app) as address,
        websockets.connect(f"ws://{address}/ws?token={token}") as owner,
        websockets.connect(f"ws://{address}/ws?share={slug}") as viewer,
    ):
        await viewer.send('{"type": "ping"}')
        assert [json.loads(await viewer.recv())["type"] for _ in range(2)] == ["ready", "pong"]
        made = await say(client, f"{share}/comments", "Live", name="Eve", time=2)
        for socket in (owner, viewer):
            told = await heard(socket, "comment.created")
            assert (told["commentId"], told["body"], told["time"]) == (made["id"], "Live", 2.0)
            assert told["author"]["name"] == "Eve"
            assert made["editToken"] not in json.dumps(told)
        reacted = await client.post(f"{share}/reactions", json={"emoji": "👏", "name": "Eve"})
        for socket in (owner, viewer):
            assert (await heard(socket, "reaction.added"))["reactionId"] == reacted.json()["id"]
        await ann.post(f"/api/v1/comments/{made['id']}/resolve")
        assert (await heard(viewer, "comment.resolved"))["resolved"] is True
        await ann.delete(f"/api/v1/comments/{made['id']}")
        assert (await heard(viewer, "comment.deleted"))["tombstone"] is False
        # The owner also hears of the recording; viewers do not, and their line ends with the link.
        await ann.put(f"/api/v1/recordings/{recording['id']}", json={"shared": False})
        assert (await heard(owner, "recording.updated"))["shared"] is False
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await heard(viewer, "nothing more")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4403


async def test_a_link_that_is_none_is_not_watched(app: FastAPI) -> None:
    async with listening(app) as address, websockets.connect(f"ws://{address}/ws?share=unknown") as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4403
