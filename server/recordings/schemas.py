"""Recordings on the wire, and the value other modules know one by."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from server.recordings.library.schemas import FolderId, TagName
from server.recordings.link import Link, Visibility
from server.recordings.states import Status

MAX_SETTINGS_BYTES = 64 * 1024
MAX_SETTINGS_DEPTH = 32
MAX_MARKERS = 500
MOST_TAGS = 20  # of a recording


class RecordingType(StrEnum):
    SCREEN = "screen"
    WEBCAM = "webcam"
    SCREEN_WEBCAM = "screen_webcam"


class Action(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Marker:
    """A place that whoever recorded wants to be found again. `time` in seconds of the recording."""

    time: float
    title: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as its row says. Bytes lie under `recordings/<id>/`, the growing file is `source.mp4`."""

    id: str
    user_id: str
    workspace_id: str | None
    title: str
    description: str
    status: Status
    recording_type: RecordingType
    settings: dict[str, Any]
    duration_s: float | None
    file_size_bytes: int | None
    sha256: str | None
    slug: str
    link: Link
    error: str | None
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    deleted_at: datetime | None
    markers: tuple[Marker, ...] = ()
    folder_id: str | None = None

    @property
    def etag(self) -> str:
        """Another one with every change of its row, its tags among them."""
        return f'"{self.updated_at.timestamp():.6f}"'

    @property
    def shared(self) -> bool:
        return self.link.on

    @property
    def allow_comments(self) -> bool:
        return self.link.allow_comments

    @property
    def trashed(self) -> bool:
        return self.deleted_at is not None

    @property
    def uploaded(self) -> bool:
        """All bytes are here and their hash is known."""
        return self.sha256 is not None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a recording lies, which decides who hears of it."""

    workspace_id: str | None
    user_id: str
    trashed: bool


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    name: str
    description: str
    settings: dict[str, Any]
    is_default: bool
    created_at: datetime


def _depth(settings: dict[str, Any]) -> int:
    """Level by level: what is nested too deeply for a recursion is what is looked for."""
    level: list[dict[str, Any] | list[Any]] = [settings]
    depth = 0
    while level:
        depth += 1
        inner = (held for one in level for held in (one.values() if isinstance(one, dict) else one))
        level = [held for held in inner if isinstance(held, dict | list)]
    return depth


def _storable(settings: dict[str, Any]) -> dict[str, Any]:
    """Only what can be stored and sent back: JSON in UTF-8, no NaN, of moderate size and depth."""
    if _depth(settings) > MAX_SETTINGS_DEPTH:
        raise ValueError(f"must not be nested deeper than {MAX_SETTINGS_DEPTH} times")
    try:
        size = len(json.dumps(settings, allow_nan=False, ensure_ascii=False).encode())
    except ValueError as problem:  # NaN and half surrogates
        raise ValueError("must be plain JSON: no NaN, no broken characters") from problem
    if size > MAX_SETTINGS_BYTES:
        raise ValueError(f"must not be larger than {MAX_SETTINGS_BYTES} bytes")
    return settings


def printable(text: str) -> str:
    if any(unicodedata.category(char) == "Cc" and char not in "\n\t\r" for char in text):
        raise ValueError("must not contain control characters")
    return text


Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(printable)
]
Description = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=10_000), AfterValidator(printable)
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(printable)
]
WorkspaceId = Annotated[str, StringConstraints(max_length=36)]
FreeSettings = Annotated[dict[str, Any], AfterValidator(_storable)]


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class MarkerOut(_Wire):
    time: float = Field(ge=0, le=1e7, allow_inf_nan=False, description="Seconds from the start.")
    title: Name


class StartRecordingRequest(_Wire):
    recording_type: RecordingType
    title: Title = "Untitled recording"
    description: Description = ""
    settings: FreeSettings = Field(default_factory=dict, examples=[{"frameRate": 30, "quality": "high"}])
    shared: bool = Field(default=True, description="false: the link is off, as with `visibility: private`.")
    visibility: Visibility | None = Field(
        default=None, description="Whom the link lets in; counts before `shared`."
    )
    allow_comments: bool = Field(default=True, description="Whether they may also comment and react.")
    workspace_id: WorkspaceId | None = Field(default=None, description="Left out: your personal one.")


class UpdateRecordingRequest(_Wire):
    """Fields left out stay as they are."""

    title: Title | None = None
    description: Description | None = None
    settings: FreeSettings | None = None
    shared: bool | None = Field(
        default=None, description="false: the link is off (`private`); true: on again, for all who have it."
    )
    allow_comments: bool | None = None
    markers: list[MarkerOut] | None = Field(
        default=None, max_length=MAX_MARKERS, description="Places to find again; they begin chapters."
    )
    folder_id: FolderId | None = Field(default=None, description="Of its workspace; null: at the top.")
    tags: Annotated[list[TagName], Field(max_length=MOST_TAGS)] | None = Field(
        default=None, description="All that it shall have, by name; new ones are made in its workspace."
    )


class MoveRequest(_Wire):
    workspace_id: WorkspaceId


class ControlRequest(_Wire):
    action: Action


class RecordingOut(_Wire):
    id: str
    user_id: str = Field(description="Who made it.")
    workspace_id: str | None
    title: str
    description: str
    status: Status
    recording_type: RecordingType
    settings: dict[str, Any]
    duration: float | None = Field(description="Seconds; null until it is known.")
    file_size_bytes: int | None
    sha256: str | None = Field(description="Of the whole file, once all of it is here.")
    share_url: str
    shared: bool = Field(description="Whether the link is on: `visibility` is not `private`.")
    visibility: Visibility
    has_password: bool = Field(description="Whether the link asks for a password.")
    expires_at: datetime | None = Field(description="When the link ends.")
    allow_download: bool
    allow_comments: bool
    markers: list[MarkerOut]
    poster_url: str | None
    view_count: int = Field(description="Counted views; see analytics.")
    error: str | None
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    deleted_at: datetime | None = Field(description="Since when it lies in the trash.")
    folder_id: str | None
    tags: list[str]


class Pagination(_Wire):
    page: int
    size: int
    total_pages: int
    total_elements: int
    next_cursor: str | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="Where a list was asked for with `cursor`: what leads to the next page, if there is one.",
    )


class RecordingPage(_Wire):
    data: list[RecordingOut]
    pagination: Pagination


class TemplateRequest(_Wire):
    name: Name = Field(examples=["Full screen, 60 fps"])
    description: Description = ""
    settings: FreeSettings = Field(examples=[{"frameRate": 60}])
    is_default: bool = False


class UpdateTemplateRequest(_Wire):
    """Fields left out stay as they are."""

    name: Name | None = None
    description: Description | None = None
    settings: FreeSettings | None = None
    is_default: bool | None = None


class TemplateOut(_Wire):
    id: str
    name: str
    description: str
    settings: dict[str, Any]
    is_default: bool
    created_at: datetime


class TemplateList(_Wire):
    data: list[TemplateOut]
