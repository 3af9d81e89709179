"""A transcript as other modules know it, and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from media.transcript import MAX_TEXT, Transcript
from server.ai.editing import Entry, spoken


class Source(StrEnum):
    """Where a transcript came from."""

    SERVER = "server"
    DESKTOP = "desktop"
    EDITED = "edited"  # written by a person, such as a file of captions


class State(StrEnum):
    PARTIAL = "partial"  # the recording is still being listened to
    COMPLETED = "completed"


class RevisionAction(StrEnum):
    """What made a revision."""

    CREATED = "created"
    REPLACED = "replaced"
    EDITED = "edited"  # one segment
    RERUN = "rerun"  # the server listened again
    RESTORED = "restored"


@dataclass(frozen=True)
class Stored:
    """The transcript of a recording, as it is now."""

    recording_id: str
    language: str
    entries: tuple[Entry, ...]
    state: State
    source: Source
    revision: int
    model: str
    duration_s: float
    sound: str | None
    created_at: datetime
    updated_at: datetime

    @cached_property
    def transcript(self) -> Transcript:
        """What is shown: without the segments that somebody emptied."""
        return Transcript(self.language, spoken(self.entries), self.model, self.duration_s)

    @property
    def etag(self) -> str:
        return etag(self.revision, len(self.entries))


def etag(revision: int, segments: int) -> str:
    """Changes with every edit, and while a transcript grows with every segment."""
    return f'"{revision}-{segments}"'


@dataclass(frozen=True, slots=True)
class Revision:
    """One change: `before` and `after` are the texts of the one segment that was changed."""

    number: int
    action: str
    user_id: str | None
    segment_id: int | None
    before: str | None
    after: str | None
    created_at: datetime


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class WordOut(_Wire):
    start: float
    end: float
    text: str
    confidence: float


class SegmentOut(_Wire):
    id: int
    start: float = Field(description="Seconds from the start of the recording.")
    end: float
    text: str = Field(description="Empty where somebody removed what the machine heard.")
    confidence: float = Field(description="0 to 1.")
    edited: bool
    original: str | None = Field(default=None, description="What the machine heard; for the owner alone.")
    words: list[WordOut]


class TranscriptOut(_Wire):
    recording_id: str
    language: str = Field(description="A code such as `en`; `und` where nobody knows.")
    status: State
    source: Source
    revision: int
    model: str
    text: str
    confidence: float
    word_count: int
    duration: float
    edited: bool
    segments: list[SegmentOut]
    created_at: datetime
    updated_at: datetime


class EditSegment(_Wire):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT)] = Field(
        description="Empty removes it."
    )


class RestoreRequest(_Wire):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    revision: int = Field(ge=1, lt=2**31)


class RerunRequest(_Wire):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = Field(
        default=None, description="What is spoken; without it, it is found out."
    )
    translate: bool = Field(default=False, description="Into English.")
    vocabulary: list[Annotated[str, StringConstraints(min_length=1, max_length=60)]] = Field(
        default_factory=list, max_length=100, description="Names and terms, spelled as they should come out."
    )


class RerunOut(_Wire):
    job_id: str
    status: str


class RevisionOut(_Wire):
    revision: int
    action: RevisionAction
    user_id: str | None = Field(description="Null for the machine.")
    username: str | None
    segment_id: int | None = Field(description="Null where the whole transcript changed.")
    before: str | None = Field(description="The segment's text before.")
    after: str | None
    created_at: datetime


class RevisionPage(_Wire):
    data: list[RevisionOut]
    total_elements: int


def out(stored: Stored, *, words: bool, owner: bool) -> TranscriptOut:
    shown = stored.transcript
    return TranscriptOut(
        recording_id=stored.recording_id,
        language=stored.language,
        status=stored.state,
        source=stored.source,
        revision=stored.revision,
        model=stored.model,
        text=shown.text,
        confidence=round(shown.confidence, 4),
        word_count=shown.word_count,
        duration=stored.duration_s,
        edited=any(entry.edited for entry in stored.entries),
        segments=[_segment(entry, words=words, owner=owner) for entry in stored.entries],
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _segment(entry: Entry, *, words: bool, owner: bool) -> SegmentOut:
    row = entry.segment.as_dict()
    if not words:
        row["words"] = []
    return SegmentOut(**row, edited=entry.edited, original=entry.original if owner else None)
