"""Table of what a directory calls the people whose accounts it keeps (SCIM)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Moment, now


class DirectoryRow(Base):
    """Of an account that a directory has made or changed; the rest are known to it by their address."""

    __tablename__ = "directory_people"

    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    user_name: Mapped[str] = mapped_column(String(254))
    # The same in small letters: nobody can have two accounts by spelling.
    name_key: Mapped[str] = mapped_column(String(254), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(255), index=True)
    given_name: Mapped[str | None] = mapped_column(String(64))
    family_name: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # When the directory removed it: the account is disabled then, and the directory does not see it any more.
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
