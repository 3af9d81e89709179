"""A lock on the growing file that says "its recorder lives" and that the system drops with the process."""

from __future__ import annotations

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    # Far behind any byte of a recording: Windows keeps others from reading what is locked.
    _FAR = 1 << 62

    def lock(file: BinaryIO) -> bool:
        at = file.tell()
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(at)
        return True

else:
    import fcntl

    def lock(file: BinaryIO) -> bool:
        """Take the lock without waiting; False when another process holds it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
