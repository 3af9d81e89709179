"""A recording that is here in full, and whoever asks for it by its link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from server.recordings.models import RecordingRow
from server.wiring import Services
from tests.support import films
from tests.support.people import QuickHasher, Team, make_team
from tests.support.tus import metadata
from tests.unit.server.conftest import BASE, SignIn

TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
TITLE = 'Plans <script>alert("1")</script> & more'
PASSWORD = "tulips in november"

Visitors = Callable[..., httpx.AsyncClient]


async def make_recording(client: httpx.AsyncClient, **values: Any) -> dict[str, Any]:
    body = {"recordingType": "screen", "title": TITLE, "description": "All of it", **values}
    made = (await client.post("/api/v1/recordings", json=body)).json()
    film = films.growing(3.0)
    about = metadata({"recordingId": made["id"]})
    headers = TUS | {"Upload-Length": str(len(film)), "Upload-Metadata": about}
    location = (await client.post("/api/v1/uploads", headers=headers)).headers["location"]
    assert (await client.patch(location, headers=TUS | BODY, content=film)).status_code == 204
    return dict(made)


def slug_of(recording: dict[str, Any]) -> str:
    return str(recording["shareUrl"]).rsplit("/", 1)[1]


@pytest.fixture
async def recording(ann: httpx.AsyncClient) -> dict[str, Any]:
    return await make_recording(ann)


@dataclass
class Shared:
    """A recording of a team that `maker`, its owner, shares; `people` are of each role, and a stranger."""

    made: dict[str, Any]
    team: Team
    services: Services

    @property
    def id(self) -> str:
        return str(self.made["id"])

    @property
    def slug(self) -> str:
        return slug_of(self.made)

    @property
    def url(self) -> str:
        return f"/api/v1/shares/{self.slug}"

    @property
    def maker(self) -> httpx.AsyncClient:
        return self.team.clients["owner"]

    async def set(self, **values: Any) -> dict[str, Any]:
        answer = await self.maker.patch(f"/api/v1/recordings/{self.id}/share", json=values)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def has(self, **columns: Any) -> None:
        """What no request could say, such as an end that is past."""
        async with self.services.db.write() as session:
            await session.execute(update(RecordingRow).where(RecordingRow.id == self.id).values(**columns))


@pytest.fixture
async def shared(sign_in: SignIn, services: Services) -> Shared:
    services.identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
    team = await make_team(sign_in, services)
    made = await make_recording(team.clients["owner"], workspaceId=team.id)
    return Shared(made, team, services)


@pytest.fixture
def visitor(app: FastAPI) -> Visitors:
    """Somebody without an account; each has cookies of their own."""

    def make(address: str = "203.0.113.7") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url=BASE)

    return make
