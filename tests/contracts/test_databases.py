"""What the tables do, whatever the database: claims, fences, offsets, states, and values as they were."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from server.adapters.blobs_local import LocalBlobs
from server.config import Settings
from server.db import NOBODY, Database, new_id, now
from server.errors import Conflict
from server.identity.models import UserRow
from server.outbox import OutboxRow
from server.processing import plan, repository
from server.processing.schemas import Job
from server.processing.states import JobStatus
from server.processing.steps import Lane, StepName
from server.recordings.events import RecordingEventType
from server.recordings.models import RecordingRow, TemplateRow
from server.recordings.schemas import Action, Recording, RecordingType, StartRecordingRequest
from server.recordings.service import Recordings
from server.uploads import repository as uploads
from server.uploads.models import UploadRow
from tests.support.databases import both_databases, put_migrated

LEASE = timedelta(seconds=30)
ANN = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


@pytest.fixture
def url(tmp_path: Path, database_url: str) -> str:
    put_migrated(tmp_path)
    return Settings(data=tmp_path, database_url=database_url).sqlalchemy_url


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    db = Database(url, pool=8)
    async with db.write() as session:
        session.add(UserRow(id=ANN, email="a@x.org", username="a", password_hash="-", role="member"))
    yield db
    await db.close()


@pytest.fixture
async def other(url: str) -> AsyncIterator[Database]:
    """As another process has it."""
    db = Database(url, pool=8)
    yield db
    await db.close()


@pytest.fixture
def recordings(db: Database, tmp_path: Path) -> Recordings:
    return Recordings(db, LocalBlobs(tmp_path / "media"))


async def record(recordings: Recordings) -> Recording:
    return await recordings.create(ANN, StartRecordingRequest(recording_type=RecordingType.SCREEN, title="T"))


async def enqueue(db: Database, recording: Recording, *names: StepName) -> list[Job]:
    async with db.write(recording.id) as session:
        steps = [plan.step_of(name, recording.id, "mp4") for name in names]
        return [await repository.add(session, recording.id, step, ANN) for step in steps]


async def claim(db: Database, owner: str) -> Job | None:
    async with db.write(owner) as session:
        return await repository.claim(session, owner, Lane.SHORT, LEASE)


async def claim_all(db: Database, owner: str) -> list[Job]:
    claimed = []
    while (job := await claim(db, owner)) is not None:
        claimed.append(job)
    return claimed


@both_databases
async def test_each_job_is_claimed_once_whoever_asks(
    db: Database, other: Database, recordings: Recordings
) -> None:
    made = [job for _ in range(8) for job in await enqueue(db, await record(recordings), StepName.PROBE)]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(claim_all(one, f"worker {n}")) for n, one in enumerate((db, db, other, other))
        ]
    claimed = [job.id for task in tasks for job in task.result()]
    assert sorted(claimed) == sorted(job.id for job in made)


@both_databases
async def test_the_most_urgent_job_is_claimed_first_and_those_that_wait_are_not(
    db: Database, recordings: Recordings
) -> None:
    recording = await record(recordings)
    poster, probe = await enqueue(db, recording, StepName.POSTER, StepName.PROBE)
    async with db.write(recording.id) as session:
        (await session.get_one(repository.JobRow, poster.id)).not_before = now() + timedelta(hours=1)
    first = await claim(db, "one")
    assert first is not None
    assert (first.id, first.status, first.attempt, first.fence) == (probe.id, JobStatus.PROCESSING, 1, 1)
    assert await claim(db, "one") is None
    async with db.read() as session:
        due = await repository.next_due(session, Lane.SHORT)
    assert due is not None
    assert due > now()


@both_databases
async def test_whose_lease_ran_out_changes_nothing_any_more(
    db: Database, other: Database, recordings: Recordings
) -> None:
    recording = await record(recordings)
    await enqueue(db, recording, StepName.PROBE)
    dead = await claim(db, "dead")
    assert dead is not None
    async with other.write() as session:
        (row,) = await repository.abandoned(session, now() + timedelta(hours=1))
        repository.release(row, spare_attempt=False)
    heir = await claim(other, "heir")
    assert heir is not None
    assert (heir.id, heir.fence) == (dead.id, dead.fence + 1)
    async with db.write(recording.id) as session:
        assert await repository.held(session, dead) is None
        assert not await repository.heartbeat(session, dead, LEASE, 50.0)
        assert await repository.heartbeat(session, heir, LEASE, 33.333)
    async with db.read() as session:
        (job,) = await repository.of_recording(session, recording.id)
        assert [row.id for row in await repository.held_by(session, "heir")] == [job.id]
    assert job.progress == 33.33


@both_databases
async def test_a_job_is_either_cancelled_in_the_queue_or_claimed(
    db: Database, other: Database, recordings: Recordings
) -> None:
    async def cancel(recording: Recording) -> None:
        async with db.write(recording.id) as session:
            for row in await repository.unfinished(session, recording.id):
                if row.status == JobStatus.QUEUED:
                    repository.cancel(row)
                else:
                    row.cancel_requested = True

    for _ in range(10):
        recording = await record(recordings)
        await enqueue(db, recording, StepName.PROBE)
        _, claimed = await asyncio.gather(cancel(recording), claim(other, "worker"))
        async with db.read() as session:
            (job,) = await repository.of_recording(session, recording.id)
        if claimed is None:
            assert job.status is JobStatus.FAILED
        else:
            assert (job.status, job.cancel_requested) == (JobStatus.PROCESSING, True)


@both_databases
async def test_states_of_a_recording_follow_each_other(
    db: Database, other: Database, recordings: Recordings, tmp_path: Path
) -> None:
    recording = await record(recordings)
    elsewhere = Recordings(other, LocalBlobs(tmp_path / "media"))
    await recordings.bytes_arrived(recording.id)
    both = (
        recordings.control(recording.id, Action.PAUSE),
        elsewhere.control(recording.id, Action.STOP),
    )
    await asyncio.gather(*both, return_exceptions=True)
    with pytest.raises(Conflict):
        await recordings.control(recording.id, Action.RESUME)
    async with db.read() as session:
        told = [
            row.data.get("status")
            for row in await session.scalars(select(OutboxRow).order_by(OutboxRow.id))
            if row.type == RecordingEventType.STATUS_UPDATE
        ]
    assert told[:2] == ["preparing", "recording"]
    assert told[-1] == "processing"
    await elsewhere.erase(recording.id)
    assert await recordings.find(recording.id) is None


@both_databases
async def test_of_two_writers_at_one_offset_one_moves_the_upload(
    db: Database, other: Database, recordings: Recordings
) -> None:
    recording = await record(recordings)
    async with db.write(recording.id) as session:
        row = UploadRow(recording_id=recording.id, user_id=ANN, upload_metadata={}, offset=0)
        session.add(row)
        await session.flush()
        upload = uploads.to_upload(row)

    async def move(one: Database, size: int) -> bool:
        async with one.write() as session:
            return await uploads.move(session, upload, offset=size)

    moved = await asyncio.gather(move(db, 3 << 31), move(other, 2 << 31))
    assert sorted(moved) == [False, True]
    async with db.read() as session:
        found = await uploads.by_id(session, upload.id)
        assert found is not None
        assert found.offset == (3 << 31 if moved[0] else 2 << 31)
        assert await uploads.growing(session) == [(recording.id, ANN)]
        assert await uploads.expired(session, now()) == []
    async with db.write() as session:
        assert not await uploads.move(session, replace(upload, offset=1), offset=5)
        assert await uploads.move(session, found, length=found.offset)
    async with db.read() as session:
        assert [one.id for one in await uploads.unfinished_but_complete(session)] == [upload.id]


@both_databases
async def test_values_come_back_as_they_were(db: Database, recordings: Recordings) -> None:
    settings = {"ü": [1, 2.5, None, True, "週"], "deep": {"er": {}}}
    template = TemplateRow(user_id=ANN, name="n", settings=settings, is_default=True)
    recording = await record(recordings)
    facts = {
        "size_bytes": 5 << 40, "duration_s": 12.3456, "width": 1, "height": 2, "fps": 29.97,
        "bitrate": 7 << 40, "codec": "h264", "audio_codec": None, "format": "mp4",
    }  # fmt: skip
    async with db.write(ANN) as session:
        session.add(template)
        await repository.put_metadata(session, recording.id, "k", facts)
    async with db.read() as session:
        found = await session.get_one(TemplateRow, template.id)
        assert (found.settings, found.is_default, found.user_id) == (settings, True, ANN)
        probed = (await session.scalars(select(repository.MetadataRow))).one()
        assert (probed.duration_seconds, probed.file_size_bytes) == (Decimal("12.346"), 5 << 40)
        assert (await session.get_one(RecordingRow, recording.id)).created_at == recording.created_at


@both_databases
async def test_an_id_that_is_none_is_that_of_nothing(db: Database) -> None:
    async with db.read() as session:
        for nonsense in ("", "x", "not-a-uuid", new_id()[:-1], new_id(), NOBODY):
            assert await session.get(RecordingRow, nonsense) is None
        assert (await session.get_one(UserRow, ANN.upper())).id == ANN
