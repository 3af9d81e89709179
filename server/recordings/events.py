"""What recordings tell the tiers above, by the names of the specification."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.recordings.models import RecordingRow


class RecordingEventType(StrEnum):
    STATUS_UPDATE = "recording.status_update"
    UPDATED = "recording.updated"
    DELETED = "recording.deleted"
    # The recorder has stopped; bytes may still be on their way.
    RECORDING_COMPLETED = "recording_completed"
    # All bytes are here.
    RAW_VIDEO_UPLOADED = "raw_video_uploaded"


def source_key(recording_id: str) -> str:
    """Blob of the recording's one growing file."""
    return f"recordings/{recording_id}/source.mp4"


def status_update(session: AsyncSession, row: RecordingRow, *, paused: bool = False) -> None:
    extra = {"paused": paused, "error": row.error, "shared": row.shared}
    _record(session, RecordingEventType.STATUS_UPDATE, row, **extra)


def updated(session: AsyncSession, row: RecordingRow) -> None:
    extra = {"title": row.title, "description": row.description, "shared": row.shared}
    extra["allowComments"] = row.allow_comments
    _record(session, RecordingEventType.UPDATED, row, **extra)


def deleted(session: AsyncSession, row: RecordingRow) -> None:
    _record(session, RecordingEventType.DELETED, row)


def recording_completed(session: AsyncSession, row: RecordingRow) -> None:
    _record(session, RecordingEventType.RECORDING_COMPLETED, row, title=row.title)


def raw_video_uploaded(session: AsyncSession, row: RecordingRow) -> None:
    _record(
        session,
        RecordingEventType.RAW_VIDEO_UPLOADED,
        row,
        path=source_key(row.id),
        fileSizeBytes=row.file_size_bytes,
        sha256=row.sha256,
    )


def _record(session: AsyncSession, type_: RecordingEventType, row: RecordingRow, **extra: object) -> None:
    data = {"sessionId": row.id, "recordingId": row.id, "status": row.status, **extra}
    outbox.record(session, type_, recording_id=row.id, user_id=row.user_id, data=data)
