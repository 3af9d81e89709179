"""How a server takes uploads: with locks that other processes see, and a sweep of what was given up."""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack

from server.config import Settings
from server.db import Database
from server.ports.blobs import BlobStore
from server.recordings.service import Recordings
from server.rounds import Rounds
from server.uploads.endings import Probe
from server.uploads.locks import Locks
from server.uploads.service import Uploads

SWEEP_EVERY_S = 60.0


def open_uploads(
    settings: Settings,
    stack: AsyncExitStack,
    db: Database,
    blobs: BlobStore,
    recordings: Recordings,
    *,
    probe: Probe,
    expect: Callable[[], None],
) -> Uploads:
    """`probe` tells what has arrived; `expect` is called when a recording will be sent while it is made."""

    async def free_bytes() -> int:
        return (await asyncio.to_thread(shutil.disk_usage, settings.media_root)).free

    locks = Locks(settings.data / "uploads.lock")
    stack.callback(locks.close)
    uploads = Uploads(
        db,
        blobs,
        recordings,
        settings=settings,
        locks=locks,
        probe=probe,
        free_bytes=free_bytes,
        expect=expect,
    )
    Rounds("uploads-sweeper", uploads.sweep, every_s=SWEEP_EVERY_S).start(stack)
    return uploads
