"""Tables of second factors."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Moment, new_id, now


class TotpRow(Base):
    """An authenticator app. It counts once its first code has confirmed it."""

    __tablename__ = "totp_factors"

    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    # Sealed with the server's own key: a copy of the database is not enough to make codes.
    secret: Mapped[str] = mapped_column(String(255))
    # The 30 seconds of the last code that was taken: it and older ones are not taken again.
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)


class RecoveryCodeRow(Base):
    """A code for the day the telephone is gone, good for one sign-in; here lies its SHA-256."""

    __tablename__ = "recovery_codes"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
