"""What processing tells: progress to the owner, and to the tiers above when a video is ready."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.bus import Event
from server.db import now
from server.processing.schemas import Job


class ProcessingEventType(StrEnum):
    # All bytes are here and the first step waits for a worker.
    STARTED = "processing.started"
    PROGRESS = "processing.progress"
    # The essential steps are done: the recording is complete.
    VIDEO_READY = "video_ready"
    # An essential step failed for good.
    VIDEO_FAILED = "video_failed"
    # No step is left to do.
    VIDEO_PROCESSED = "video_processed"


def status_changed(session: AsyncSession, job: Job) -> None:
    outbox.record(
        session,
        ProcessingEventType.PROGRESS,
        recording_id=job.recording_id,
        user_id=job.user_id,
        data=_progress(job),
    )


def on_the_way(job: Job, percent: float) -> Event:
    """For the bus alone: the next one replaces it, and who missed it has missed nothing."""
    data = {**_progress(job), "progress": percent}
    return Event(0, ProcessingEventType.PROGRESS, job.recording_id, job.user_id, data, now())


def started(session: AsyncSession, job: Job) -> None:
    _record(session, ProcessingEventType.STARTED, job)


def ready(session: AsyncSession, job: Job, duration_s: float) -> None:
    _record(session, ProcessingEventType.VIDEO_READY, job, durationSeconds=duration_s)


def failed(session: AsyncSession, job: Job, reason: str) -> None:
    _record(session, ProcessingEventType.VIDEO_FAILED, job, error=reason)


def processed(session: AsyncSession, job: Job, at: datetime, outputs: dict[str, Any]) -> None:
    _record(session, ProcessingEventType.VIDEO_PROCESSED, job, outputs=outputs, processedAt=at.isoformat())


def _record(session: AsyncSession, type_: ProcessingEventType, job: Job, **extra: object) -> None:
    data = {"sessionId": job.recording_id, "recordingId": job.recording_id, **extra}
    outbox.record(session, type_, recording_id=job.recording_id, user_id=job.user_id, data=data)


def _progress(job: Job) -> dict[str, Any]:
    return {
        "sessionId": job.recording_id,
        "recordingId": job.recording_id,
        "jobId": job.id,
        "jobType": job.type.value,
        "step": job.step.value,
        "status": job.status.value,
        "progress": job.progress,
        "error": job.error,
    }
