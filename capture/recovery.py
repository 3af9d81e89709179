"""After a crash: takes whose recorder is gone are counted and marked.

The file itself is never touched: it plays as it is up to its last whole fragment, and what an uploader sent
of it stays a prefix of it.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from capture import locks
from media import manifest
from media.errors import FragmentError, ManifestError
from media.fragments import FragmentParser, scan
from media.manifest import Manifest, TakeState

log = logging.getLogger(__name__)


def recover(folder: Path) -> list[Manifest]:
    """Mark every take in `folder` that was interrupted, and give their manifests, oldest first.

    Takes that are still being recorded, by whatever process, are left alone. Idempotent.
    """
    found = []
    for path in sorted(folder.glob("*.mp4.json")):
        media_file = path.with_name(path.name.removesuffix(".json"))
        try:
            marked = recover_file(media_file)
        except (ManifestError, OSError) as error:
            log.warning("%s cannot be recovered: %s", media_file.name, error)
            continue
        if marked is not None:
            found.append(marked)
    return sorted(found, key=lambda one: one.created_at)


def recover_file(media_file: Path) -> Manifest | None:
    """The new manifest of one interrupted take; None when it needed nothing."""
    before = manifest.read(media_file)
    if before.state is not TakeState.RECORDING:
        return None
    with media_file.open("rb") as file:
        if not locks.lock(file):
            return None  # its recorder lives
        index = _index(media_file, FragmentParser())
    after = replace(
        before,
        state=TakeState.INTERRUPTED,
        bytes_committed=index.fragments[-1].end if index.fragments else 0,
        fragments=len(index.fragments),
        duration_s=round(index.duration_s, 6),
        sha256=None,
    )
    manifest.write(media_file, after)
    return after


def _index(media_file: Path, empty: FragmentParser) -> FragmentParser:
    """What can be played. A broken structure counts as the end: whatever is behind it was never whole."""
    try:
        with media_file.open("rb") as file:
            return scan(file)
    except FragmentError as error:
        log.warning("%s ends in broken bytes: %s", media_file.name, error)
        return empty
