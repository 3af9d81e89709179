"""The meter: what was recorded and transcribed, once each, and who is warned."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from server.bus import Event
from server.db import new_id, now
from server.outbox import OutboxRow
from server.plans.service import lengthen, month_of, spend, spent
from server.plans.table import Quota
from server.processing.events import ProcessingEventType
from server.recordings.events import RecordingEventType
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.people import Team
from tests.support.uploading import FILM, send
from tests.unit.server.billing.conftest import fill, home, told, use

WARNING = "billing.quota_warning"


async def used(client: httpx.AsyncClient, place: str) -> dict[str, int]:
    answer = await client.get(f"/api/v1/workspaces/{place}/usage")
    assert answer.status_code == 200, answer.text
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
    ann: httpx.AsyncClient, services: Services
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


async def test_what_was_heard_before_its_length_was_known_gets_it_later(services: Services) -> None:
    place, recording = new_id(), new_id()
    async with services.db.write() as session:
        for key, seconds in (("a", 0.0), ("b", 2.0)):
            await spend(session, key, place, Quota.TRANSCRIPTION, recording_id=recording, seconds=seconds)
        await session.flush()
        await lengthen(session, recording, 5.0)
    async with services.db.read() as session:
        assert await spent(Quota.TRANSCRIPTION)(session, place) == 7


async def test_minutes_of_another_month_are_not_counted(
    ann: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await home(ann)
    monkeypatch.setattr("server.plans.service.month_of", lambda _: "2001-01")
    await use(services, place, Quota.RECORDING, 10)
    monkeypatch.undo()
    told_usage = (await ann.get(f"/api/v1/workspaces/{place}/usage")).json()
    assert told_usage["month"] == month_of(now())
    assert (await used(ann, place))["recordingSeconds"] == 0


@both_databases
async def test_four_fifths_and_all_of_a_quota_are_told_once_to_those_who_pay(
    team: Team, services: Services
) -> None:
    async def recorded(minutes: float, key: str) -> list[tuple[str, dict[str, object]]]:
        await use(services, team.id, Quota.RECORDING, minutes, key)
        await services.billing.meter.look(team.id)
        return await told(services, WARNING)

    assert await recorded(7.9, "a") == []
    first = await recorded(0.1, "b")
    assert {one for one, _ in first} == {team.ids["owner"], team.ids["admin"]}
    expected: dict[str, Any] = {"workspaceId": team.id, "quota": "recordingSeconds", "percent": 80}
    assert first[0][1] == {**expected, "used": 480, "limit": 600}
    assert await recorded(0.5, "c") == first
    both = await recorded(3, "d")
    assert [one["percent"] for _, one in both] == [80, 80, 100, 100]
    assert await recorded(3, "e") == both


async def test_room_that_is_taken_again_is_told_again(ann: httpx.AsyncClient, services: Services) -> None:
    place = await home(ann)
    recording, _ = await send(ann, FILM)
    for size, count in ((900, 1), (1024, 2), (10, 2), (1100, 3)):
        await fill(services, recording["id"], size << 20)
        await services.billing.meter.look(place)
        assert len(await told(services, WARNING)) == count, size
