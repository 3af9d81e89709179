"""Table of what the payment provider has told: each notice is taken once."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Moment, now


class NoticeRow(Base):
    __tablename__ = "payment_notices"

    # The provider's.
    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
