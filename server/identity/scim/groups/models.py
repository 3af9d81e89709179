"""Tables of the groups of a directory (SCIM), and of who is in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Moment, new_id, now


class GroupRow(Base):
    """Whoever is in it is in the workspace, with its role there; null: in none."""

    __tablename__ = "directory_groups"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    display: Mapped[str] = mapped_column(String(255))
    # The same in small letters: two groups do not differ by spelling.
    name_key: Mapped[str] = mapped_column(String(255), index=True)
    external_id: Mapped[str | None] = mapped_column(String(255), index=True)
    workspace_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("workspaces.id", ondelete="SET NULL"), index=True
    )
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # When the directory removed it: it has nobody then, and is not seen until it is made again.
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class GroupMemberRow(Base):
    __tablename__ = "directory_group_members"

    group_id: Mapped[str] = mapped_column(
        Id, ForeignKey("directory_groups.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
