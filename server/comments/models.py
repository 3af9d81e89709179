"""Tables of what people say about a recording: comments and their history, reactions, guests of a share."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now


class GuestRow(Base):
    """Somebody without an account who said something by the link of a share."""

    __tablename__ = "comment_guests"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class CommentRow(Base):
    """A comment, or a reply where it has a `parent_id`; replies have none of their own."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_recording_id_created_at", "recording_id", "created_at"),
        Index("ix_comments_parent_id", "parent_id"),
        Index("ix_comments_user_id", "user_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None] = mapped_column(Id, ForeignKey("comments.id", ondelete="CASCADE"))
    # One of the two. No foreign key to accounts: the thread outlives them, see `Comments.on_user_deleted`.
    user_id: Mapped[str | None] = mapped_column(Id)
    guest_id: Mapped[str | None] = mapped_column(Id, ForeignKey("comment_guests.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(Text)
    # Milliseconds from the start of the video; -1 for what is about all of it, so that it can be sorted.
    time_ms: Mapped[int] = mapped_column(BigInteger, default=-1)
    end_ms: Mapped[int | None] = mapped_column(BigInteger)
    drawing: Mapped[dict[str, Any] | None] = mapped_column(Json)
    mentions: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # Grows with every change: the ETag.
    version: Mapped[int] = mapped_column(Integer, default=1)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    resolved_by: Mapped[str | None] = mapped_column(Id)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    # A tombstone: its replies stay, what it said is gone.
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class CommentRevisionRow(Base):
    """What a comment said before an edit."""

    __tablename__ = "comment_revisions"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    comment_id: Mapped[str] = mapped_column(Id, ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    time_ms: Mapped[int] = mapped_column(BigInteger)
    end_ms: Mapped[int | None] = mapped_column(BigInteger)
    drawing: Mapped[dict[str, Any] | None] = mapped_column(Json)
    # Until when it said so.
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ReactionRow(Base):
    """An emoji at a moment of the video."""

    __tablename__ = "reactions"
    __table_args__ = (
        Index("ix_reactions_recording_id_time_ms", "recording_id", "time_ms"),
        Index("ix_reactions_user_id", "user_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"))
    user_id: Mapped[str | None] = mapped_column(Id)
    guest_id: Mapped[str | None] = mapped_column(Id, ForeignKey("comment_guests.id", ondelete="CASCADE"))
    emoji: Mapped[str] = mapped_column(String(16))
    time_ms: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
