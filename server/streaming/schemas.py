"""What a player is told about a recording."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from server.recordings.states import Status


@dataclass(frozen=True, slots=True)
class Step:
    """A step of processing, as the module that does it reports it. `progress` in percent."""

    step: str
    status: str
    progress: float | None
    error: str | None


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class QualityOut(_Wire):
    name: str
    width: int
    height: int
    bandwidth: int = Field(description="Bits per second, at the peak.")


class StepOut(_Wire):
    step: str
    status: str
    progress: float | None = Field(description="Percent.")
    error: str | None


class StreamOut(_Wire):
    recording_id: str
    title: str
    status: Status
    live: bool = Field(description="Bytes may still arrive; the playlist has no end yet.")
    duration: float | None = Field(description="Seconds, so far; null until something can be played.")
    playlist_url: str | None = Field(description="The master playlist; null until something can be played.")
    media_playlist_url: str | None = Field(description="The playlist of the source itself.")
    download_url: str | None = Field(description="The file as it was uploaded, once all of it is here.")
    poster_url: str | None
    quality: list[QualityOut]
    processing: list[StepOut]
    expires_at: datetime = Field(description="When the addresses above end.")
    error: str | None
