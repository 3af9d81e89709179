"""What the specification's own tests ask for (API specification 7.2.1), and the order of its flows.

Its flows through real processes are scenarios: `test_live.py`, `test_existing_files.py` and
`test_transcripts.py`; here is what the server says and tells at each of their steps.
"""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from server.outbox import OutboxRow
from server.processing.states import JobStatus
from server.wiring import Services
from tests.support.people import QuickHasher
from tests.support.uploading import FILM, create, patch
from tests.unit.server.processing.conftest import until

RECORDINGS = "/api/v1/recordings"
# The body of the specification's example.
BEGUN = {
    "title": "Release notes",
    "recordingType": "screen",
    "settings": {"resolution": {"width": 1920, "height": 1080}, "frameRate": 30, "quality": "high"},
}


@pytest.fixture
async def dora(app: FastAPI, client: httpx.AsyncClient, services: Services) -> httpx.AsyncClient:
    """Signed in as the specification does it: by the `token` that a password gets."""
    services.identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
    await services.identity.add_user("dora@example.org", "correct horse")
    body = {"email": "dora@example.org", "password": "correct horse"}
    answer = await client.post("/auth/login", json=body)
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client


async def told(services: Services) -> list[str]:
    async with services.db.read() as session:
        return list(await session.scalars(select(OutboxRow.type).order_by(OutboxRow.id)))


async def test_a_recording_is_made_refused_listed_and_controlled(dora: httpx.AsyncClient) -> None:
    made = await dora.post(RECORDINGS, json=BEGUN)
    assert made.status_code == 201
    begun = made.json()
    assert (begun["title"], begun["status"], begun["settings"]) == (
        "Release notes",
        "preparing",
        BEGUN["settings"],
    )
    refused = await dora.post(RECORDINGS, json=BEGUN | {"recordingType": "invalid_type"})
    assert (refused.status_code, bool(refused.json()["error"])) == (400, True)
    listed = await dora.get(RECORDINGS)
    assert listed.status_code == 200
    assert [one["id"] for one in listed.json()["data"]] == [begun["id"]]
    page = {"page": 0, "size": 20, "totalPages": 1, "totalElements": 1}
    assert page.items() <= listed.json()["pagination"].items()
    stopped = await dora.post(f"{RECORDINGS}/{begun['id']}/control", json={"action": "stop"})
    assert (stopped.status_code, stopped.json()["status"]) == (200, "processing")


async def test_a_recording_flows_to_its_job_and_its_stream(
    dora: httpx.AsyncClient, services: Services
) -> None:
    begun: dict[str, Any] = (await dora.post(RECORDINGS, json=BEGUN)).json()
    assert begun["shareUrl"]  # a session and an address, before anything is recorded
    await dora.post(f"{RECORDINGS}/{begun['id']}/control", json={"action": "stop"})
    assert "recording_completed" in await told(services)
    assert "raw_video_uploaded" not in await told(services)
    place = (await create(dora, begun["id"], len(FILM))).headers["location"]
    half = len(FILM) // 2
    assert (await patch(dora, place, 0, FILM[:half])).status_code == 204
    assert (await patch(dora, place, half, FILM[half:])).status_code == 204
    events = await told(services)
    assert events.index("recording_completed") < events.index("raw_video_uploaded")

    async def planned() -> bool:
        return bool(await services.processing.jobs_of(begun["id"]))

    await until(planned)
    assert {job.status for job in await services.processing.jobs_of(begun["id"])} == {JobStatus.QUEUED}
    stream = (await dora.get(f"/api/v1/streams/{begun['id']}")).json()
    playlist = await dora.get(stream["playlistUrl"])
    assert (playlist.status_code, playlist.text.startswith("#EXTM3U")) == (200, True)
