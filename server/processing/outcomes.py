"""What follows from the end of a job: the next ones, and the news. Always in the transaction that ends it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import now
from server.processing import events, pieces, plan, repository
from server.processing.models import JobRow
from server.processing.plan import Step
from server.processing.requests import facts_of
from server.processing.schemas import Job
from server.processing.states import JobStatus
from server.processing.steps import KINDS, StepName


async def enqueue(
    session: AsyncSession, recording_id: str, user_id: str, steps: Sequence[Step], **extra: object
) -> list[Job]:
    jobs = []
    for step in steps:
        job = await repository.add(session, recording_id, step, user_id, **extra)
        events.status_changed(session, job)
        jobs.append(job)
    return jobs


async def is_wanted(session: AsyncSession, job: Job) -> bool:
    """The poster of the beginning must not replace the one of the whole video."""
    if job.step is not StepName.FIRST_POSTER:
        return True
    jobs = await repository.of_recording(session, job.recording_id)
    return not any(other.step is StepName.POSTER and other.status is JobStatus.COMPLETED for other in jobs)


async def completed(
    session: AsyncSession, row: JobRow, result: dict[str, Any], *, without: frozenset[str] = frozenset()
) -> None:
    """`without`: names of steps that this server leaves out."""
    job = repository.complete(row, result)
    events.status_changed(session, job)
    if job.step is StepName.PROBE:
        facts = facts_of(result)
        await repository.put_metadata(session, job.recording_id, job.input, result)
        await _go_on(session, job, plan.after_probe(job.recording_id, job.kind, facts, without=without))
        if facts.streams_as_it_is:
            events.ready(session, job, facts.duration_s)
    elif job.step is StepName.NORMALISE:
        facts = facts_of(result["facts"])
        await _go_on(session, job, plan.after_normalise(job.recording_id, facts, without=without))
        events.ready(session, job, facts.duration_s)
    elif job.is_piece:
        jobs = await repository.of_recording(session, job.recording_id)
        await _replace(session, job, *pieces.after_piece(jobs, job))
    await _tell_when_all_done(session, job)


async def _go_on(session: AsyncSession, job: Job, steps: Sequence[Step]) -> None:
    jobs = await repository.of_recording(session, job.recording_id)
    index = job.result.get("index")
    await _replace(session, job, *pieces.split(job.recording_id, steps, jobs, index))


async def _replace(session: AsyncSession, job: Job, steps: Sequence[Step], worthless: Sequence[Job]) -> None:
    for other in worthless:
        await repository.remove(session, other)
    await enqueue(session, job.recording_id, job.user_id, steps)


async def failed(session: AsyncSession, row: JobRow, sentence: str) -> None:
    job = repository.fail(row, sentence)
    events.status_changed(session, job)
    await _after_failure(session, job)


async def released(session: AsyncSession, row: JobRow, *, spare_attempt: bool) -> None:
    job = repository.release(row, spare_attempt=spare_attempt)
    events.status_changed(session, job)
    if job.status is JobStatus.FAILED:
        await _after_failure(session, job)


async def _after_failure(session: AsyncSession, job: Job) -> None:
    if job.is_piece or pieces.is_join(job):
        jobs = await repository.of_recording(session, job.recording_id)
        await _replace(session, job, *pieces.after_failure(jobs, job))
    if job.essential:
        events.failed(session, job, job.error or "The video could not be processed.")
    await _tell_when_all_done(session, job)


async def _tell_when_all_done(session: AsyncSession, job: Job) -> None:
    if not _counts(job):
        return
    jobs = [other for other in await repository.of_recording(session, job.recording_id) if _counts(other)]
    arrived = any(other.step is StepName.PROBE for other in jobs)
    if arrived and all(other.status.over for other in jobs):
        made = [other for other in jobs if other.made and not other.is_piece]
        outputs = {other.step.value: other.output for other in made}
        events.processed(session, job, now(), outputs)


def _counts(job: Job) -> bool:
    return KINDS[job.step].counts
