"""An upload worker in the test's own process, and what becomes of its uploads."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from uploader.allowance import Allowed
from uploader.journal import Journal
from uploader.model import Upload
from uploader.retry import Backoff
from uploader.worker import Worker

QUICK = Backoff(base_s=0.02, cap_s=0.1, random=lambda: 1.0)
PATIENCE_S = 60.0


@asynccontextmanager
async def working(
    journal: Journal, backoff: Backoff = QUICK, allowed: Callable[[], Allowed] = Allowed
) -> AsyncIterator[Worker]:
    """A worker with a connection of its own, as in its own process."""
    with Journal(journal.path) as its_own:
        worker = Worker(its_own, stay=True, backoff=backoff, allowed=allowed)
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            worker.stop()
            await running


async def until(journal: Journal, upload_id: str, what: Callable[[Upload], bool]) -> Upload:
    """The row as soon as it is as wanted."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            row = journal.get(upload_id)
            if what(row):
                return row
            await asyncio.sleep(0.005)


async def ended(journal: Journal, upload_id: str) -> Upload:
    return await until(journal, upload_id, lambda row: row.ended)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
