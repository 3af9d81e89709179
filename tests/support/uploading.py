"""Uploads as tests send them, through the API: a recording, its tus resource, its bytes."""

import base64
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from server.uploads.models import UploadRow
from server.wiring import Services
from tests.support import films

URL = "/api/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}
FILM = films.growing(3.0)


def named(recording_id: str) -> dict[str, str]:
    return {"Upload-Metadata": f"recordingId {base64.b64encode(recording_id.encode()).decode()}"}


async def record(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Test"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def create(client: httpx.AsyncClient, recording_id: str | None, length: int | None) -> httpx.Response:
    size = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
    return await client.post(URL, headers=TUS | size | (named(recording_id) if recording_id else {}))


async def patch(
    client: httpx.AsyncClient, location: str, offset: int, body: Any, **headers: str
) -> httpx.Response:
    sent = TUS | BODY | {"Upload-Offset": str(offset)}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.patch(location, headers=sent, content=body)


async def send(client: httpx.AsyncClient, data: bytes) -> tuple[dict[str, Any], httpx.Response]:
    """A new recording and the answer to all of its bytes at once."""
    recording = await record(client)
    created = await create(client, recording["id"], len(data))
    assert created.status_code == 201, created.text
    return recording, await patch(client, created.headers["location"], 0, data)


async def shown(client: httpx.AsyncClient, recording: dict[str, Any]) -> dict[str, Any]:
    return dict((await client.get(f"/api/v1/recordings/{recording['id']}")).json())


def files(services: Services) -> list[Path]:
    return [path for path in services.settings.media_root.rglob("*") if path.is_file()]


def id_of(location: str) -> str:
    return location.rsplit("/", 1)[1]


async def rows(services: Services) -> list[UploadRow]:
    async with services.db.read() as session:
        return list((await session.scalars(select(UploadRow))).all())
