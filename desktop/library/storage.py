"""What recordings take on this computer's disk, and making room without losing any.

Room is made of takes that the server has as they are here: it said so when they were uploaded, it says so
again now, and the file here still has that hash. They go where cancelled takes go, and come back for a week.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from capture import aside
from capture.stems import stem_paths
from media import manifest
from media.manifest import Manifest, ManifestError, TakeState
from uploader import web
from uploader.api import ApiClient
from uploader.errors import UploadError
from uploader.journal import Journal
from uploader.model import Upload
from uploader.states import UploadState

_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Use:
    """One take. `bytes` counts its sounds too; `upload` is the one that brought it to a server whole."""

    path: Path
    manifest: Manifest
    bytes: int
    upload: Upload | None = None

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "path": str(self.path),
            "title": self.manifest.title,
            "createdAt": self.manifest.created_at,
            "durationS": self.manifest.duration_s,
            "bytes": self.bytes,
            "state": self.manifest.state.value,
            "onServer": self.upload.share_url or self.upload.server if self.upload else None,
        }


def usage(folder: Path, journal: Journal) -> list[Use]:
    """Every take of a folder, the largest first."""
    uploads = {row.path: row for row in reversed(journal.all()) if _is_whole(row)}
    found = []
    for path in folder.glob("*.mp4.json"):
        video = path.with_name(path.name.removesuffix(".json"))
        with suppress(ManifestError, OSError):
            told = manifest.read(video)
            size = video.stat().st_size
            upload = uploads.get(video.absolute())
            sounds = sum(sound.stat().st_size for sound in stem_paths(video).values())
            found.append(Use(video, told, size + sounds, upload if upload and upload.size == size else None))
    return sorted(found, key=lambda use: use.bytes, reverse=True)


def in_trash(folder: Path) -> int:
    """Bytes of what can still come back."""
    files = (file for file in (folder / aside.FOLDER).glob("*") if file.is_file())
    return sum(file.stat().st_size for file in files)


def removable(uses: list[Use]) -> list[Use]:
    """Those over, whole on a server, and without sounds of their own, which no server has."""
    ends = {TakeState.FINISHED, TakeState.INTERRUPTED}
    return [use for use in uses if use.upload and use.manifest.state in ends and not stem_paths(use.path)]


async def confirmed(use: Use) -> bool:
    """Whether the server has exactly this file, now. False also when it cannot be asked."""
    if use.upload is None or use.upload.recording_id is None:
        return False
    try:
        async with web.open_client(use.upload.server) as http:
            recording = await ApiClient(http).get_recording(use.upload.recording_id)
    except UploadError:
        return False
    return recording.sha256 is not None and recording.sha256 == sha256_of(use.path)


def clean(uses: list[Use], confirm: Iterator[bool]) -> list[Path]:
    """Puts those aside that are confirmed, each asked about as it comes; where they are now."""
    return [aside.throw_away(use.path) for use, sure in zip(uses, confirm, strict=True) if sure]


def _is_whole(row: Upload) -> bool:
    return row.state is UploadState.DONE and row.sha256 is not None and row.sha256 == row.server_sha256


def sha256_of(path: Path) -> str:
    """Of a whole file. OSError when it cannot be read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ):
            digest.update(block)
    return digest.hexdigest()
