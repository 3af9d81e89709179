"""An exclusive lock that the operating system drops when its holder dies, however it dies.

Unlike a process number in a file it cannot be fooled by a number used again, and it works on all three
systems.
"""

import contextlib
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


LOOKED_AT_S = 0.3
_POLL_S = 0.01


class FileLock:
    """Non-blocking lock on a file of its own; children do not inherit it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, patience_s: float = 0.0) -> bool:
        """True when this object holds the lock now; False when another does, and did for `patience_s`.

        Whoever means to keep it has LOOKED_AT_S of patience: another process that asks whether it is held
        takes it for an instant.
        """
        deadline = time.monotonic() + patience_s
        while not self._acquire():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_S)  # a lock of another process tells nobody when it is free
        return True

    def _acquire(self) -> bool:
        if self._descriptor is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self, *, remove: bool = False) -> None:
        """Gives the lock back; idempotent. `remove` deletes the file, for locks that are used once."""
        if self._descriptor is None:
            return
        if remove:
            with contextlib.suppress(OSError):  # Windows keeps open files
                self.path.unlink()
        os.close(self._descriptor)
        self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Whether some living process holds the lock at `path`."""
    if not path.exists():
        return False
    lock = FileLock(path)
    if not lock.acquire():
        return True
    lock.release()
    return False
