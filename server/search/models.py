"""Tables of the search index. What finds words in them lies beside, as the database's own kind of index."""

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id


class SearchRecordingRow(Base):
    """A recording as it is found: who may see it, and what filters ask for."""

    __tablename__ = "search_recordings"
    __table_args__ = (Index("ix_search_recordings_user_id_created_at", "user_id", "created_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    recording_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), unique=True
    )
    user_id: Mapped[str] = mapped_column(Id)
    language: Mapped[str] = mapped_column(String(10), server_default="")
    created_at: Mapped[float] = mapped_column(Float)  # Unix time
    duration_s: Mapped[float | None] = mapped_column(Float)
    version: Mapped[str] = mapped_column(String(64))


class SearchPieceRow(Base):
    """A piece of its text, with its place in the recording."""

    __tablename__ = "search_pieces"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    document: Mapped[int] = mapped_column(ForeignKey("search_recordings.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    start_s: Mapped[float | None] = mapped_column(Float)
    end_s: Mapped[float | None] = mapped_column(Float)
