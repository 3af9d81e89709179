"""Tables of recordings: the sessions, their segments between pauses, and templates of settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now
from server.recordings.library.models import FolderRow
from server.recordings.link import Visibility


class RecordingRow(Base):
    __tablename__ = "recording_sessions"
    __table_args__ = (
        # A person's list, a workspace's, and how many there are: each from its index alone.
        Index("ix_recording_sessions_of_user", "user_id", "deleted_at", "workspace_id", "created_at"),
        Index("ix_recording_sessions_of_workspace", "workspace_id", "deleted_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # Null only where the specification's own tools wrote the row: nobody reaches it then.
    workspace_id: Mapped[str | None] = mapped_column(Id)
    title: Mapped[str | None] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    recording_type: Mapped[str] = mapped_column(String(50))
    status: Mapped[str] = mapped_column(String(20))
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    # Whole seconds as the specification has them; the exact length is beside it.
    duration_seconds: Mapped[int | None] = mapped_column(Integer)
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    file_size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    folder_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey(FolderRow.id, ondelete="SET NULL"), index=True
    )
    slug: Mapped[str] = mapped_column(String(32), unique=True)
    # Whom the link lets in, with which password, and until when (`link.py`).
    visibility: Mapped[str] = mapped_column(
        String(16), default=Visibility.PUBLIC, server_default=Visibility.PUBLIC
    )
    share_password_hash: Mapped[str | None] = mapped_column(String(255))
    share_expires_at: Mapped[datetime | None] = mapped_column(Moment)
    allow_download: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Whether those who have the link may read and write comments.
    allow_comments: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Places that the person who recorded marked: `time` in seconds, and `title`.
    markers: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    # Since when it lies in the trash.
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def shared(self) -> bool:
        return self.visibility != Visibility.PRIVATE


class SegmentRow(Base):
    """What was recorded between two pauses; the one without an end is being recorded."""

    __tablename__ = "recording_segments"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), index=True
    )
    segment_number: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    duration_seconds: Mapped[int | None] = mapped_column(Integer)
    file_path: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class TemplateRow(Base):
    __tablename__ = "recording_templates"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(Text)
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
