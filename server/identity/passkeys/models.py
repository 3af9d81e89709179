"""Table of passkeys."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now


class PasskeyRow(Base):
    """The public half; the private one never leaves the authenticator. Bytes are base64url."""

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    # Up to 1023 bytes (WebAuthn Level 3 section 4), too long for some indexes: it is found by its SHA-256.
    credential_id: Mapped[str] = mapped_column(String(1400))
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True)
    public_key: Mapped[str] = mapped_column(String(4000))
    # How often the authenticator says it has signed; 0 for those that do not count.
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[list[str]] = mapped_column(Json)
    # Which kind of authenticator made it, as far as it tells.
    aaguid: Mapped[str] = mapped_column(String(36))
    backed_up: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    # When its count went backwards: somebody may hold a copy.
    copied_at: Mapped[datetime | None] = mapped_column(Moment)
