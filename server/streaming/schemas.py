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


@dataclass(frozen=True, slots=True)
class Speech:
    """How far the transcript of a recording is, as the module that makes it reports it.

    `detail` is a sentence for anybody, `hint` what the owner can do about it.
    """

    status: str
    detail: str = ""
    hint: str = ""


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class QualityOut(_Wire):
    name: str
    width: int
    height: int
    bandwidth: int = Field(description="Bits per second, at the peak.")
    average_bandwidth: int = Field(description="Bits per second.")
    frame_rate: float = Field(description="Pictures a second, at the most; 0 without a picture.")
    codecs: str = Field(description="As RFC 6381 names them.")
    playlist_url: str = Field(description="The HLS playlist of this version alone.")


class CaptionsOut(_Wire):
    language: str = Field(description="BCP 47.")
    label: str
    url: str = Field(description="WebVTT.")


class StepOut(_Wire):
    step: str
    status: str
    progress: float | None = Field(description="Percent.")
    error: str | None


class TranscriptionOut(_Wire):
    status: str = Field(
        description="`none`, `off`, `queued`, `processing`, `partial`, `completed` or `failed`."
    )
    detail: str | None = Field(description="Why, where that is not plain.")
    hint: str | None = Field(description="What the owner can do about it.")


class StreamOut(_Wire):
    recording_id: str
    title: str
    status: Status
    live: bool = Field(description="Bytes may still arrive; the playlist has no end yet.")
    duration: float | None = Field(description="Seconds, so far; null until something can be played.")
    playlist_url: str | None = Field(
        description="The HLS master playlist; null until something can be played."
    )
    media_playlist_url: str | None = Field(description="The HLS playlist of the source itself.")
    dash_url: str | None = Field(description="The DASH manifest, once all of the recording is here.")
    download_url: str | None = Field(
        description="A file to keep: MP4 once it is made, before that the file as it was uploaded; null "
        "where downloads are off, but for those who may change the recording."
    )
    original_url: str | None = Field(
        description="The file as it was recorded or uploaded, byte for byte, by ranges: its hash is the "
        "recording's `sha256`. Null until all of it is here, and where there is no `downloadUrl`."
    )
    audio_url: str | None = Field(description="The sound alone.")
    poster_url: str | None
    preview_url: str | None = Field(description="A short moving picture.")
    storyboard_url: str | None = Field(description="WebVTT that names small pictures by their times.")
    waveform_url: str | None
    captions: list[CaptionsOut]
    chapters_url: str | None = Field(description="WebVTT of the kind `chapters`; null where there are none.")
    quality: list[QualityOut]
    processing: list[StepOut]
    transcription: TranscriptionOut
    expires_at: datetime = Field(description="When the addresses above end.")
    error: str | None
