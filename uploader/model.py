"""What the journal knows about one upload."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from uploader.states import ENDED, UploadState


class Wanted(StrEnum):
    """What the recorder is doing; the server is told through the recording's control."""

    RECORDING = "recording"
    PAUSED = "paused"
    STOPPED = "stopped"


class Wish(StrEnum):
    """What the user asked of the upload. Written by any process; the worker fulfils it."""

    SEND = "send"
    HOLD = "hold"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Upload:
    """One row. Sizes in bytes, times as Unix seconds; None means not known yet."""

    id: str
    path: Path
    title: str
    server: str
    state: UploadState
    growing: bool  # a recorder still appends to the file
    recording_type: str  # screen, webcam, screen_webcam
    settings: dict[str, Any]
    wanted: Wanted
    told: Wanted  # the last `wanted` the server has heard of
    wish: Wish
    limit_bps: float | None  # bytes a second for this upload alone
    mtime_ns: int | None  # with `size` the fingerprint of a finished file
    recording_id: str | None
    share_url: str | None
    playlist_url: str | None
    upload_url: str | None
    offset: int  # acknowledged by the server, as last heard; only ever shown, never resumed from
    size: int | None  # known from the start for a finished file, at the end for a growing one
    sent_bytes: int  # that left this machine, repetitions included
    attempt: int  # tries that failed in a row
    error: dict[str, str] | None  # title, detail, hint of the last failure
    sha256: str | None  # of the local file
    server_sha256: str | None
    created_at: float
    link_at: float | None  # when the share link was known
    done_at: float | None  # when the upload ended, one way or the other

    @property
    def ended(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state in ENDED

    @property
    def fingerprint(self) -> tuple[int, int] | None:
        """Size and mtime that a file enqueued as finished must keep."""
        return None if self.mtime_ns is None or self.size is None else (self.size, self.mtime_ns)
