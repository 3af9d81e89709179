"""Moves finished files to the object storage and keeps what stays on this machine within its limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import structlog

from server.bus import Event
from server.ports.blobs import Archive, BlobError

EVERY_S = 60.0
# Only video and sound leave, and only large ones: pictures and texts are read all the time and weigh nothing.
LEAVING = (".mp4", ".m4a")
SMALL_BYTES = 1 << 20
# Who plays or processes a file comes back within this time, and finds it still there.
UNUSED_S = 600.0

_log = structlog.get_logger(__name__)

# Whether a recording is complete and nobody works on it.
Settled = Callable[[str], Awaitable[bool]]


class Mover:
    """Starts with the server and goes round; whatever a crash interrupts is found again on the disk."""

    def __init__(self, blobs: Archive, settled: Settled, root: Path, spool_bytes: int) -> None:
        self._blobs = blobs
        self._settled = settled
        self._recordings = root / "recordings"
        self._spool_bytes = spool_bytes
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def on_processed(self, _event: Event) -> None:
        """A recording has all that can be made of it."""
        self._wake.set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="mover")

    async def stop(self) -> None:
        """Idempotent."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def move_all(self) -> None:
        """One round. A recording whose files cannot be moved now is tried again in the next."""
        settled = []
        for recording_id in await asyncio.to_thread(_names, self._recordings):
            if not await self._settled(recording_id):
                continue
            try:
                moved = await self._blobs.move_out(f"recordings/{recording_id}")
            except BlobError as problem:
                _log.warning("move_failed", recording=recording_id, reason=str(problem))
                continue
            settled.append(recording_id)
            if moved:
                _log.info("moved", recording=recording_id, bytes=moved)
        if self._spool_bytes:
            await self._make_room(settled)

    async def _make_room(self, settled: list[str]) -> None:
        """Frees what was not used for longest, until the rest fits."""
        files = await asyncio.to_thread(_files, self._recordings, settled)
        left = sum(size for _, size, _ in files)
        for used_at, size, key in sorted(files):
            if left <= self._spool_bytes:
                return
            leaving = key.endswith(LEAVING) and size >= SMALL_BYTES and used_at < time.time() - UNUSED_S
            if leaving and await self._blobs.evict(key):
                left -= size

    async def _run(self) -> None:
        while True:
            try:
                await self.move_all()
            except Exception:  # noqa: BLE001 (logged; whatever it is, the next round tries again)
                _log.exception("moving_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), EVERY_S)
            self._wake.clear()


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _files(root: Path, recordings: list[str]) -> list[tuple[float, int, str]]:
    """When each file was last read or made, its size, its key."""
    found = []
    for recording_id in recordings:
        for path in (root / recording_id).glob("[!.]*"):
            state = path.stat()
            used_at = max(state.st_atime, state.st_ctime)
            found.append((used_at, state.st_size, f"recordings/{recording_id}/{path.name}"))
    return found
