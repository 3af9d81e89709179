"""Tables of identity: who may sign in, and who is signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Moment, new_id, now


class UserRow(Base):
    __tablename__ = "users"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    # Kept in lower case, so that one person cannot have two accounts by spelling.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    username: Mapped[str] = mapped_column(String(64))
    # Empty: it has no password, and is entered by other ways alone.
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # When a mail to this address was answered; null: nobody knows whether it is theirs.
    email_verified_at: Mapped[datetime | None] = mapped_column(Moment)
    time_zone: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(16))
    # Which picture is theirs: a part of the name of its file; null: none.
    avatar: Mapped[str | None] = mapped_column(String(32))
    # Since when nobody gets in with it: neither by signing in nor by a key. What it made stays.
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)


class SessionRow(Base):
    """A sign-in: one device, and the refresh tokens that keep it signed in (see `sessions.rotation`).

    They are known to their bearer alone; here lie their SHA-256.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    refresh_hash: Mapped[str] = mapped_column(String(64))
    parent_hash: Mapped[str | None] = mapped_column(String(64))
    request_hash: Mapped[str | None] = mapped_column(String(64))
    generation: Mapped[int] = mapped_column(default=0)
    seen: Mapped[bool] = mapped_column(default=False)
    device_name: Mapped[str] = mapped_column(String(100), default="")
    client: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
