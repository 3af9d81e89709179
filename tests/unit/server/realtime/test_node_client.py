"""The specification's WebSocket client, as it behaves, in a real Node."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from server.bus import Event
from server.db import now
from server.wiring import Services
from tests.support.nodes import FOLDER, node
from tests.support.sockets import token_of

RECORDINGS = "/api/v1/recordings"


class NodeClient:
    def __init__(self, lines: asyncio.StreamReader) -> None:
        self._lines = lines

    async def emits(self, name: str, **wanted: Any) -> dict[str, Any]:
        """What it emits next under this name with these fields."""
        async with asyncio.timeout(60):
            while line := await self._lines.readline():
                said = json.loads(line)
                if said["name"] == name and wanted.items() <= said["data"].items():
                    return dict(said["data"])
        raise AssertionError(f"the client ended before {name}")


@asynccontextmanager
async def running(address: str, token: str, session_id: str) -> AsyncIterator[NodeClient]:
    command = [
        str(node(modules=False)),
        str(FOLDER / "live-client.mjs"),
        f"http://{address}",
        token,
        session_id,
    ]
    program = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert program.stdout is not None
    try:
        yield NodeClient(program.stdout)
    finally:
        if program.returncode is None:
            program.kill()
        await program.communicate()


async def test_it_starts_a_recording_and_hears_what_becomes_of_it(
    services: Services, address: str, ann: httpx.AsyncClient
) -> None:
    made = (await ann.post(RECORDINGS, json={"recordingType": "screen"})).json()
    async with running(address, token_of(ann), made["id"]) as client:
        await client.emits("connected")
        started = await client.emits("recordingStatusUpdate", change="started")
        assert (started["sessionId"], started["status"]) == (made["id"], "recording")
        assert (await ann.get(f"{RECORDINGS}/{made['id']}")).json()["settings"] == {"frameRate": 30}
        data = {"sessionId": made["id"], "jobId": "j", "step": "rendition", "status": "processing"}
        await services.bus.publish(
            Event(0, "processing.progress", made["id"], made["userId"], {**data, "progress": 40.0}, now())
        )
        assert await client.emits("processingProgress") == {**data, "progress": 40.0}
        words = {"language": "en", "segments": [{"start": 0, "end": 1, "text": "Hello"}]}
        sent = await ann.put(f"{RECORDINGS}/{made['id']}/transcript", json=words)
        assert sent.status_code in (200, 201), sent.text
        assert (await client.emits("transcriptionCompleted"))["sessionId"] == made["id"]
        await ann.post("/auth/logout")
        assert (await client.emits("disconnected"))["code"] == 4401
