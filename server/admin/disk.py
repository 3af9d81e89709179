"""What lies in the data folder, by what it is for. Blocking: a walk over names and sizes, nothing is read."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

SOURCE = "source.mp4"
_PICTURES = {".jpg", ".webp", ".gif"}
_MOST_DEPTH = 12


class Area(StrEnum):
    ORIGINALS = "originals"  # as they were recorded or uploaded
    RENDITIONS = "renditions"  # other versions of the videos
    PICTURES = "pictures"  # posters, previews, storyboards, people
    SOUND = "sound"
    OTHER = "other"  # captions, waveforms and what no kind is known of
    SPOOL = "spool"  # fetched from object storage, work in progress
    EXPORTS = "exports"
    MODELS = "models"
    MAIL = "mail"  # letters where no mail server is set
    DATABASE = "database"


@dataclass(slots=True)
class Usage:
    files: int = 0
    bytes: int = 0

    def add(self, size: int) -> None:
        self.files += 1
        self.bytes += size


@dataclass(slots=True)
class Found:
    """`folders` are those of recordings, by their id, with their bytes."""

    areas: dict[Area, Usage] = field(default_factory=lambda: {area: Usage() for area in Area})
    folders: dict[str, int] = field(default_factory=dict)


# Folders of the data folder that are one area each; what is not named is the database, or other.
_FOLDERS = {
    "work": Area.SPOOL,
    "workers": Area.SPOOL,
    "moved": Area.SPOOL,
    "exports": Area.EXPORTS,
    "models": Area.MODELS,
    "outbox": Area.MAIL,
    "portraits": Area.PICTURES,
}


def look(data: Path, media: Path) -> Found:
    """`media` is a folder in `data`. What vanishes meanwhile counts as gone."""
    found = Found()
    for entry in _entries(data):
        if Path(entry.path) == media:
            continue
        area = _FOLDERS.get(entry.name, Area.OTHER)
        if entry.name.startswith("heddle.db"):
            area = Area.DATABASE
        for _, size in _files(entry):
            found.areas[area].add(size)
    for entry in _entries(media):
        if entry.name == "recordings":
            _recordings(Path(entry.path), found)
            continue
        for _, size in _files(entry):
            found.areas[Area.PICTURES if entry.name == "avatars" else Area.OTHER].add(size)
    return found


def area_of(parts: tuple[str, ...]) -> Area:
    """Of a file in the folder of a recording, by its path in there."""
    suffix = Path(parts[-1]).suffix
    if parts == (SOURCE,):
        return Area.ORIGINALS
    if suffix == ".mp4" or parts[0] == "pieces":
        return Area.RENDITIONS
    if suffix in _PICTURES:
        return Area.PICTURES
    return Area.SOUND if suffix == ".m4a" else Area.OTHER


def _recordings(folder: Path, found: Found) -> None:
    for entry in _entries(folder):
        total = 0
        for parts, size in _files(entry):
            found.areas[area_of(parts or (entry.name,))].add(size)
            total += size
        found.folders[entry.name] = total


def _files(entry: os.DirEntry[str], parts: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """The path below the first entry, and the size. No link is followed."""
    if entry.is_dir(follow_symlinks=False):
        if len(parts) < _MOST_DEPTH:
            for inner in _entries(Path(entry.path)):
                yield from _files(inner, (*parts, inner.name))
        return
    try:
        yield parts, entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listed:
            return list(listed)
    except (FileNotFoundError, NotADirectoryError):
        return []
