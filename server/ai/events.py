"""What transcription tells, by the names of the specification."""

from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox


class TranscriptionEventType(StrEnum):
    STARTED = "transcription.started"
    # On the way: segments that have settled. Whoever misses one finds them in the transcript.
    PROGRESS = "transcription.progress"
    # The transcript is complete: made by the server, or sent.
    COMPLETED = "transcription.completed"
    FAILED = "transcription.failed"
    # A person changed a complete transcript.
    UPDATED = "transcription.updated"


def record(
    session: AsyncSession, type_: TranscriptionEventType, *, recording_id: str, user_id: str, **extra: Any
) -> None:
    data = {"sessionId": recording_id, "recordingId": recording_id, **extra}
    outbox.record(session, type_, recording_id=recording_id, user_id=user_id, data=data)
