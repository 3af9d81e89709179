"""The growing file: whole fragments appended and synced, nothing ever rewritten; its manifest beside it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from capture import health, locks
from capture.errors import DiskFull, OutputRefused, WriteFailed
from capture.health import Health
from media import manifest
from media.manifest import Manifest, TakeState
from media.muxer import Chunk

# Kept free so that the manifest, and whatever else lives on this disk, can still be written at the end.
RESERVE_BYTES = 1 << 20
LOW_BYTES = 500_000_000
MANIFEST_EVERY_S = 0.5
CANCELLED_FOLDER = "cancelled"


class OutputFile:
    """One take on disk. Its calls come from one thread at a time; the properties may be read anywhere.

    `pauses` tells the pauses so far, `tell` takes health events.
    """

    def __init__(
        self,
        path: Path,
        first: Manifest,
        pauses: Callable[[], tuple[tuple[float, float], ...]],
        tell: Callable[[Health], None],
    ) -> None:
        self.path = path
        self._manifest = first
        self._pauses = pauses
        self._tell = tell
        self._hash = hashlib.sha256()
        self._written_at = 0.0
        self._low_told = False
        self._finished = False
        self._file = _create(path)
        self._save(sync=True)
        _sync_folder(path.parent)

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def append(self, chunk: Chunk) -> None:
        """Put whole fragments on disk. DiskFull or WriteFailed when that fails; what is on disk stays."""
        self._check_room(len(chunk.data))
        self._write(chunk.data)
        state = self._manifest
        end = max((part.start_s + part.duration_s for part in chunk.fragments), default=state.duration_s)
        self._manifest = replace(
            state,
            bytes_committed=state.bytes_committed + len(chunk.data),
            fragments=state.fragments + len(chunk.fragments),
            duration_s=round(end, 6),
            pauses=self._pauses(),
        )
        if time.monotonic() - self._written_at >= MANIFEST_EVERY_S * 0.9:
            # Without sync: the manifest may be behind the file after a power loss, never ahead.
            self._save(sync=False)

    def finish(self, state: TakeState = TakeState.FINISHED) -> Manifest:
        """Close the file and say in the manifest how it ended. More calls change nothing."""
        if self._finished:
            return self._manifest
        self._finished = True
        self._file.close()
        self._manifest = replace(
            self._manifest, state=state, sha256=self._hash.hexdigest(), pauses=self._pauses()
        )
        self._save(sync=True)
        if state is TakeState.CANCELLED:
            self.path = _put_aside(self.path)
        return self._manifest

    def discard(self) -> None:
        """Take away a file into which nothing was written; `finish` does nothing after that."""
        if not self._finished:
            self._finished = True
            self._file.close()
            for path in (self.path, manifest.manifest_path(self.path)):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                count = self._file.write(view)
                self._hash.update(view[:count])
                view = view[count:]
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _write_error(error, self.path) from error

    def _check_room(self, size: int) -> None:
        try:
            left = shutil.disk_usage(self.path.parent).free
        except OSError:
            return  # no answer is no reason to stop
        if left < size + RESERVE_BYTES:
            raise _disk_full(self.path, f"{left // 1000} kB are left on the disk")
        if left < LOW_BYTES and not self._low_told:
            self._low_told = True
            self._tell(health.disk_low(left))

    def _save(self, *, sync: bool) -> None:
        self._written_at = time.monotonic()
        # A manifest that cannot be written costs nothing: recovery reads the file itself.
        with contextlib.suppress(OSError):
            manifest.write(self.path, self._manifest, sync=sync)


def _create(path: Path) -> io.FileIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("xb", buffering=0)
    except FileExistsError as error:
        raise OutputRefused(
            "This file is there already", str(path), "Name another file: a recording never overwrites one."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(path, "nothing can be written there") from error
        raise OutputRefused(
            "The recording cannot be written there",
            f"{path}: {error.strerror}",
            "Name a folder you may write to.",
        ) from error
    locks.lock(file)
    return file


def _write_error(error: OSError, path: Path) -> DiskFull | WriteFailed:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full(path, "the disk took no more")
    return WriteFailed(
        "The recording could not be written any further",
        f"{path.name}: {error.strerror}.",
        "Everything up to here is kept and plays. Check the disk before you record again.",
    )


def _disk_full(path: Path, detail: str) -> DiskFull:
    return DiskFull(
        "The disk is full, the recording has ended",
        f"{detail[0].upper()}{detail[1:]} ({path.parent}).",
        "Everything up to here is kept and plays. Make room before you record again.",
    )


def _put_aside(path: Path) -> Path:
    """Move a cancelled take where no list of recordings looks, but its owner still finds it."""
    folder = path.parent / CANCELLED_FOLDER
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    manifest.manifest_path(path).rename(manifest.manifest_path(target))
    path.rename(target)
    return target


def _sync_folder(folder: Path) -> None:
    """The file's name must survive a power loss too. Windows has no such call and needs none."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
