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
from dataclasses import dataclass, replace
from pathlib import Path

from capture import health, locks
from capture.aside import put_aside
from capture.errors import DiskFull, OutputRefused, WriteFailed
from capture.health import Health
from media import manifest
from media.manifest import Manifest, Marker, Receipt, TakeState, within
from media.muxer import Chunk

# Kept free so that the manifest, and whatever else lives on this disk, can still be written at the end.
RESERVE_BYTES = 1 << 20
LOW_BYTES = 500_000_000
MANIFEST_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Notes:
    """What the manifest says about a take beside its bytes; each is asked again at every writing."""

    pauses: Callable[[], tuple[tuple[float, float], ...]]
    markers: Callable[[], tuple[Marker, ...]] = tuple


class OutputFile:
    """One take on disk. Its calls come from one thread at a time; the properties may be read anywhere.

    `tell` takes health events. A disk with less than `min_free` bytes left makes the file `short_of_room`;
    one that had no more when the take began is written to until it is full: somebody wanted that.
    """

    def __init__(
        self, path: Path, first: Manifest, notes: Notes, tell: Callable[[Health], None], min_free: int = 0
    ) -> None:
        self.path = path
        self._manifest = first
        self._notes = notes
        self._tell = tell
        self._min_free = min_free
        self.short_of_room: int | None = None  # bytes left, once they are too few
        self._hash = hashlib.sha256()
        self._written_at = 0.0
        self._low_told = False
        self._finished = False
        self._file = _create(path)
        if (left := _free_bytes(path)) is not None and left <= min_free:
            self._min_free = 0
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
            pauses=self._notes.pauses(),
            markers=self._notes.markers(),
        )
        if time.monotonic() - self._written_at >= MANIFEST_EVERY_S * 0.9:
            # Without sync: the manifest may be behind the file after a power loss, never ahead.
            self._save(sync=False)

    def finish(self, state: TakeState = TakeState.FINISHED, receipt: Receipt | None = None) -> Manifest:
        """Close the file and say in the manifest how it ended. More calls change nothing."""
        if self._finished:
            return self._manifest
        self._finished = True
        self._file.close()
        self._manifest = replace(
            self._manifest,
            state=state,
            sha256=self._hash.hexdigest(),
            pauses=self._notes.pauses(),
            markers=within(self._notes.markers(), self._manifest.duration_s),
            receipt=receipt,
        )
        self._save(sync=True)
        if state is TakeState.CANCELLED:
            self.path = put_aside(self.path)
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
        left = _free_bytes(self.path)
        if left is None:
            return  # no answer is no reason to stop
        if left < size + RESERVE_BYTES:
            raise _disk_full(self.path, f"{left // 1000} kB are left on the disk")
        if left - size < self._min_free:
            self.short_of_room = left
        if left < max(LOW_BYTES, 2 * self._min_free) and not self._low_told:
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


def _free_bytes(path: Path) -> int | None:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return None


def _sync_folder(folder: Path) -> None:
    """The file's name must survive a power loss too. Windows has no such call and needs none."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
