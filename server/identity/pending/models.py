"""Table of sign-ins that have begun and wait for an answer from elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment


class PendingRow(Base):
    """Good for one answer. Whoever answers knows the key; here lies its SHA-256."""

    __tablename__ = "pending_sign_ins"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    # Whose account it is about; null until that is known.
    user_id: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
