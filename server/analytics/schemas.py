"""Analytics on the wire, and the value an event travels by inside."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat, model_validator
from pydantic.alias_generators import to_camel

from server.analytics.clients import Client
from server.analytics.watching import Stretch
from server.recordings.schemas import Pagination

MAX_EVENTS = 50
MAX_BYTES = 64 * 1024
# Seconds; longer recordings do not exist.
_FAR = 1e7


class EventType(StrEnum):
    START = "stream_start"
    PROGRESS = "stream_progress"
    END = "stream_end"


@dataclass(frozen=True, slots=True)
class Subject:
    """The recording that an event is about: what analytics needs to know of it."""

    recording_id: str
    owner_id: str
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class Beacon:
    """An event that was admitted. Without a `session_id` it is one that the server noted itself."""

    id: str
    type: EventType
    subject: Subject
    session_id: str | None
    user_id: str | None
    viewer: str
    client: Client
    country: str | None
    referrer: str | None
    at: datetime
    received_at: datetime
    position: float | None
    stretch: Stretch


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


Seconds = Annotated[FiniteFloat, Field(ge=0, le=_FAR)]
Count = Annotated[int, Field(ge=0, le=100_000)]


class EventIn(_Wire):
    """What happened in a player since its last event. Fields that are not known here are passed over."""

    id: UUID = Field(description="Of this event: sent twice it counts once.")
    type: EventType
    recording_id: str | None = Field(None, max_length=64, description="For who is signed in.")
    slug: str | None = Field(None, max_length=64, description="Of a share, for everybody.")
    session_id: UUID = Field(description="Of this player, from one opening of the page.")
    viewer_id: UUID | None = Field(None, description="Random, kept by the browser; null where it keeps none.")
    at: AwareDatetime
    position: Seconds | None = Field(None, description="Seconds.")
    watched: list[tuple[Seconds, Seconds]] = Field(
        default_factory=list,
        max_length=50,
        description="What was played since the last event, in seconds of the video: [[from, to], …].",
        examples=[[[12.0, 22.0]]],
    )
    quality: str | None = Field(None, max_length=64, examples=["1080p"])
    quality_switches: Count = Field(0, description="Since the last event.")
    rebuffers: Count = Field(0, description="Times it had to wait, since the last event.")
    rebuffer_ms: Annotated[int, Field(ge=0, le=86_400_000)] = 0
    referrer: str | None = Field(None, max_length=2048, description="Host the viewer came from.")

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if self.recording_id is None and self.slug is None:
            raise ValueError("recordingId or slug must say which recording was watched")
        return self


class EventsIn(_Wire):
    events: list[EventIn] = Field(min_length=1, max_length=MAX_EVENTS)


class AcceptedOut(_Wire):
    accepted: int = Field(description="Events that were taken; none where the viewer asks not to be tracked.")


class NamedOut(_Wire):
    name: str
    views: int


class QualityTimeOut(_Wire):
    name: str
    seconds: float


class DropOut(_Wire):
    """A place where many stop watching."""

    at: float = Field(description="Seconds.")
    views: int = Field(description="Views that went no further.")


class DayOut(_Wire):
    date: date
    views: int
    unique_viewers: int
    starts: int
    watch_seconds: float
    completions: int


class SummaryOut(_Wire):
    views: int
    unique_viewers: int
    starts: int = Field(description="Players that began, also those that stopped before it was a view.")
    watch_seconds: float = Field(description="With what was watched again.")
    completions: int = Field(description="Views that saw nearly all of it.")
    average_watched: float | None = Field(description="Part of the recording that a view saw, 0 to 1.")


class AnalyticsOut(SummaryOut):
    recording_id: str
    since: date = Field(alias="from")
    until: date = Field(alias="to")
    duration: float | None
    completion_rate: float | None = Field(description="Completions by views.")
    average_watch_seconds: float | None
    stream_starts: int = Field(description="Times somebody signed in asked for the addresses of the video.")
    retention: list[float] = Field(description="Part of the views that saw each hundredth, 0 to 1.")
    rewatches: list[float] = Field(description="How often each hundredth was watched again.")
    drop_off: list[int] = Field(description="Views whose furthest place is in each hundredth.")
    drops: list[DropOut] = Field(description="The three places before the end where most stop.")
    referrers: list[NamedOut]
    devices: list[NamedOut]
    browsers: list[NamedOut]
    systems: list[NamedOut]
    countries: list[NamedOut]
    qualities: list[QualityTimeOut]
    quality_switches: int
    rebuffers: int
    rebuffer_seconds: float
    days: list[DayOut]


class RecordingFiguresOut(SummaryOut):
    id: str
    title: str
    duration: float | None


class OverviewOut(_Wire):
    since: date = Field(alias="from")
    until: date = Field(alias="to")
    total: SummaryOut
    days: list[DayOut]
    data: list[RecordingFiguresOut] = Field(description="The most watched first.")
    pagination: Pagination
