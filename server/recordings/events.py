"""What recordings tell the tiers above, by the names of the specification."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.recordings.changes import of_the_link
from server.recordings.models import RecordingRow


class RecordingEventType(StrEnum):
    STATUS_UPDATE = "recording.status_update"
    UPDATED = "recording.updated"
    TRASHED = "recording.trashed"
    RESTORED = "recording.restored"
    # It lies in another workspace now; told where it lay.
    REMOVED = "recording.removed"
    # For good.
    DELETED = "recording.deleted"
    # The recorder has stopped; bytes may still be on their way.
    RECORDING_COMPLETED = "recording_completed"
    # All bytes are here.
    RAW_VIDEO_UPLOADED = "raw_video_uploaded"


class Change(StrEnum):
    """What a status update is about. Two of them may leave the status as it is."""

    CREATED = "created"
    # Its recorder began: it said so, the first bytes are here, or it said that it pauses.
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    # Bytes come, or are all here, of one that began or stopped before.
    ARRIVING = "arriving"
    COMPLETED = "completed"
    FAILED = "failed"


def source_key(recording_id: str) -> str:
    """Blob of the recording's one growing file."""
    return f"recordings/{recording_id}/source.mp4"


def status_update(session: AsyncSession, row: RecordingRow, change: Change) -> None:
    paused = change is Change.PAUSED
    extra = {"change": change, "paused": paused, "error": row.error, "shared": row.shared}
    _record(session, RecordingEventType.STATUS_UPDATE, row, **extra)


def updated(session: AsyncSession, row: RecordingRow, changed: list[str]) -> None:
    """`changed` names the fields that are others now."""
    told = {"title": row.title, "description": row.description, **of_the_link(row)}
    told |= {"changed": changed, "uploaded": row.sha256 is not None}
    _record(session, RecordingEventType.UPDATED, row, **told)


def trashed(session: AsyncSession, row: RecordingRow) -> None:
    _record(session, RecordingEventType.TRASHED, row)


def restored(session: AsyncSession, row: RecordingRow) -> None:
    _record(session, RecordingEventType.RESTORED, row, shared=row.shared)


def removed(session: AsyncSession, row: RecordingRow, workspace_id: str | None) -> None:
    _record(session, RecordingEventType.REMOVED, row, workspaceId=workspace_id)


def deleted(session: AsyncSession, row: RecordingRow) -> None:
    """With the workspace: there is no row left that tells it."""
    _record(session, RecordingEventType.DELETED, row, workspaceId=row.workspace_id)


def recording_completed(session: AsyncSession, row: RecordingRow) -> None:
    _record(session, RecordingEventType.RECORDING_COMPLETED, row, title=row.title)


def raw_video_uploaded(session: AsyncSession, row: RecordingRow) -> None:
    _record(
        session,
        RecordingEventType.RAW_VIDEO_UPLOADED,
        row,
        path=source_key(row.id),
        shared=row.shared,
        fileSizeBytes=row.file_size_bytes,
        sha256=row.sha256,
    )


def _record(session: AsyncSession, type_: RecordingEventType, row: RecordingRow, **extra: object) -> None:
    data = {"sessionId": row.id, "recordingId": row.id, "status": row.status, **extra}
    outbox.record(session, type_, recording_id=row.id, user_id=row.user_id, data=data)
