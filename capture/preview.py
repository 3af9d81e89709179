"""Pictures for a window of another process, through memory that both map.

A file (on Linux in `/dev/shm`, so it never reaches a disk) holds a ring of slots, and its name travels in an
event. The writer fills the slot after the newest one and never waits: with three slots a reader is overtaken
only if it takes longer than two pictures for a copy. Each slot has a seqlock: its sequence is odd while it is
being written, and a reader that finds another number after its copy than before throws the copy away.

All numbers are native, because both processes run on one machine, and each is stored at once:

    0   8 bytes  b"HDLPREV1"          32  newest sequence, 0 before the first picture
    8   slots                         40  1 once the writer is gone
    16  bytes of a slot               64  first slot
    slot: 0 sequence (2n complete, 2n-1 being written)  8 width  16 height  24 bytes of a row  32 time in ns
          64 rows of BGRA

The reader needs neither Qt nor a codec: `PreviewReader.read` gives bytes.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from capture.locks import lock

MAGIC = b"HDLPREV1"
HEADER = 64
SLOTS = 3
PREFIX = "heddle-preview-"
_TRIES = 4
_SLOTS, _SLOT_BYTES, _NEWEST, _CLOSED = 1, 2, 4, 5  # in words of 8 bytes
_SEQUENCE, _WIDTH, _HEIGHT, _STRIDE, _AT = range(5)


@dataclass(frozen=True, slots=True)
class PreviewFrame:
    """A whole picture: `height` rows of `stride` bytes, of which `width` times 4 are BGRA pixels.

    `at_ns` is the monotonic time the camera gave it at.
    """

    sequence: int
    width: int
    height: int
    stride: int
    at_ns: int
    pixels: bytes


class PreviewWriter:
    """Owns the memory; belongs to one thread. Pictures may be up to `width` by `height`."""

    def __init__(self, width: int, height: int, folder: Path | None = None) -> None:
        folder = folder or _folder()
        _sweep(folder)
        slot = HEADER + (width * height * 4 + 63 & ~63)
        handle, name = tempfile.mkstemp(prefix=PREFIX, dir=folder)  # readable by this user alone
        self.path = Path(name)
        self._file = os.fdopen(handle, "r+b")
        lock(self._file)
        self._file.truncate(HEADER + SLOTS * slot)
        self._map = mmap.mmap(self._file.fileno(), HEADER + SLOTS * slot)
        self._bytes = memoryview(self._map)
        self._words = self._bytes.cast("Q")
        self._slot, self._newest = slot, 0
        self._words[_SLOTS], self._words[_SLOT_BYTES] = SLOTS, slot
        self._bytes[: len(MAGIC)] = MAGIC  # last: who finds it finds the rest
        self.width, self.height = width, height

    def begin(self, width: int, height: int) -> memoryview:
        """Room for the next picture, `height` rows of `width` times 4 bytes; `commit` shows it."""
        if min(width, height) < 1 or width * height > self.width * self.height:
            raise ValueError(f"{width}x{height} does not fit into {self.width}x{self.height}")
        start = self._start(self._newest + 1)
        word = start // 8
        self._words[word + _SEQUENCE] = 2 * self._newest + 1
        self._words[word + _WIDTH], self._words[word + _HEIGHT] = width, height
        self._words[word + _STRIDE] = width * 4
        return self._bytes[start + HEADER : start + HEADER + width * height * 4]

    def commit(self, at: float) -> None:
        """Show what was written since `begin`; `at` is its monotonic time in seconds."""
        self._newest += 1
        word = self._start(self._newest) // 8
        self._words[word + _AT] = max(0, int(at * 1e9))
        self._words[word + _SEQUENCE] = 2 * self._newest
        self._words[_NEWEST] = self._newest

    def close(self) -> None:
        """Take the name away; who has mapped it keeps the last picture. Idempotent."""
        if self._file.closed:
            return
        self._words[_CLOSED] = 1
        self._words.release()
        with contextlib.suppress(BufferError):  # somebody still holds a row: the map goes with it
            self._bytes.release()
            self._map.close()
        self._file.close()
        with contextlib.suppress(OSError):  # Windows keeps it while a reader has it; the next writer sweeps
            self.path.unlink()

    def _start(self, sequence: int) -> int:
        return HEADER + sequence % SLOTS * self._slot


class PreviewReader:
    """The other side. OSError when there is no such memory, ValueError when it is something else."""

    def __init__(self, name: str | Path) -> None:
        with Path(name).open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._bytes = memoryview(self._map)
        if self._bytes[: len(MAGIC)] != MAGIC or len(self._bytes) % 8:
            self._bytes.release()
            self._map.close()
            raise ValueError(f"{name} holds no preview")
        self._words = self._bytes.cast("Q")

    @property
    def ended(self) -> bool:
        """Whether the writer has gone."""
        return bool(self._words[_CLOSED])

    def read(self, than: int = 0) -> PreviewFrame | None:
        """The newest picture if its sequence is above `than`. Never waits, and never gives a torn one."""
        for _ in range(_TRIES):
            newest = self._words[_NEWEST]
            if newest <= than:
                return None
            frame = self._copy(newest)
            if frame is not None:
                return frame
        return None

    def close(self) -> None:
        """Unmap it; idempotent."""
        self._words.release()
        self._bytes.release()
        self._map.close()

    def _copy(self, sequence: int) -> PreviewFrame | None:
        start = HEADER + sequence % self._words[_SLOTS] * self._words[_SLOT_BYTES]
        words = self._words
        if words[start // 8] != 2 * sequence:
            return None
        width, height, stride, at = (words[start // 8 + field] for field in (_WIDTH, _HEIGHT, _STRIDE, _AT))
        pixels = bytes(self._bytes[start + HEADER : start + HEADER + stride * height])
        if words[start // 8] != 2 * sequence:
            return None
        return PreviewFrame(sequence, width, height, stride, at, pixels)


def _folder() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - the system's shared memory, and mkstemp makes a private file in it
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def _sweep(folder: Path) -> None:
    """Remove what engines that were killed left: a living one holds a lock on its own."""
    for path in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            if lock(file):
                path.unlink()
