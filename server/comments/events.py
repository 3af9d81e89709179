"""What is told of comments and reactions: to the owner, to whoever watches, to webhooks."""

from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.comments.models import CommentRow, ReactionRow
from server.comments.schemas import AuthorOut, to_seconds
from server.recordings.schemas import Recording


class CommentEventType(StrEnum):
    CREATED = "comment.created"
    UPDATED = "comment.updated"
    DELETED = "comment.deleted"
    # Resolved, or opened again: `resolved` says which.
    RESOLVED = "comment.resolved"
    REACTED = "reaction.added"
    UNREACTED = "reaction.removed"


def said(
    session: AsyncSession,
    type_: CommentEventType,
    recording: Recording,
    row: CommentRow,
    author: AuthorOut | None,
) -> None:
    """Created or updated. The drawing is left out, for its size; `hasDrawing` says whether to ask for it."""
    extra = {
        "author": _author(author),
        "body": row.body,
        "time": to_seconds(row.time_ms),
        "endTime": to_seconds(row.end_ms),
        "hasDrawing": row.drawing is not None,
        "mentions": row.mentions,
        "createdAt": row.created_at.isoformat(),
    }
    _record(session, type_, recording, _comment(row) | extra)


def deleted(session: AsyncSession, recording: Recording, row: CommentRow, *, tombstone: bool) -> None:
    """With `tombstone` its place in the thread stays."""
    _record(session, CommentEventType.DELETED, recording, _comment(row) | {"tombstone": tombstone})


def resolved(session: AsyncSession, recording: Recording, row: CommentRow) -> None:
    extra = {"resolved": row.resolved_at is not None}
    _record(session, CommentEventType.RESOLVED, recording, _comment(row) | extra)


def reaction(
    session: AsyncSession,
    type_: CommentEventType,
    recording: Recording,
    row: ReactionRow,
    author: AuthorOut | None,
) -> None:
    data = {
        "reactionId": row.id,
        "author": _author(author),
        "emoji": row.emoji,
        "time": to_seconds(row.time_ms),
    }
    _record(session, type_, recording, data)


def _author(author: AuthorOut | None) -> dict[str, Any] | None:
    return None if author is None else author.model_dump(by_alias=True)


def _comment(row: CommentRow) -> dict[str, Any]:
    return {"commentId": row.id, "parentId": row.parent_id, "version": row.version}


def _record(
    session: AsyncSession, type_: CommentEventType, recording: Recording, data: dict[str, Any]
) -> None:
    known = {"sessionId": recording.id, "recordingId": recording.id}
    outbox.record(session, type_, recording_id=recording.id, user_id=recording.user_id, data=known | data)
