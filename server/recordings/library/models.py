"""Tables that keep recordings in order: folders, tags, and which recording has which."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Moment, new_id, now


class FolderRow(Base):
    """A place for recordings in a workspace; without a `parent_id` at the top."""

    __tablename__ = "folders"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(Id, ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("folders.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)


class TagRow(Base):
    """A word that recordings of a workspace can have."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(Id, ForeignKey("workspaces.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(50))
    # Its name without regard to case, so that there are no two that look the same.
    key: Mapped[str] = mapped_column(String(100))
    color: Mapped[str | None] = mapped_column(String(7))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class RecordingTagRow(Base):
    __tablename__ = "recording_tags"
    __table_args__ = (Index("ix_recording_tags_tag_id", "tag_id"),)

    recording_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[str] = mapped_column(Id, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
