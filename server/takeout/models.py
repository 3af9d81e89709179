"""Tables of what a person takes along, and of what is left when they are forgotten."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now


class ExportRow(Base):
    """A copy of all that is kept of a person, made by a task, to be fetched for a while."""

    __tablename__ = "account_exports"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    with_media: Mapped[bool]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)


class ErasureRow(Base):
    """The receipt of an account that was erased. Of whom it was nothing is left but a number."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(Id, unique=True)
    state: Mapped[str] = mapped_column(String(20))
    removed: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
