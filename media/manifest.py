"""The manifest beside a recording: what is safely on disk, for whoever reads the file next.

`NAME.mp4.json` lies beside `NAME.mp4`. The recorder rewrites it (temporary file, then rename) as fragments
are committed to disk; the uploader and recovery read it. Standard library only: an upload needs no codec.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from media.errors import ManifestError

__all__ = [
    "Manifest",
    "ManifestError",
    "Marker",
    "Receipt",
    "TakeState",
    "manifest_path",
    "read",
    "within",
    "write",
]

VERSION = 1


class TakeState(StrEnum):
    RECORDING = "recording"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"  # the recorder went away; what was committed plays
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Marker:
    """A place in the take that somebody wants to find again, in seconds of media time: a chapter's begin."""

    at_s: float
    title: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a finished take says of itself, beside its length, size and hash. See `heddle record`'s end."""

    ended_at: str  # ISO 8601 UTC
    backend: str
    microphone: str | None
    audio_present: bool  # something louder than silence was recorded
    peak_db: float | None  # loudest sample against full scale; None where there was no sound at all
    av_offset_ms: float | None  # how far sound lay from where it was put, median; positive: it was ahead
    encoded: int
    dropped: int  # pictures left out because the encoder was behind
    late: int  # moments at which the screen was not looked at in time
    audio_drops: int
    sound_files: tuple[str, ...] = ()  # each source by itself, where that was asked for; beside the video


@dataclass(frozen=True, slots=True)
class Manifest:
    """One take. Times in seconds, sizes in bytes; `created_at` is ISO 8601 UTC."""

    id: str
    file: str
    title: str
    state: TakeState
    created_at: str
    width: int
    height: int
    fps: int
    encoder: str
    video_codec: str
    audio_codec: str | None
    bytes_committed: int = 0  # synced to disk, and at a fragment boundary
    fragments: int = 0
    duration_s: float = 0.0
    sha256: str | None = None  # of the whole file, once finished
    pauses: tuple[tuple[float, float], ...] = ()  # (media time, length of the pause)
    markers: tuple[Marker, ...] = ()
    receipt: Receipt | None = None  # of a take that was ended in order
    version: int = VERSION


def manifest_path(media_file: Path) -> Path:
    return media_file.with_name(media_file.name + ".json")


def read(media_file: Path) -> Manifest:
    """The manifest beside `media_file`; ManifestError when it is missing, broken or of another version."""
    path = manifest_path(media_file)
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ManifestError("The recording has no manifest", f"{path.name} does not exist") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ManifestError("The manifest cannot be read", f"{path.name}: {error}") from error
    return _decode(data, path.name)


def write(media_file: Path, manifest: Manifest, *, sync: bool = True) -> None:
    """Replace the manifest in one step, so that a reader sees the old one or the new one and never half.

    `sync=False` leaves out the fsync, for the frequent rewrites while recording: after a power loss an older
    manifest is only pessimistic, since `bytes_committed` never runs ahead of the synced media file.
    """
    path = manifest_path(media_file)
    temporary = path.with_name(path.name + ".part")
    try:
        # Names of files may hold what is no text; the reader takes it back.
        with temporary.open("w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(
                json.dumps(asdict(manifest), ensure_ascii=False)
            )  # in one go: `dump` takes ten times as long
            file.flush()
            if sync:
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


T = TypeVar("T", Marker, Receipt)


def _known(kind: type[T], data: Any) -> T:
    """What this version knows of an object; a later one may have written more."""
    names = {field.name for field in fields(kind)}
    return kind(**{key: value for key, value in dict(data).items() if key in names})


def within(markers: Sequence[Marker], duration_s: float) -> tuple[Marker, ...]:
    """What was marked after the last picture, or in a part that a crash took, marks the end."""
    return tuple(one if one.at_s <= duration_s else replace(one, at_s=duration_s) for one in markers)


def _is_place(marker: Marker) -> bool:
    """Others are left out: they are no reason to lose a take for."""
    at: object = marker.at_s
    number = isinstance(at, int | float) and not isinstance(at, bool)
    return number and 0 <= marker.at_s < math.inf and isinstance(marker.title, str)


def _decode(data: Any, name: str) -> Manifest:
    if not isinstance(data, dict):
        raise ManifestError("The manifest cannot be read", f"{name} is not an object")
    if data.get("version") != VERSION:
        raise ManifestError(
            "The manifest is of another version",
            f"{name} has version {data.get('version')!r}, this program reads {VERSION}",
            "Update Heddle.",
        )
    known = {field.name for field in fields(Manifest)}
    try:
        values = {key: value for key, value in data.items() if key in known}
        values["state"] = TakeState(values["state"])
        values["pauses"] = tuple((float(at), float(length)) for at, length in values.get("pauses", ()))
        markers = (_known(Marker, one) for one in values.get("markers", ()))
        values["markers"] = tuple(one for one in markers if _is_place(one))
        if values.get("receipt") is not None:
            receipt = _known(Receipt, values["receipt"])
            values["receipt"] = replace(receipt, sound_files=tuple(map(str, receipt.sound_files)))
        return Manifest(**values)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ManifestError("The manifest cannot be read", f"{name}: {error}") from error
