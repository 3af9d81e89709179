"""What is known of one recording, by who knows it, and what the library shows of it. Values alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop.models.session import PLAN_FULL, Problem
from desktop.models.session import problem as problem_of
from media.manifest import Manifest, TakeState
from uploader.model import Upload, Wish
from uploader.states import UploadState

LONGEST_TITLE, LONGEST_TAG = 255, 100  # characters, as the server has them


class Standing(StrEnum):
    """How a recording stands, in the one word that its card shows."""

    RECORDING = "recording"
    UPLOADING = "uploading"
    WAITING = "waiting"  # for the server, or for a sign-in; goes on by itself
    HELD = "held"  # the person paused its upload
    PROCESSING = "processing"
    READY = "ready"
    LOCAL = "local"  # on this computer alone
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Take:
    """A recording's file on this computer. Seconds, bytes, Unix time."""

    path: Path
    title: str
    state: TakeState
    created_at: float
    duration_s: float = 0.0
    size: int = 0
    alive: bool = False  # its recorder still writes

    @classmethod
    def of(cls, path: Path, manifest: Manifest, *, created_at: float, alive: bool = False) -> "Take":
        return cls(
            path=path,
            title=manifest.title or path.stem,
            state=manifest.state,
            created_at=created_at,
            duration_s=manifest.duration_s,
            size=manifest.bytes_committed,
            alive=alive,
        )


@dataclass(frozen=True, slots=True)
class Sending:
    """An upload as the journal has it."""

    id: str
    path: Path
    title: str
    server: str
    state: UploadState
    created_at: float
    ended_at: float = 0.0  # 0 while it has not
    growing: bool = False
    held: bool = False
    cancelled: bool = False
    offset: int = 0
    size: int | None = None
    recording_id: str | None = None
    share_url: str | None = None
    problem: Problem | None = None
    here: bool = False  # the file still is

    @classmethod
    def of(cls, upload: Upload, *, here: bool) -> "Sending":
        told = upload.error
        problem = problem_of(told) if told else None
        return cls(
            id=upload.id,
            path=upload.path,
            title=upload.title,
            server=upload.server,
            state=upload.state,
            created_at=upload.created_at,
            ended_at=upload.done_at or 0.0,
            growing=upload.growing,
            held=upload.wish is Wish.HOLD,
            cancelled=upload.wish is Wish.CANCEL or upload.state is UploadState.CANCELLED,
            offset=upload.offset,
            size=upload.size,
            recording_id=upload.recording_id,
            share_url=upload.share_url,
            problem=problem,
            here=here,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the server's processing; `percent` of it is done."""

    name: str
    status: str  # queued, processing, completed, failed
    percent: float = 0.0
    error: str = ""

    @property
    def over(self) -> bool:
        return self.status in ("completed", "failed")


# What a person may change of a recording on the server, by the API's names.
FIELDS = (
    "title",
    "description",
    "folderId",
    "tags",
    "shared",
    "visibility",
    "expiresAt",
    "allowDownload",
    "allowComments",
)


@dataclass(frozen=True, slots=True)
class Remote:
    """A recording as the server told it last: `fields` are those of FIELDS that it has."""

    id: str
    status: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    created_at: float = 0.0
    updated_at: str = ""
    trashed_at: float | None = None
    duration_s: float | None = None
    size: int | None = None
    share_url: str | None = None
    poster_url: str | None = None
    has_password: bool = False
    views: int = 0
    error: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One recording as it is shown. Seconds, bytes, Unix time; None where nobody knows."""

    key: str  # `file:PATH` for what lies or lay on this computer, `id:ID` for what the server alone has
    title: str
    standing: Standing
    created_at: float
    description: str = ""
    percent: int | None = None  # of what its standing names
    problem: Problem | None = None
    duration_s: float | None = None
    size: int | None = None
    path: Path | None = None  # the file, where it is here
    upload_id: str | None = None
    recording_id: str | None = None
    share_url: str | None = None
    poster_url: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)  # of FIELDS, with what was changed here
    has_password: bool = False
    updated_at: str = ""
    trashed_at: float | None = None
    views: int = 0
    failed_steps: tuple[str, ...] = ()
    unsent: bool = False  # changes wait for the server
    conflict: bool = False  # a change of it waits for the person: others made one too, or the server has none
    refused: str = ""  # why the server will not have that change
    said: int = 0  # another number for another transcript; 0 where nothing is written down
    id: int = 0  # the row, as long as the library's file lives

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self.fields.get("tags") or ())

    @property
    def folder_id(self) -> str | None:
        return self.fields.get("folderId")

    @property
    def anchor(self) -> str:
        """What changes and transcripts are kept under: the recording where there is one."""
        return anchor_of(self.key, self.recording_id)


@dataclass(frozen=True, slots=True)
class Folder:
    id: str
    parent_id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class FolderChange:
    """What a person wants of a folder: without an id a new one, without a name none any more."""

    id: str | None
    name: str | None
    parent_id: str | None = None  # of a new one


@dataclass(frozen=True, slots=True)
class Moment:
    """Where in a recording words were said."""

    at_s: float
    text: str


def waits_for_plan(item: Item) -> bool:
    """Its upload is tried again now and then, and whenever a person says so."""
    return item.problem is not None and item.problem.code == PLAN_FULL


def file_key(path: Path) -> str:
    return f"file:{path}"


def id_key(recording_id: str) -> str:
    return f"id:{recording_id}"


def anchor_of(key: str, recording_id: str | None) -> str:
    return id_key(recording_id) if recording_id else key
