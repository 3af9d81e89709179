"""The file that goes up: finished, or growing while a recorder appends to it.

It is opened for each read: an open handle would keep Windows from moving a cancelled recording away.
"""

import asyncio
import contextlib
import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from uploader.errors import SourceChangedError, SourceMissingError, SourceShorterError

POLL_S = 0.05  # a fragment waits 25 ms on average; a portable file watcher would not be quicker by much
READ_SIZE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a file goes; `ended` when it will go no further."""

    size: int
    ended: bool


class Source:
    """Bytes of an append-only file. `fingerprint` (size, mtime in ns) is checked for files that must not
    change.
    """

    def __init__(
        self, path: Path, *, growing: bool = False, fingerprint: tuple[int, int] | None = None
    ) -> None:
        self.path = path
        self.live = growing  # somebody may be watching, also after the recorder has stopped
        self._fingerprint = fingerprint
        self._ended = asyncio.Event()
        if not growing:
            self._ended.set()

    @property
    def growing(self) -> bool:
        return not self._ended.is_set()

    def end(self) -> None:
        """No more bytes will be written; what is there is all there is. Idempotent."""
        self._ended.set()

    def size(self) -> int | None:
        """Bytes there now; None while a growing file does not exist yet."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            if self.growing:
                return None
            raise SourceMissingError(str(self.path)) from None
        except OSError as error:
            raise SourceMissingError(f"{self.path}: {error.strerror or error}") from error
        if self._fingerprint not in (None, (status.st_size, status.st_mtime_ns)):
            raise SourceChangedError(str(self.path))
        return status.st_size

    async def beyond(self, offset: int) -> Reach:
        """Waits for bytes beyond `offset`, or for the file's end."""
        while True:
            ended = not self.growing  # asked before the size: what is written until the end is then seen
            size = self.size() or 0
            if size < offset:
                raise SourceShorterError(f"{self.path.name} has {size} bytes, the server has {offset}.")
            if size > offset or ended:
                return Reach(size, ended)
            await self._pause()

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), POLL_S)

    def read(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`. Blocks: call it in a thread."""
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(offset)
                data = file.read(count)
        except FileNotFoundError:
            raise SourceMissingError(str(self.path)) from None
        except OSError as error:
            raise SourceMissingError(f"{self.path}: {error.strerror or error}") from error
        if len(data) != count:
            raise SourceShorterError(f"{self.path.name} ends at {offset + len(data)}.")
        return data


class RunningDigest:
    """SHA-256 of a file from its beginning, fed with the bodies as they go up, caught up from disk
    otherwise.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._guard = threading.Lock()  # a read that was given up may still be running in its thread
        self.position = 0

    def feed(self, offset: int, data: bytes) -> None:
        """Takes `data` if it begins where the digest stands; other bytes are left for `catch_up`."""
        with self._guard:
            if offset == self.position:
                self._hash.update(data)
                self.position += len(data)

    def catch_up(self, source: Source, end: int) -> None:
        """Reads up to `end` from disk. Blocks: call it in a thread."""
        while self.position < end:
            self.feed(self.position, source.read(self.position, min(READ_SIZE, end - self.position)))

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def fingerprint_of(path: Path) -> tuple[int, int]:
    """Size and modification time (ns): what tells one version of a finished file from another."""
    status = os.stat(path)  # noqa: PTH116 - one call, the same on every platform
    return status.st_size, status.st_mtime_ns
