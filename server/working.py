"""`heddle-server worker`: processing alone, beside a server on the same data folder and database.

It claims jobs as the server's own workers do. When it dies, its leases run out and others take its jobs.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

from server import storage
from server.ai.service import Transcripts
from server.ai.transcription import Transcription
from server.bus import Bus
from server.config import Settings
from server.errors import SetupError
from server.lock import DataLock, is_served
from server.processing.service import Processing
from server.recordings.service import Recordings
from server.setup import make_folder, open_database, open_flags, prepare


def work(settings: Settings) -> None:
    """Blocks until SIGINT or SIGTERM. Raises SetupError when it cannot start."""
    if not settings.workers:
        raise SetupError("There is nothing to do", "HEDDLE_WORKERS is 0.", "Set it to 1 or more.")
    name = f"{socket.gethostname()[:30]}-{os.getpid()}-{uuid4().hex[:8]}"
    folder = settings.data / "workers" / name
    make_folder(folder)
    lock = DataLock(folder)
    lock.acquire()
    _remove_left_behind(folder.parent)
    try:
        asyncio.run(_work(settings, name))
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_behind(workers: Path) -> None:
    """Folders of workers that were killed: nobody holds their locks."""
    for folder in workers.iterdir():
        if (folder / "server.lock").exists() and not is_served(folder):
            shutil.rmtree(folder, ignore_errors=True)


async def _work(settings: Settings, name: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows ends with KeyboardInterrupt
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(prepare, settings)
        db, bus = open_database(settings), Bus()
        stack.push_async_callback(db.close)
        blobs = await storage.open_blobs(settings)
        recordings = Recordings(db, blobs)
        processing = Processing(
            db, bus, blobs, recordings, settings=settings, flags=open_flags(settings, db), owner=name
        )
        Transcription(
            db, bus, blobs, recordings, processing=processing, transcripts=Transcripts(db), settings=settings
        ).start()
        await processing.start()
        stack.push_async_callback(processing.stop)
        print(f"Heddle's worker {name} is ready", flush=True)  # noqa: T201 (what scripts wait for)
        await stop.wait()
