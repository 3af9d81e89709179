"""Posters and previews on disk, so that the library has them at once and offline; the oldest make room."""

import contextlib
import hashlib
import os
import threading
from pathlib import Path

from desktop.models.library.items import Item, Standing
from uploader import paths

LIMIT_BYTES = 256 << 20
_ROOM = 0.9  # of the limit is left after making room, so that it is not made for each picture
_COUNT_EVERY = 50


class Pictures:
    """Files by what they show. Methods may be called from any thread."""

    def __init__(self, folder: Path | None = None, limit_bytes: int = LIMIT_BYTES) -> None:
        self.folder = folder or paths.home() / "pictures"
        self._limit = limit_bytes
        self._guard = threading.Lock()
        self._until_count = 0

    def find(self, name: str) -> Path | None:
        """A picture that is kept; it counts as used now."""
        path = self._path(name)
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def put(self, name: str, data: bytes) -> Path:
        """In one step: no half picture is ever found. OSError where the disk does not take it."""
        path = self._path(name)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
        part.write_bytes(data)
        part.replace(path)
        self._make_room()
        return path

    def _path(self, name: str) -> Path:
        return self.folder / hashlib.sha256(name.encode()).hexdigest()[:32]

    def _make_room(self) -> None:
        with self._guard:
            self._until_count -= 1
            if self._until_count > 0:
                return
            self._until_count = _COUNT_EVERY
            found = []
            for path in self.folder.iterdir():
                with contextlib.suppress(OSError):
                    told = path.stat()
                    found.append((told.st_mtime_ns, told.st_size, path))
            total = sum(size for _, size, _ in found)
            if total <= self._limit:
                return
            for _, size, path in sorted(found):
                with contextlib.suppress(OSError):
                    path.unlink()
                    total -= size
                if total <= self._limit * _ROOM:
                    return


def picture_name(item: Item, kind: str) -> str:
    """What a recording's picture is kept as: an early poster makes way for the chosen one."""
    early = "" if item.standing in (Standing.READY, Standing.LOCAL) else "early "
    return f"{early}{kind} of {item.anchor}"
