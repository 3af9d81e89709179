"""Where cancelled takes wait: a folder beside the recordings, from which they come back for a week.

A take that was thrown away in the heat of the moment is nearly as often the one that was wanted. After
`KEPT_DAYS` it is gone for good; the sweep touches only what a manifest calls a cancelled take.
"""

from __future__ import annotations

import contextlib
import logging
import time
from dataclasses import dataclass, replace
from pathlib import Path

from capture.errors import NotKept
from capture.stems import stem_path, stem_paths
from media import manifest
from media.manifest import Manifest, ManifestError, TakeState

log = logging.getLogger(__name__)

FOLDER = "cancelled"
KEPT_DAYS = 7
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A cancelled take; `left_s` is how long it is kept yet."""

    path: Path
    manifest: Manifest
    left_s: float


def put_aside(path: Path) -> Path:
    """Move a cancelled take where no list of recordings looks, but its owner still finds it; where it is."""
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    target = _free(folder / path.name)
    manifest.manifest_path(path).rename(manifest.manifest_path(target))
    path.rename(target)
    return target


def throw_away(path: Path) -> Path:
    """Put a take aside that is over, with its sounds, as if it had been cancelled; where it is. NotKept when
    it is being recorded, or is no take."""
    try:
        told = manifest.read(path)
    except ManifestError as error:
        raise NotKept("This is no recording of Heddle", error.detail) from error
    if told.state not in {TakeState.FINISHED, TakeState.INTERRUPTED}:
        raise NotKept("This take cannot be thrown away", f"The take {path.name} is {told.state}.")
    sounds = stem_paths(path)
    manifest.write(path, replace(told, state=TakeState.CANCELLED))
    target = put_aside(path)
    for kind, sound in sounds.items():
        sound.rename(stem_path(target, kind))
    return target


def kept(folder: Path, now: float | None = None) -> list[Kept]:
    """The cancelled takes of a folder of recordings, the latest first. `now` is Unix time."""
    at = time.time() if now is None else now
    found = []
    for path in (folder / FOLDER).glob("*.mp4.json"):
        media_file = path.with_name(path.name.removesuffix(".json"))
        with contextlib.suppress(ManifestError, OSError):
            told = manifest.read(media_file)
            if told.state is TakeState.CANCELLED and media_file.exists():
                # A cancelled take's manifest is written when it is cancelled, and never again.
                left = path.stat().st_mtime + KEPT_DAYS * DAY_S - at
                found.append(Kept(media_file, told, left))
    return sorted(found, key=lambda one: one.left_s, reverse=True)


def bring_back(media_file: Path) -> Path:
    """Make a cancelled take a recording again, in the folder it came from; NotKept when there is none."""
    try:
        told = manifest.read(media_file)
    except ManifestError as error:
        raise NotKept("This take cannot be brought back", error.detail, _HINT) from error
    if told.state is not TakeState.CANCELLED or not media_file.exists():
        detail = f"The take {media_file.name} is {told.state}."
        raise NotKept("This take cannot be brought back", detail, _HINT)
    target = _free(media_file.parent.parent / media_file.name)
    sounds = {path: stem_path(target, kind) for kind, path in stem_paths(media_file).items()}
    receipt = told.receipt and replace(told.receipt, sound_files=tuple(new.name for new in sounds.values()))
    # The file first: a manifest without a file is passed over everywhere, a file alone is found by nobody.
    manifest.write(media_file, replace(told, file=target.name, state=TakeState.FINISHED, receipt=receipt))
    for old, new in sounds.items():
        old.rename(new)
    media_file.rename(target)
    manifest.manifest_path(media_file).rename(manifest.manifest_path(target))
    return target


def sweep(folder: Path, now: float | None = None) -> list[Path]:
    """Remove what was cancelled more than `KEPT_DAYS` ago; what was removed. Never raises for the disk."""
    gone = []
    for one in kept(folder, now):
        if one.left_s <= 0:
            try:
                for sound in stem_paths(one.path).values():
                    sound.unlink()
                one.path.unlink()
                manifest.manifest_path(one.path).unlink()
            except OSError as error:
                log.warning("%s cannot be removed: %s", one.path.name, error)
            else:
                gone.append(one.path)
    return gone


_HINT = "`heddle recover --cancelled` lists what can be brought back."


def _free(path: Path) -> Path:
    target, number = path, 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return target
