"""Table of failed sign-ins: it outlives a restart, or guessing would only have to wait for one."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Moment


class FailureRow(Base):
    """What failed lately; the key is a SHA-256, so that the table lists neither addresses nor accounts."""

    __tablename__ = "sign_in_failures"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The subject of its account alone; null for what is about no account.
    account: Mapped[str | None] = mapped_column(String(64), index=True)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime] = mapped_column(Moment, index=True)
    blocked_until: Mapped[datetime | None] = mapped_column(Moment)
