"""Queries on jobs, in the transaction of the caller, which is a writing one.

A claim is the one change of a job that is not made in a transaction about its recording. So who changes a job
that may be claimed meanwhile locks its row, and who claims takes no row that is locked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import now
from server.processing.models import JobRow, MetadataRow
from server.processing.plan import Step
from server.processing.schemas import Job
from server.processing.states import JobEvent, JobStatus, advance
from server.processing.steps import JobType, Lane, StepName

MOST_ATTEMPTS = 10
# Failures of a job that are remembered, in its settings under this name.
LOG, LOG_KEPT = "log", 5
CANCELLED = "Cancelled."


async def add(session: AsyncSession, recording_id: str, step: Step, user_id: str, **extra: object) -> Job:
    row = JobRow(
        session_id=recording_id,
        job_type=step.kind.type,
        lane=step.kind.lane,
        priority=step.kind.priority,
        status=JobStatus.QUEUED,
        progress=Decimal(0),
        input_path=step.input,
        output_path=step.output or None,
        settings={"step": step.name, "userId": user_id, **step.settings, **extra},
        attempt=0,
        max_attempts=step.kind.attempts,
        fence=0,
        cancel_requested=False,
        created_at=now(),
    )
    session.add(row)
    await session.flush()
    return to_job(row)


async def of_recording(session: AsyncSession, recording_id: str) -> list[Job]:
    await session.flush()
    query = select(JobRow).where(JobRow.session_id == recording_id).order_by(JobRow.created_at, JobRow.id)
    return [to_job(row) for row in await session.scalars(query)]


async def remove_of_recording(session: AsyncSession, recording_id: str) -> None:
    await session.execute(delete(JobRow).where(JobRow.session_id == recording_id))


async def remove(session: AsyncSession, job: Job) -> None:
    await session.execute(delete(JobRow).where(JobRow.id == job.id))


async def claim(session: AsyncSession, owner: str, lane: Lane, lease: timedelta) -> Job | None:
    """The most urgent job that is due becomes the owner's, under a new fence; of equals the oldest."""
    moment = now()
    due = or_(JobRow.not_before.is_(None), JobRow.not_before <= moment)
    query = (
        select(JobRow)
        .where(JobRow.status == JobStatus.QUEUED, JobRow.lane == lane, due)
        .order_by(JobRow.priority, JobRow.created_at, JobRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = (await session.scalars(query)).one_or_none()
    if row is None:
        return None
    _move(row, JobEvent.CLAIM)
    row.attempt += 1
    row.fence += 1
    row.lease_owner, row.lease_until = owner, moment + lease
    row.started_at = row.started_at or moment
    row.not_before = None
    return to_job(row)


async def next_due(session: AsyncSession, lane: Lane) -> datetime | None:
    """When the first of the jobs that have to wait may start."""
    query = (
        select(JobRow.not_before)
        .where(JobRow.status == JobStatus.QUEUED, JobRow.lane == lane)
        .where(JobRow.not_before.is_not(None))
        .order_by(JobRow.not_before)
        .limit(1)
    )
    return await session.scalar(query)


async def held(session: AsyncSession, job: Job) -> JobRow | None:
    """The row, if the claim that made `job` still holds."""
    row = await session.get(JobRow, job.id, populate_existing=True, with_for_update=True)
    if row is None or row.fence != job.fence or row.status != JobStatus.PROCESSING:
        return None
    return row


async def heartbeat(session: AsyncSession, job: Job, lease: timedelta, percent: float) -> bool:
    """Whether to go on: False when the claim is lost, or the job cancelled, or its recording deleted."""
    row = await held(session, job)
    if row is None or row.cancel_requested:
        return False
    row.lease_until = now() + lease
    row.progress = Decimal(str(round(percent, 2)))
    return True


def complete(row: JobRow, result: dict[str, Any]) -> Job:
    _move(row, JobEvent.COMPLETE)
    row.progress, row.error_message = Decimal(100), None
    row.settings = {**row.settings, "result": result}
    return _close(row)


def note(row: JobRow, kind: str, sentence: str, said: str) -> None:
    """What went wrong this time, for whoever runs the server; `said` by the child."""
    entry = {"at": now().isoformat(), "attempt": row.attempt, "kind": kind, "error": sentence, "said": said}
    kept = [*row.settings.get(LOG, ()), entry][-LOG_KEPT:]
    row.settings = {**row.settings, LOG: kept}


def fail(row: JobRow, sentence: str) -> Job:
    _move(row, JobEvent.FAIL)
    row.error_message = sentence
    return _close(row)


def retry(row: JobRow, sentence: str, wait: timedelta) -> Job:
    _move(row, JobEvent.RETRY)
    row.error_message = sentence
    row.lease_owner = row.lease_until = None
    row.not_before = now() + wait
    return to_job(row)


def release(row: JobRow, *, spare_attempt: bool) -> Job:
    """Back to the queue, or failed when it has been there too often.

    `spare_attempt`: its worker was stopped, which says little about the job. But a job that stops its worker
    each time must end too.
    """
    if spare_attempt:
        row.max_attempts = min(row.max_attempts + 1, MOST_ATTEMPTS)
    if row.attempt >= row.max_attempts:
        return fail(row, f"It was begun {row.attempt} times and never finished.")
    _move(row, JobEvent.RELEASE)
    row.lease_owner = row.lease_until = row.not_before = None
    return to_job(row)


def cancel(row: JobRow) -> Job:
    _move(row, JobEvent.CANCEL)
    row.error_message = CANCELLED
    return _close(row)


async def again(session: AsyncSession, job: Job) -> Job:
    """A row of its own for another try: what is over never moves again."""
    step = Step(job.step, job.input, job.output, {k: v for k, v in job.settings.items() if k != "result"})
    await remove(session, job)
    return await add(session, job.recording_id, step, job.user_id)


async def abandoned(session: AsyncSession, moment: datetime) -> Sequence[JobRow]:
    """Jobs whose lease ran out."""
    query = select(JobRow).where(JobRow.status == JobStatus.PROCESSING, JobRow.lease_until < moment)
    return (await session.scalars(query.with_for_update())).all()


async def held_by(session: AsyncSession, owner: str) -> Sequence[JobRow]:
    query = select(JobRow).where(JobRow.status == JobStatus.PROCESSING, JobRow.lease_owner == owner)
    return (await session.scalars(query)).all()


async def unfinished(session: AsyncSession, recording_id: str) -> Sequence[JobRow]:
    query = select(JobRow).where(JobRow.session_id == recording_id).order_by(JobRow.id)
    rows = (await session.scalars(query.with_for_update())).all()
    return [row for row in rows if not JobStatus(row.status).over]


async def put_metadata(session: AsyncSession, recording_id: str, key: str, facts: dict[str, Any]) -> None:
    """One row per recording: a new probe replaces what the last one said."""
    await session.execute(delete(MetadataRow).where(MetadataRow.session_id == recording_id))
    session.add(
        MetadataRow(
            session_id=recording_id,
            file_path=key,
            file_size_bytes=facts["size_bytes"],
            duration_seconds=Decimal(str(round(min(facts["duration_s"], 9_999_999.0), 3))),
            width=facts["width"],
            height=facts["height"],
            frame_rate=Decimal(str(round(min(facts["fps"], 999.0), 3))),
            bitrate=min(facts["bitrate"], 2**31 - 1),
            codec=str(facts["codec"] or facts["audio_codec"])[:50],
            format=str(facts["format"])[:20],
        )
    )


def to_job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        recording_id=row.session_id,
        step=StepName(row.settings["step"]),
        type=JobType(row.job_type),
        status=JobStatus(row.status),
        progress=float(row.progress),
        input=row.input_path,
        output=row.output_path or "",
        settings=row.settings,
        error=row.error_message,
        attempt=row.attempt,
        max_attempts=row.max_attempts,
        fence=row.fence,
        cancel_requested=row.cancel_requested,
        not_before=row.not_before,
        created_at=row.created_at,
        completed_at=row.completed_at,
    )


def _move(row: JobRow, event: JobEvent) -> None:
    row.status = advance(JobStatus(row.status), event)


def _close(row: JobRow) -> Job:
    row.completed_at = now()
    row.lease_owner = row.lease_until = row.not_before = None
    return to_job(row)
