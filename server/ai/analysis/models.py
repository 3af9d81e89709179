"""Tables of what recordings are about (also the queue of analyses), and of what asking a model cost."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now


class AnalysisRow(Base):
    """The analysis of a recording, as it is now, and whether a newer one is wanted.

    The columns of findings hold JSON as the API answers it; what was found stays while it is made anew.
    """

    __tablename__ = "content_analysis"
    __table_args__ = (Index("ix_content_analysis_status_not_before", "status", "not_before"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), unique=True
    )
    entities: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    topics: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    summary: Mapped[str | None] = mapped_column(Text)
    sentiment_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    action_items: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    title: Mapped[str | None] = mapped_column(String(255))
    # The summary sentence by sentence, each with its source.
    sentences: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    chapters: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    suggestions: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    notes: Mapped[list[str] | None] = mapped_column(Json)
    language: Mapped[str | None] = mapped_column(String(10))
    # builtin or llm; null until there is a first analysis.
    source: Mapped[str | None] = mapped_column(String(20))
    model: Mapped[str | None] = mapped_column(String(100))
    transcript_revision: Mapped[int | None] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # queued, completed or failed
    status: Mapped[str] = mapped_column(String(20))
    # What a queued one needs: all of it, or only what scenes and silences change.
    pending: Mapped[str | None] = mapped_column(String(20))
    # Grows with every wish; a result for an older one leaves the row queued.
    wanted: Mapped[int] = mapped_column(Integer, default=0)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str | None] = mapped_column(Text)


class UsageRow(Base):
    """One request to a language model."""

    __tablename__ = "llm_usage"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    # No foreign key: what was spent stays spent when the recording goes.
    session_id: Mapped[str | None] = mapped_column(Id)
    model: Mapped[str] = mapped_column(String(100))
    prompt_tokens: Mapped[int] = mapped_column(Integer)
    completion_tokens: Mapped[int] = mapped_column(Integer)
    cost: Mapped[Decimal] = mapped_column(Numeric(12, 6))
    duration_ms: Mapped[int] = mapped_column(Integer)
    # ok, or why there was no answer
    outcome: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
