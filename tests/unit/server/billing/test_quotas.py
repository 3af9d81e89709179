"""Quotas are asked when something begins; what has begun completes."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.ai.transcription import Transcription
from server.config import Settings
from server.plans.table import GIB, Quota
from server.wiring import Services
from tests.support import films
from tests.support.media import make_recording
from tests.support.people import Team
from tests.support.uploading import FILM, create, files, patch, record, rows, send, shown
from tests.unit.server.billing.conftest import fill, home, use

RECORDINGS = "/api/v1/recordings"
START = {"recordingType": "screen"}


def refused(answer: httpx.Response, quota: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (402, "quota_exceeded"), answer.text
    details: dict[str, Any] = answer.json()["details"]
    assert (details["quota"], details["plan"]) == (quota, "free")
    return details


async def test_a_take_that_is_under_way_completes_and_the_next_is_refused(
    ann: httpx.AsyncClient, services: Services
) -> None:
    recording = await record(ann)
    place = await home(ann)
    location = (await create(ann, recording["id"], None)).headers["location"]
    await use(services, place, Quota.RECORDING, 10)
    await fill(services, (await services.recordings.ids())[0], 2 * GIB)
    answer = await patch(ann, location, 0, FILM, Upload_Length=str(len(FILM)))
    assert answer.status_code == 204
    assert (await shown(ann, recording))["status"] == "processing"
    details = refused(await ann.post(RECORDINGS, json=START), "recordingSeconds")
    assert (details["used"], details["limit"]) == (600, 600)
    assert len(await services.recordings.ids()) == 1


async def test_a_recording_needs_room_and_erasing_one_makes_it(
    ann: httpx.AsyncClient, services: Services
) -> None:
    recording = await record(ann)
    await fill(services, recording["id"], GIB)
    answer = await ann.post(RECORDINGS, json=START)
    refused(answer, "storageBytes")
    assert "Free) has room for 1.0 GiB, and 1.0 GiB of it are taken" in answer.json()["error"]
    assert (await ann.delete(f"{RECORDINGS}/{recording['id']}")).status_code == 204
    refused(await ann.post(RECORDINGS, json=START), "storageBytes")
    assert (await ann.delete(f"{RECORDINGS}/{recording['id']}?permanent=true")).status_code == 204
    assert (await ann.post(RECORDINGS, json=START)).status_code == 201


async def test_a_file_is_refused_when_it_is_announced_and_leaves_nothing(
    ann: httpx.AsyncClient, services: Services
) -> None:
    refused(await create(ann, None, GIB + 1), "storageBytes")
    assert (await services.recordings.ids(), await rows(services)) == ([], [])
    assert (await create(ann, None, GIB - 100)).status_code == 201
    refused(await create(ann, None, 200), "storageBytes")  # what is announced is taken
    recording = await record(ann)
    refused(await create(ann, recording["id"], 200), "storageBytes")
    location = (await create(ann, recording["id"], None)).headers["location"]
    # What has begun may be announced again, with its length.
    assert (await patch(ann, location, 0, FILM[:5000])).status_code == 204
    assert (await create(ann, recording["id"], 2 * GIB)).status_code == 201


async def test_a_file_that_is_too_long_is_refused_at_its_end_and_leaves_nothing(
    ann: httpx.AsyncClient, services: Services, tmp_path: Path
) -> None:
    long = make_recording(tmp_path / "long.mp4", 62, size=(64, 36), fps=2, audio=False).read_bytes()
    upload = (await create(ann, None, len(long))).headers["location"]
    answer = await patch(ann, upload, 0, long)
    assert (answer.status_code, answer.json()["code"]) == (402, "quota_exceeded")
    assert answer.json()["details"] == {"plan": "free", "quota": "lengthSeconds", "limit": 60}
    assert (await services.recordings.ids(), await rows(services), files(services)) == ([], [], [])
    recording, answer = await send(ann, long)
    assert answer.status_code == 204, "what was recorded is kept at any length"
    assert (await shown(ann, recording))["status"] == "processing"


async def test_a_team_has_the_places_and_the_room_of_its_plan(team: Team, services: Services) -> None:
    owner, url = team.clients["owner"], f"{team.url}/invitations"
    details = refused(await owner.post(url, json={"email": "eve@example.org"}), "members")
    assert (details["used"], details["limit"]) == (4, 4)
    assert (await owner.delete(f"{team.url}/members/{team.ids['viewer']}")).status_code == 204
    assert (await owner.post(url, json={"email": "eve@example.org"})).status_code == 201
    assert (await owner.post(url, json={"email": "eve@example.org"})).status_code == 201, "sent anew"
    refused(await owner.post(url, json={"email": "joe@example.org"}), "members")
    # Nor can what would not fit be moved into it.
    full = await owner.post(RECORDINGS, json={**START, "workspaceId": team.id})
    await fill(services, full.json()["id"], GIB)
    mine = await record(owner)
    await fill(services, mine["id"], 1)
    answer = await owner.post(f"{RECORDINGS}/{mine['id']}/move", json={"workspaceId": team.id})
    refused(answer, "storageBytes")
    assert (await shown(owner, mine))["workspaceId"] == mine["workspaceId"]


async def test_the_server_listens_as_long_as_there_are_minutes(
    ann: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def able(_: Transcription) -> SimpleNamespace:
        return SimpleNamespace(folder=Path("model"))

    monkeypatch.setattr(Transcription, "look", able)
    recording, _ = await send(ann, FILM)
    found = await services.recordings.find(recording["id"])
    assert found is not None
    assert await services.transcription._wanted(found)
    await use(services, await home(ann), Quota.TRANSCRIPTION, 5)
    assert not await services.transcription._wanted(found)
    refused(await ann.post(f"{RECORDINGS}/{recording['id']}/transcript/rerun"), "transcriptionSeconds")
    told = (await ann.get(f"/api/v1/streams/{recording['id']}")).json()["transcription"]
    assert told["status"] == "off"
    assert "has 5 minutes of transcription a month" in told["detail"]


async def test_viewers_are_offered_the_lines_of_the_plan_and_always_something(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, services: Services, tmp_path: Path
) -> None:
    big = make_recording(tmp_path / "big.mp4", 2, size=(1280, 720)).read_bytes()
    recording, answer = await send(ann, big)
    assert answer.status_code == 204
    stream = f"/api/v1/streams/{recording['id']}"

    async def offered() -> list[str]:
        told = (await ann.get(stream)).json()
        master = (await client.get(told["playlistUrl"])).text
        assert len([line for line in master.splitlines() if line.endswith("m3u8")]) == len(told["quality"])
        assert (await client.get(told["dashUrl"])).status_code == 200
        return [one["name"] for one in told["quality"]]

    assert await offered() == ["source"], "nothing smaller has been made yet"
    folder = services.blobs.local_path(f"recordings/{recording['id']}")
    (folder / "360p.mp4").write_bytes(films.growing(2.0))
    assert await offered() == ["360p"]


async def test_some_things_are_for_plans_that_have_them(ann: httpx.AsyncClient, services: Services) -> None:
    recording = await record(ann)
    for address in ("analytics", "analytics.csv"):
        answer = await ann.get(f"{RECORDINGS}/{recording['id']}/{address}")
        assert (answer.status_code, answer.json()["code"]) == (402, "feature_not_included")
    share = f"{RECORDINGS}/{recording['id']}/share"
    answer = await ann.patch(share, json={"password": "one that is long enough"})
    assert (answer.status_code, answer.json()["code"]) == (402, "feature_not_included")
    assert "passwords for links" in answer.json()["error"]
    assert (await ann.patch(share, json={"password": None, "allowDownload": False})).status_code == 200
    # GraphQL has the same codes.
    await use(services, await home(ann), Quota.RECORDING, 10)
    query = 'mutation { startRecording(input: {recordingType: SCREEN, title: "T"}) { recording { id } } }'
    errors = (await ann.post("/graphql", json={"query": query})).json()["errors"]
    assert errors[0]["extensions"]["code"] == "quota_exceeded"


class TestOff:
    """Without HEDDLE_BILLING."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"billing": "off"})

    async def test_nothing_is_refused_and_nobody_can_pay(
        self, app: FastAPI, ann: httpx.AsyncClient, services: Services
    ) -> None:
        place = await home(ann)
        await use(services, place, Quota.RECORDING, 10**6)
        assert (await ann.post(RECORDINGS, json=START)).status_code == 201
        url = f"/api/v1/workspaces/{place}"
        used = (await ann.get(f"{url}/usage")).json()
        assert used["plan"] == "unlimited"
        assert {one["limit"] for one in used["quotas"]} == {None}
        told = (await ann.get(f"{url}/billing")).json()
        assert (told["plan"]["id"], told["takesPayments"], len(told["plans"])) == ("unlimited", False, 1)
        for answer in (
            await ann.post(f"{url}/billing/checkout", json={"plan": "pro"}),
            await ann.post(f"{url}/billing/portal"),
            await ann.post("/api/v1/billing/stripe/webhook", content=b"{}"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "billing_off")
