"""What is done with rows of comments, in the transaction of the caller, and how one looks from outside."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server import cursors
from server.comments import errors, events, repository
from server.comments.models import CommentRevisionRow, CommentRow, GuestRow
from server.comments.people import Actor
from server.comments.schemas import (
    AuthorOut,
    CommentOut,
    CommentRequest,
    CommentRevisionOut,
    EditCommentRequest,
    MentionOut,
    Sort,
    check_place,
    kept,
    to_ms,
    to_seconds,
)
from server.db import now
from server.errors import InvalidRequest
from server.recordings.schemas import Recording

MOST_COMMENTS = 10_000  # of a recording
MOST_REPLIES = 200  # of a thread: they are shown with it
# A player may be a little behind the length that the server knows.
_SLACK_S = 2.0

_PLACES: dict[Sort, tuple[type, ...]] = {
    Sort.OLDEST: (datetime, UUID),
    Sort.NEWEST: (datetime, UUID),
    Sort.MOMENT: (int, datetime, UUID),
}


def after(sort: Sort, cursor: str | None) -> cursors.Place | None:
    return None if cursor is None else cursors.decode(cursor, *_PLACES[sort])


def place(sort: Sort, row: CommentRow) -> str:
    """The cursor of what comes behind it."""
    return cursors.encode(*([row.time_ms] if sort is Sort.MOMENT else []), row.created_at, row.id)


def is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


async def find(session: AsyncSession, recording_id: str | None, comment_id: str) -> CommentRow:
    """Of any recording where none is named. Raises NotFound."""
    row = await repository.comment(session, comment_id) if is_id(comment_id) else None
    if row is None or (recording_id is not None and row.recording_id != recording_id):
        raise errors.no_comment()
    return row


async def present(session: AsyncSession, recording_id: str, comment_id: str) -> CommentRow:
    """One that can be changed. Raises NotFound, also for what was deleted."""
    row = await find(session, recording_id, comment_id)
    if row.deleted_at is not None:
        raise errors.no_comment()
    return row


async def room_for(session: AsyncSession, recording_id: str, parent_id: str | None) -> str | None:
    """The thread that a new comment joins; None where it begins one. Raises NotFound, Conflict."""
    if await repository.count_comments(session, recording_id) >= MOST_COMMENTS:
        raise errors.too_many("comments", MOST_COMMENTS)
    if parent_id is None:
        return None
    parent = await find(session, recording_id, parent_id)
    root_id = parent.parent_id or parent.id
    if await repository.count_replies(session, root_id) >= MOST_REPLIES:
        raise errors.too_many("replies", MOST_REPLIES)
    return root_id


async def guest_for(
    session: AsyncSession, recording_id: str, actor: Actor, name: str | None
) -> GuestRow | None:
    """The guest who speaks, a new one where nobody is known yet; None for an account."""
    if actor.user is not None:
        return None
    known = await repository.guest(session, actor.guest_id) if actor.guest_id else None
    if known is not None and known.recording_id == recording_id:
        known.name = name or known.name
        return known
    if not name:
        raise InvalidRequest(
            "Say who you are: the first thing a guest says needs a name.", code="name_needed"
        )
    guest = GuestRow(recording_id=recording_id, name=name)
    session.add(guest)
    await session.flush()
    return guest


async def new(
    session: AsyncSession,
    comment_id: str,
    recording: Recording,
    actor: Actor,
    request: CommentRequest,
    *,
    name: str | None,
) -> CommentRow:
    """Raises NotFound for a thread that is not there, Conflict for a full one, InvalidRequest."""
    root_id = await room_for(session, recording.id, request.parent_id)
    guest = await guest_for(session, recording.id, actor, name)
    row = CommentRow(
        id=comment_id,
        recording_id=recording.id,
        parent_id=root_id,
        user_id=actor.user.id if actor.user else None,
        guest_id=guest.id if guest else None,
        body=request.body,
        time_ms=moment(request.time),
        end_ms=to_ms(request.end_time),
        drawing=kept(request.drawing),
    )
    session.add(row)
    return row


async def remove(session: AsyncSession, recording: Recording, row: CommentRow) -> None:
    """Leaves a tombstone where there are replies, and takes one away whose last reply this was."""
    replies = await repository.count_replies(session, row.id) if row.parent_id is None else 0
    events.deleted(session, recording, row, tombstone=replies > 0)
    if replies:
        await repository.forget_revisions(session, row.id, up_to=row.version)
        row.body, row.drawing, row.mentions, row.end_ms = "", None, [], None
        row.user_id = row.guest_id = None
        row.deleted_at = now()
        row.version += 1
        return
    root = await repository.comment(session, row.parent_id) if row.parent_id else None
    await session.delete(row)
    await session.flush()
    if root is not None and root.deleted_at and not await repository.count_replies(session, root.id):
        await session.delete(root)
        await session.flush()


def check_length(recording: Recording, *moments: float | None) -> None:
    """Raises InvalidRequest for a moment behind the end of the video, where that is known."""
    end = recording.duration_s
    if (
        end is not None
        and recording.uploaded
        and any(one is not None and one > end + _SLACK_S for one in moments)
    ):
        raise InvalidRequest(f"The video ends after {end:.1f} seconds: the comment cannot be later.")


def remembered(row: CommentRow) -> CommentRevisionRow:
    """What it says now; not in the session yet."""
    return CommentRevisionRow(
        comment_id=row.id,
        version=row.version,
        body=row.body,
        time_ms=row.time_ms,
        end_ms=row.end_ms,
        drawing=row.drawing,
    )


def apply(row: CommentRow, request: EditCommentRequest, recording: Recording) -> None:
    """Raises InvalidRequest for what does not fit to what stays."""
    named = request.model_fields_set
    if request.body is not None:
        row.body = request.body
    if "time" in named:
        row.time_ms = moment(request.time)
    if "end_time" in named:
        row.end_ms = to_ms(request.end_time)
    if "drawing" in named:
        row.drawing = kept(request.drawing)
    time, end_time = to_seconds(row.time_ms), to_seconds(row.end_ms)
    try:
        check_place(time, end_time, drawn=row.drawing is not None)
    except ValueError as problem:
        raise InvalidRequest(f"The request is not valid: {problem}.") from problem
    if {"time", "end_time"} & named:
        check_length(recording, time, end_time)


def differs(before: CommentRevisionRow, row: CommentRow) -> bool:
    names = ("body", "time_ms", "end_ms", "drawing")
    return any(getattr(before, name) != getattr(row, name) for name in names)


def moment(seconds: float | None) -> int:
    """As its column has it."""
    ms = to_ms(seconds)
    return -1 if ms is None else ms


def mentions(found: list[MentionOut]) -> list[dict[str, Any]]:
    return [one.model_dump(by_alias=True) for one in found]


def etag(row: CommentRow) -> str:
    return f'"{row.version}"'


def out(row: CommentRow, actor: Actor, author: AuthorOut | None) -> CommentOut:
    return CommentOut.model_validate(
        {
            "id": row.id,
            "recording_id": row.recording_id,
            "parent_id": row.parent_id,
            "author": author,
            "body": row.body,
            "time": to_seconds(row.time_ms),
            "end_time": to_seconds(row.end_ms),
            "drawing": row.drawing,
            "mentions": row.mentions,
            "mine": row.deleted_at is None and actor.wrote(row.user_id, row.guest_id),
            "deleted": row.deleted_at is not None,
            "resolved": row.resolved_at is not None,
            "resolved_at": row.resolved_at,
            "edited_at": row.edited_at,
            "created_at": row.created_at,
            "version": row.version,
        }
    )


def revision(row: CommentRevisionRow) -> CommentRevisionOut:
    return CommentRevisionOut.model_validate(
        {
            "version": row.version,
            "body": row.body,
            "time": to_seconds(row.time_ms),
            "end_time": to_seconds(row.end_ms),
            "drawing": row.drawing,
            "replaced_at": row.created_at,
        }
    )
