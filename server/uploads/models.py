"""Table of uploads."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now


class UploadRow(Base):
    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(
        Id, ForeignKey("recording_sessions.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # Bytes on disk that were acknowledged; the file may be longer after a crash.
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    length: Mapped[int | None] = mapped_column(BigInteger)
    # `upload_metadata` because the declarative base owns the name `metadata`.
    upload_metadata: Mapped[dict[str, Any]] = mapped_column("metadata", Json)
    content_kind: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
