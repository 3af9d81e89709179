"""Tables of what machines understood: runs, transcripts, and what people changed in them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now


class ResultRow(Base):
    """One run of one model over one recording; the newest of a type is the one that counts."""

    __tablename__ = "ai_processing_results"
    __table_args__ = (
        Index("ix_ai_processing_results_session_id_processing_type", "session_id", "processing_type"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"))
    processing_type: Mapped[str] = mapped_column(String(50))
    status: Mapped[str] = mapped_column(String(20))
    progress: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(0))  # percent
    results: Mapped[dict[str, Any] | None] = mapped_column(Json)
    confidence_score: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    processing_time_ms: Mapped[int | None] = mapped_column(Integer)
    model_version: Mapped[str | None] = mapped_column(String(50))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)


class TranscriptionRow(Base):
    """The transcript of a recording, as it is now."""

    __tablename__ = "video_transcriptions"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), unique=True
    )
    language: Mapped[str] = mapped_column(String(10))
    full_text: Mapped[str] = mapped_column(Text)
    # As `media.captions` writes a segment, with `original` (what was heard) where a person changed it.
    segments: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    confidence_score: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    word_count: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # `partial` while the recording is still being listened to.
    status: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    model: Mapped[str] = mapped_column(String(100), default="")
    duration_seconds: Mapped[Decimal] = mapped_column(Numeric(10, 3), default=Decimal(0))
    # Of the file that was listened to: with the same sound, people's corrections stay right.
    sound_sha256: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)


class RevisionRow(Base):
    """One change of a transcript: whose, when, and what it takes to undo it."""

    __tablename__ = "transcription_revisions"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), index=True
    )
    revision: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(20))
    # Null for the machine. No foreign key: the history outlives the account.
    user_id: Mapped[str | None] = mapped_column(Id)
    # The one segment that was changed; null where the whole transcript was.
    segment_id: Mapped[int | None] = mapped_column(Integer)
    # A segment, or language, segments and the rest of a whole transcript; null before the first.
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
