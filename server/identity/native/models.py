"""Table of sign-ins that a program has begun and a person completes in a browser."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Moment, new_id, now


class GrantRow(Base):
    """A code on its way: to a browser's redirect (with a `challenge`), or to a person (with a `user_code`).

    Codes are known by their SHA-256 alone.
    """

    __tablename__ = "oauth_grants"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Device code only: what a person types in.
    user_code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    # Loopback only: what the one who redeems has to match (RFC 7636), and where the browser was sent.
    challenge: Mapped[str | None] = mapped_column(String(43))
    redirect_uri: Mapped[str | None] = mapped_column(String(200))
    device_name: Mapped[str] = mapped_column(String(100))
    client: Mapped[str] = mapped_column(String(200))
    # Whose sign-in it is; null until a person approved it.
    user_id: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    denied: Mapped[bool] = mapped_column(default=False)
    # What it was redeemed for: a code that comes again ends it.
    session_id: Mapped[str | None] = mapped_column(Id)
    polled_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
