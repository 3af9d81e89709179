"""A server that analyses, and a talk to be sent to it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.config import Settings
from tests.support.talks import DEPLOYMENT, said

PATIENCE_S = 60.0
Look = Callable[[], Awaitable[dict[str, Any] | None]]


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """What `look` gives when it gives anything; fails after a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := await look()):
        assert time.monotonic() < deadline, "it did not happen within a minute"
        await asyncio.sleep(0.02)
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1, min_free_bytes=0, log_level="error")


@pytest.fixture
async def recording(ann: httpx.AsyncClient) -> dict[str, Any]:
    made = await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Talk"})
    return dict(made.json())


@pytest.fixture
def url(recording: dict[str, Any]) -> str:
    return f"/api/v1/recordings/{recording['id']}"


@pytest.fixture
def shared(recording: dict[str, Any]) -> str:
    return "/api/v1/shares/" + str(recording["shareUrl"]).rsplit("/", 1)[1]


async def send_talk(client: httpx.AsyncClient, url: str, text: str = DEPLOYMENT) -> None:
    answer = await client.put(f"{url}/transcript", json=said(text).as_dict())
    assert answer.status_code == 200, answer.text


async def analysed(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    """The analysis, once it is there and no newer one is wanted."""

    async def look() -> dict[str, Any] | None:
        answer = await client.get(f"{url}/analysis")
        body: dict[str, Any] = answer.json()
        return body if answer.status_code == 200 and body["status"] != "queued" else None

    found: dict[str, Any] = await until(look)
    return found


@pytest.fixture
async def analysis(ann: httpx.AsyncClient, url: str) -> dict[str, Any]:
    await send_talk(ann, url)
    return await analysed(ann, url)
