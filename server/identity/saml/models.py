"""Table of sign-ins that a provider of SAML stands behind."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id


class SamlSignInRow(Base):
    """By what the provider will name it when its person signs out there; it goes with the sign-in."""

    __tablename__ = "saml_sign_ins"
    __table_args__ = (Index("ix_saml_sign_ins_provider_name_id", "provider", "name_id"),)

    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    # The provider's name in the administrator's file, and what it is called itself: files change.
    provider: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[str] = mapped_column(String(250))
    name_id: Mapped[str] = mapped_column(String(255))
    format: Mapped[str] = mapped_column(String(255))
    qualifier: Mapped[str] = mapped_column(String(255))
    sp_qualifier: Mapped[str] = mapped_column(String(255))
    session_index: Mapped[str] = mapped_column(String(255))
