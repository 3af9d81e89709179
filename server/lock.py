"""One server per data folder: a lock that ends with the process, however it ends."""

import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from server.errors import SetupError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class DataLock:
    """Held while the file is open. The lock itself says nothing; `server.json` beside it says who serves."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Raises SetupError when another process serves this folder."""
        file = (self._data / "server.lock").open("ab")
        try:
            _lock(file)
        except OSError as busy:
            file.close()
            raise self._refusal() from busy
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _refusal(self) -> SetupError:
        other = served(self._data)
        where = f" at {other['url']} by process {other['pid']}" if other else " by another process"
        return SetupError(
            "This data folder is served already",
            f"{self._data} is served{where}.",
            "Use that server, stop it first, or choose another folder with --data.",
        )


def served(data: Path) -> dict[str, Any] | None:
    """What `server.json` says of the running server, `{"url", "pid"}`."""
    try:
        said = json.loads((data / "server.json").read_text())
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and {"url", "pid"} <= said.keys() else None


def is_served(data: Path) -> bool:
    """Whether a process holds the lock right now."""
    if not (data / "server.lock").exists():
        return False
    lock = DataLock(data)
    try:
        lock.acquire()
    except SetupError:
        return True
    lock.release()
    return False


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        # flock, not a POSIX record lock: those end when any part of the process closes the file.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_card(data: Path, url: str) -> None:
    """`server.json`, for whoever looks for the server of this folder."""
    half = data / "server.json.half"
    half.write_text(json.dumps({"url": url, "pid": os.getpid()}) + "\n")
    half.replace(data / "server.json")


def remove_card(data: Path) -> None:
    (data / "server.json").unlink(missing_ok=True)
