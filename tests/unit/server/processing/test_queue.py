"""Rows are the queue: claimed by one, finished by whoever holds the fence, never lost, never for ever."""

import asyncio
from datetime import timedelta

from server.db import now
from server.processing import outcomes, repository
from server.processing.dispatcher import Workers
from server.processing.models import JobRow
from server.processing.plan import Step
from server.processing.runner import LEASE
from server.processing.schemas import Job
from server.processing.states import JobStatus
from server.processing.steps import KINDS, Lane, StepName
from tests.unit.server.processing.conftest import Bench

PROBE = Step(StepName.PROBE, "a", settings={"kind": "mp4"})
RENDITION = Step(StepName.RENDITION, "a", "b", {"kind": "mp4"})


async def put(bench: Bench, *steps: Step) -> str:
    recording_id = await bench.begin()
    async with bench.services.db.write() as session:
        await outcomes.enqueue(session, recording_id, bench.user_id, steps)
    return recording_id


async def claim(bench: Bench, owner: str = "me", lane: Lane = Lane.SHORT) -> Job | None:
    async with bench.services.db.write() as session:
        return await repository.claim(session, owner, lane, LEASE)


async def claimed(bench: Bench, owner: str = "me") -> Job:
    job = await claim(bench, owner)
    assert job is not None
    return job


async def row_of(bench: Bench, job: Job) -> JobRow:
    async with bench.services.db.read() as session:
        row = await session.get(JobRow, job.id)
        assert row is not None
        return row


def workers(bench: Bench, owner: str) -> Workers:
    return Workers(bench.services.db, bench.services.processing._runner, owner=owner, long=0)


async def expire(bench: Bench, job: Job) -> None:
    async with bench.services.db.write() as session:
        row = await session.get(JobRow, job.id)
        assert row is not None
        row.lease_until = now() - timedelta(seconds=1)


async def test_many_claim_and_each_job_goes_to_one(idle: Bench) -> None:
    await put(idle, *[PROBE] * 8)
    claims = await asyncio.gather(*(claim(idle, f"worker {number}") for number in range(20)))
    ids = [job.id for job in claims if job is not None]
    assert len(ids) == len(set(ids)) == 8


async def test_long_steps_do_not_come_to_workers_for_short_ones(idle: Bench) -> None:
    await put(idle, RENDITION)
    assert await claim(idle, lane=Lane.SHORT) is None
    assert await claim(idle, lane=Lane.LONG) is not None


async def test_the_oldest_is_first(idle: Bench) -> None:
    first, second = await put(idle, PROBE), await put(idle, PROBE)
    assert (await claimed(idle)).recording_id == first
    assert (await claimed(idle)).recording_id == second


async def test_what_a_viewer_waits_for_is_before_what_is_older(idle: Bench) -> None:
    poster = Step(StepName.POSTER, "a", "b", {"kind": "mp4"})
    await put(idle, poster)
    await put(idle, poster, PROBE)
    assert [(await claimed(idle)).step for _ in range(3)] == [StepName.PROBE, *[StepName.POSTER] * 2]


async def test_who_lost_the_claim_can_write_nothing(idle: Bench) -> None:
    await put(idle, PROBE)
    old = await claimed(idle, "slow")
    await expire(idle, old)
    assert await workers(idle, "sweeper").sweep() == 1
    new = await claimed(idle, "fast")
    assert (new.id, new.fence) == (old.id, old.fence + 1)
    async with idle.services.db.write() as session:
        assert await repository.held(session, old) is None
        assert not await repository.heartbeat(session, old, LEASE, 50)
        assert await repository.held(session, new) is not None


async def test_a_heartbeat_keeps_the_lease(idle: Bench) -> None:
    await put(idle, PROBE)
    job = await claimed(idle)
    await expire(idle, job)
    async with idle.services.db.write() as session:
        assert await repository.heartbeat(session, job, LEASE, 42.0)
    assert await workers(idle, "sweeper").sweep() == 0
    assert float((await row_of(idle, job)).progress) == 42.0


async def test_a_job_that_kills_its_workers_ends_with_a_sentence(idle: Bench) -> None:
    recording_id = await put(idle, PROBE)
    for _ in range(KINDS[StepName.PROBE].attempts):
        await expire(idle, await claimed(idle))
        await workers(idle, "sweeper").sweep()
    assert await claim(idle) is None
    (job,) = await idle.services.processing.jobs_of(recording_id)
    assert job.status is JobStatus.FAILED
    assert job.error == "It was begun 3 times and never finished."


async def test_a_job_that_kills_its_server_ends_too(idle: Bench) -> None:
    """Each start takes back what the last life held, and does not count it, but not for ever."""
    recording_id = await put(idle, PROBE)
    lives = 0
    while await claim(idle, "serve") is not None:
        lives += 1
        assert lives < 30
        again = workers(idle, "serve")
        await again.start()
        await again.stop()
    (job,) = await idle.services.processing.jobs_of(recording_id)
    assert job.status is JobStatus.FAILED
    assert lives == repository.MOST_ATTEMPTS


async def test_a_start_takes_back_only_its_own(idle: Bench) -> None:
    await put(idle, PROBE, PROBE)
    mine, other = await claimed(idle, "serve"), await claimed(idle, "elsewhere")
    again = workers(idle, "serve")
    await again.start()
    await again.stop()
    assert (await row_of(idle, mine)).status == JobStatus.QUEUED
    assert (await row_of(idle, other)).status == JobStatus.PROCESSING


async def test_a_retry_waits_its_time(idle: Bench) -> None:
    await put(idle, PROBE)
    job = await claimed(idle)
    async with idle.services.db.write() as session:
        row = await repository.held(session, job)
        assert row is not None
        repository.retry(row, "The disk was full.", timedelta(seconds=60))
    assert await claim(idle) is None
    async with idle.services.db.read() as session:
        assert await repository.next_due(session, Lane.SHORT) is not None
    async with idle.services.db.write() as session:
        row = await session.get(JobRow, job.id)
        assert row is not None
        row.not_before = now()
    again = await claimed(idle)
    assert (again.id, again.attempt) == (job.id, 2)


async def test_cancelling_ends_what_waits_and_marks_what_runs(idle: Bench) -> None:
    recording_id = await put(idle, PROBE, RENDITION)
    running = await claimed(idle)
    await idle.services.processing.cancel(recording_id)
    jobs = {job.step: job for job in await idle.services.processing.jobs_of(recording_id)}
    assert jobs[StepName.RENDITION].status is JobStatus.FAILED
    assert jobs[StepName.RENDITION].error == "Cancelled."
    async with idle.services.db.write() as session:
        assert not await repository.heartbeat(session, running, LEASE, 1)


async def test_jobs_go_with_their_recording(idle: Bench) -> None:
    recording_id = await put(idle, PROBE)
    job = await claimed(idle)
    await idle.services.recordings.erase(recording_id)
    async with idle.services.db.write() as session:
        assert await repository.held(session, job) is None
    assert await idle.services.processing.jobs_of(recording_id) == []
