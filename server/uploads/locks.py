"""One writer per recording, in this process and among all server processes over one data folder.

The lock between processes is one byte of one file, locked through the operating system: it dies with its
holder and leaves no files behind. A holder that hears nothing from its client gives way to whoever asks next:
a client whose connection broke comes back before the server has noticed.
"""

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from server.uploads.errors import UploadLocked

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

IDLE_S = 1.0  # silent for so long, a holder may be asked to give way
GIVE_WAY_S = 5.0


class Hold:
    """The right to write. The holder calls `touch` each time it starts to wait for bytes of its client."""

    def __init__(self) -> None:
        self.released = asyncio.Event()
        self._touched = _clock()
        self._patience: asyncio.Timeout | None = None
        self._gives_way = False

    def touch(self, patience: asyncio.Timeout) -> None:
        """`patience` is the time limit of the wait that begins."""
        self._touched = _clock()
        self._patience = patience
        if self._gives_way:
            patience.reschedule(self._touched)

    @property
    def idle_s(self) -> float:
        return _clock() - self._touched

    def give_way(self) -> None:
        """End the wait for bytes now, or the next one when it is at work."""
        self._gives_way = True
        if self._patience is not None and not self._patience.expired():
            with suppress(RuntimeError):  # the wait is over already, so the holder is at work
                self._patience.reschedule(_clock())


class Locks:
    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._holds: dict[str, Hold] = {}
        self._stopping = False

    def close(self) -> None:
        os.close(self._handle)

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[Hold]:
        """Raises UploadLocked when somebody else writes."""
        await self._make_idle_holder_give_way(name)
        if name in self._holds or not _lock(self._handle, _place(name)):
            raise UploadLocked("Another request is writing this upload.", headers={"Retry-After": "1"})
        hold = self._holds[name] = Hold()
        if self._stopping:
            hold.give_way()
        try:
            yield hold
        finally:
            del self._holds[name]
            _unlock(self._handle, _place(name))
            hold.released.set()

    def give_way(self) -> None:
        """All holders end, also those still to come: the server stops."""
        self._stopping = True
        for hold in self._holds.values():
            hold.give_way()

    async def settle(self, name: str) -> None:
        """Wait, not for long, until an idle holder has written down what it has."""
        await self._make_idle_holder_give_way(name)

    async def _make_idle_holder_give_way(self, name: str) -> None:
        hold = self._holds.get(name)
        if hold is None or hold.idle_s < IDLE_S:
            return
        hold.give_way()
        try:
            async with asyncio.timeout(GIVE_WAY_S):
                await hold.released.wait()
        except TimeoutError:
            return


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _place(name: str) -> int:
    """A byte of the lock file: 62 bits, so that two recordings never meet in practice."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 2


if sys.platform == "win32":

    def _lock(handle: int, place: int) -> bool:
        os.lseek(handle, place % (1 << 31), os.SEEK_SET)  # the C runtime counts in 32 bits
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int, place: int) -> None:
        os.lseek(handle, place % (1 << 31), os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:

    def _lock(handle: int, place: int) -> bool:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            return False
        return True

    def _unlock(handle: int, place: int) -> None:
        fcntl.lockf(handle, fcntl.LOCK_UN, 1, place)
