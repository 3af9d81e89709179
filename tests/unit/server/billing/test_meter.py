"""The meter: what was recorded and transcribed, once each, and who is warned."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from server.bus import Event
from server.db import new_id, now
from server.outbox import OutboxRow
from server.plans.service import lengthen, month_of, spend
from server.plans.table import Quota
from server.processing.events import ProcessingEventType
from server.recordings.events import RecordingEventType
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.people import Team, change_user
from tests.support.uploading import FILM, create, patch, record, send
from tests.unit.server.billing.conftest import fill, home, told, use

WARNING = "billing.quota_warning"


async def used(client: httpx.AsyncClient, place: str) -> dict[str, int]:
    answer = await client.get(f"/api/v1/workspaces/{place}/usage")
    assert answer.status_code == 200, answer.text
    assert answer.json()["month"] == month_of(now())
    return {one["quota"]: one["used"] for one in answer.json()["quotas"]}


async def settle(services: Services) -> None:
    """All events were heard."""
    while await services.dispatcher.deliver():
        pass


def progress(recording_id: str, job_id: str, *, number: int = 7, status: str = "completed") -> Event:
    data = {"step": "transcript", "status": status, "jobId": job_id}
    return Event(number, ProcessingEventType.PROGRESS, recording_id, None, data, now())


@both_databases
async def test_a_recording_is_counted_once_however_often_it_is_told_of(
    ann: httpx.AsyncClient, services: Services
) -> None:
    place = await home(ann)
    recording, _ = await send(ann, FILM)
    await settle(services)
    counted = await used(ann, place)
    assert counted == {
        "storageBytes": len(FILM),
        "recordingSeconds": 3,
        "transcriptionSeconds": 0,
        "members": 1,
    }
    async with services.db.read() as session:
        heard = RecordingEventType.RAW_VIDEO_UPLOADED
        (row,) = await session.scalars(select(OutboxRow).where(OutboxRow.type == heard))
    event = Event(row.id, row.type, row.recording_id, row.user_id, row.data, row.created_at)
    for _ in range(2):
        await services.bus.publish(event)
    assert await used(ann, place) == counted
    ready = {"durationSeconds": 4.5}
    await services.bus.publish(
        Event(9, ProcessingEventType.VIDEO_READY, recording["id"], row.user_id, ready, now())
    )
    assert (await used(ann, place))["recordingSeconds"] == 4, "a better length takes its place"
    assert (await ann.delete(f"/api/v1/recordings/{recording['id']}?permanent=true")).status_code == 204
    await settle(services)
    left = await used(ann, place)
    assert (left["storageBytes"], left["recordingSeconds"]) == (0, 4), "deleting gives room, and no minutes"


async def test_a_transcription_is_counted_for_each_time_that_the_server_listened(
    ann: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await home(ann)
    recording, _ = await send(ann, FILM)
    first, second = new_id(), new_id()
    for event in (
        progress(recording["id"], first, status="processing"),
        progress(recording["id"], first, number=0),
        progress(recording["id"], first),
        progress(recording["id"], first),
    ):
        await services.bus.publish(event)
    assert (await used(ann, place))["transcriptionSeconds"] == 3
    await services.bus.publish(progress(recording["id"], second))
    assert (await used(ann, place))["transcriptionSeconds"] == 6
    # One that was heard before its length was known gets it later.
    early = new_id()
    async with services.db.write() as session:
        await spend(session, "early", place, Quota.TRANSCRIPTION, recording_id=early, seconds=0.0)
        await session.flush()
        await lengthen(session, early, 5.0)
    assert (await used(ann, place))["transcriptionSeconds"] == 11
    monkeypatch.setattr("server.plans.service.month_of", lambda _: "2001-01")
    await use(services, place, Quota.TRANSCRIPTION, 10)
    monkeypatch.undo()
    assert (await used(ann, place))["transcriptionSeconds"] == 11, "those of another month do not count"


async def test_four_fifths_and_all_of_a_quota_are_told_once(
    ann: httpx.AsyncClient, services: Services
) -> None:
    place, recording = await home(ann), await record(ann)

    async def warnings() -> list[dict[str, object]]:
        await services.billing.meter.look(place)
        return [data for _, data in await told(services, WARNING)]

    async def recorded(minutes: float, key: str) -> list[object]:
        await use(services, place, Quota.RECORDING, minutes, key)
        return [one["percent"] for one in await warnings()]

    assert await recorded(7.9, "a") == []
    assert await recorded(0.1, "b") == [80]
    expected = {"workspaceId": place, "quota": "recordingSeconds", "percent": 80, "used": 480, "limit": 600}
    assert await warnings() == [expected | {"workspaceName": None, "month": month_of(now())}]
    assert await recorded(0.5, "c") == [80]
    assert await recorded(3, "d") == [80, 100]
    assert await recorded(3, "e") == [80, 100]
    # Room that is taken again is told of again.
    for size, count in ((900, 3), (1024, 4), (10, 4), (1100, 5)):
        await fill(services, recording["id"], size << 20)
        assert len(await warnings()) == count, size


async def test_what_is_under_way_counts_as_it_comes_and_is_taken_back_where_it_comes_to_nothing(
    ann: httpx.AsyncClient, services: Services
) -> None:
    place = await home(ann)
    first, second = await record(ann), await record(ann)
    uploads = [(await create(ann, one["id"], None)).headers["location"] for one in (first, second)]
    for location in uploads:
        assert (await patch(ann, location, 0, FILM)).status_code == 204
    for _ in range(2):
        await services.billing.meter.follow()
        assert (await used(ann, place))["recordingSeconds"] == 6, "once each, however often it is looked at"
    # The plan is used up while they run: they complete, and no other begins.
    await use(services, place, Quota.RECORDING, 10)
    assert (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).status_code == 402
    answer = await patch(ann, uploads[0], len(FILM), b"", Upload_Length=str(len(FILM)))
    assert answer.status_code == 204
    await settle(services)
    await services.billing.meter.follow()
    assert (await used(ann, place))["recordingSeconds"] == 606, "complete, it is counted as that alone"
    assert (await ann.delete(uploads[1], headers={"Tus-Resumable": "1.0.0"})).status_code == 204
    await settle(services)
    await services.billing.meter.follow()
    assert (await used(ann, place))["recordingSeconds"] == 603


async def test_whether_the_next_recording_would_be_taken_can_be_asked_before(
    ann: httpx.AsyncClient, services: Services, team: Team
) -> None:
    async def asked(client: httpx.AsyncClient = ann, **query: str) -> dict[str, Any]:
        answer = await client.get("/api/v1/me/allowance", params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    place = await home(ann)
    free = {"workspaceId": place, "plan": "free", "allowed": True, "reason": None, "quota": None}
    assert await asked() == {**free, "secondsLeft": 600}
    await use(services, place, Quota.RECORDING, 12)
    told = await asked()
    refusal = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    assert (told["allowed"], told["quota"], told["secondsLeft"]) == (False, "recordingSeconds", 0)
    assert told["reason"] == refusal["error"]
    # Members may ask where they record, though they see no plan.
    assert (await asked(team.clients["member"], workspaceId=team.id))["allowed"]
    for role, status in (("viewer", 403), ("stranger", 404)):
        answer = await team.clients[role].get("/api/v1/me/allowance", params={"workspaceId": team.id})
        assert answer.status_code == status


async def test_owners_of_the_server_see_what_any_workspace_uses(
    ann: httpx.AsyncClient, services: Services, team: Team
) -> None:
    admin = team.clients["stranger"]
    await change_user(services, (await admin.get("/api/v1/me")).json()["id"], role="owner")
    await use(services, team.id, Quota.RECORDING, 2)
    url = f"/api/v1/admin/workspaces/{team.id}/usage"
    told = await admin.get(url)
    assert told.json() == (await team.clients["owner"].get(f"{team.url}/usage")).json()
    assert (await ann.get(url)).status_code == 403
    assert (await admin.get(f"/api/v1/admin/workspaces/{new_id()}/usage")).status_code == 404
