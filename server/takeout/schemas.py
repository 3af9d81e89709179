"""Exports and erasures on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from server.identity.accounts.schemas import Password, SecondFactor
from server.identity.workspaces.schemas import Wire


class State(StrEnum):
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


class ExportRequest(Wire):
    with_media: bool = Field(default=False, description="Also the videos; else a list of them.")


class ExportOut(Wire):
    id: str
    state: State
    with_media: bool
    size_bytes: int | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


class ExportList(Wire):
    data: list[ExportOut]


class ErasureRequest(Wire):
    password: Password | None = Field(None, description="Your present one, unless the account has none.")
    code: SecondFactor = None


class ErasureOut(Wire):
    """The receipt: keep its id, it is all that leads here."""

    id: str
    state: State
    removed: dict[str, Any] = Field(description="How much of each kind.")
    created_at: datetime
    finished_at: datetime | None
