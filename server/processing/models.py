"""Tables of processing: jobs, which are the queue itself, and what is known of each video."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now


class JobRow(Base):
    __tablename__ = "processing_jobs"
    __table_args__ = (
        Index("ix_processing_jobs_status_not_before", "status", "not_before"),
        Index("ix_processing_jobs_queue", "status", "lane", "priority", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), index=True
    )
    job_type: Mapped[str] = mapped_column(String(50))
    # Which workers take it, and the lowest number first.
    lane: Mapped[str] = mapped_column(String(20))
    priority: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20))
    progress: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(0))  # percent
    # Keys of blobs.
    input_path: Mapped[str] = mapped_column(String(500))
    output_path: Mapped[str | None] = mapped_column(String(500))
    # The step's name, what it needs to know, and in the end its result.
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    error_message: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    max_attempts: Mapped[int] = mapped_column(Integer, default=3)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    # Grows with each claim; who holds an older one may write nothing any more.
    fence: Mapped[int] = mapped_column(BigInteger, default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime | None] = mapped_column(Moment)


class MetadataRow(Base):
    __tablename__ = "video_metadata"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), index=True
    )
    file_path: Mapped[str] = mapped_column(String(500))
    file_size_bytes: Mapped[int] = mapped_column(BigInteger)
    duration_seconds: Mapped[Decimal] = mapped_column(Numeric(10, 3))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    frame_rate: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    bitrate: Mapped[int] = mapped_column(Integer)
    codec: Mapped[str] = mapped_column(String(50))
    format: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
