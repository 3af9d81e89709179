"""Webhooks on the wire, and the values the module works with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from server.recordings.schemas import Pagination
from server.webhooks.addresses import MAX_URL
from server.webhooks.events import ALL, NAMES


class Status(StrEnum):
    """Of a delivery."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this process may try now, and where to. `secrets`: the newest first."""

    id: int
    subscription_id: str
    user_id: str
    url: str
    secrets: tuple[str, ...]
    delivery_id: str
    event: str
    payload: str
    # Whether other deliveries wait for what becomes of this one.
    probing: bool


def _known(events: list[str]) -> list[str]:
    if unknown := [name for name in events if name not in NAMES and name != ALL]:
        raise ValueError(f"there is no event {unknown[0][:64]!r}: GET /api/v1/webhooks/events lists them")
    return [ALL] if ALL in events else [name for name in NAMES if name in events]


Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_URL)]
Events = Annotated[list[str], Field(min_length=1, max_length=50), AfterValidator(_known)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255, pattern=r"^[^\x00-\x1f]*$")]


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class CreateWebhookRequest(_Wire):
    url: Url = Field(examples=["https://hooks.example.org/heddle"])
    events: Events = Field(default=[ALL], examples=[["recording.completed", "video.shared"]])
    description: Text = ""


class UpdateWebhookRequest(_Wire):
    """Fields left out stay as they are."""

    url: Url | None = None
    events: Events | None = None
    description: Text | None = None
    active: bool | None = Field(default=None, description="False: nothing is noted or sent until it is true.")


class RotateSecretRequest(_Wire):
    keep_previous_hours: float = Field(
        default=24, ge=0, le=24 * 30, description="For how long the secret that is replaced signs too."
    )


class TestRequest(_Wire):
    __test__ = False  # pytest takes names like this for tests

    event: str = Field(default="recording.completed", description="The event to pretend.")


class WebhookOut(_Wire):
    id: str
    url: str
    description: str
    events: list[str]
    active: bool
    disabled_at: datetime | None = Field(description="Since when the server sends nothing any more.")
    disabled_reason: str | None
    failures: int = Field(description="Tries that failed in a row.")
    paused_until: datetime | None = Field(
        description="Nothing is sent before, because too many tries failed."
    )
    last_success_at: datetime | None
    previous_secret_until: datetime | None = Field(description="Until when the replaced secret signs too.")
    created_at: datetime
    updated_at: datetime


class WebhookWithSecret(WebhookOut):
    secret: str = Field(description="Shown this once. It signs every delivery.")


class WebhookPage(_Wire):
    data: list[WebhookOut]
    pagination: Pagination


class EventOut(_Wire):
    name: str
    description: str


class EventList(_Wire):
    data: list[EventOut]


class AttemptOut(_Wire):
    at: datetime
    http_status: int | None
    error: str | None
    duration_ms: int


class DeliveryOut(_Wire):
    id: str = Field(description="The payload's `id` and the header X-Loom-Delivery.")
    subscription_id: str
    event: str
    recording_id: str | None
    status: Status
    attempt: int = Field(description="Tries so far.")
    http_status: int | None
    error_message: str | None
    duration_ms: int | None
    created_at: datetime
    delivered_at: datetime | None
    next_attempt_at: datetime | None = Field(description="Null when there is none to come.")


class DeliveryDetail(DeliveryOut):
    """With what was sent and answered, the last time."""

    request_url: str
    request_headers: dict[str, str] | None
    request_body: str
    response_body: str | None = Field(description="Its first 4,096 bytes.")
    attempts: list[AttemptOut]


class DeliveryPage(_Wire):
    data: list[DeliveryOut]
    pagination: Pagination


def attempt_record(at: datetime, http_status: int | None, error: str | None, ms: int) -> dict[str, Any]:
    """As the log keeps a try, by the names on the wire."""
    return {"at": at.isoformat(), "httpStatus": http_status, "error": error, "durationMs": ms}
