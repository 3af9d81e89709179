"""Says once a day that the disk is nearly full, while something can still be done about it."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from server.db import Database, now
from server.notifications import events

LOOK_EVERY_S = 600.0
# Of the disk, or as much again as the server wants to be free: whichever is more.
NEARLY_FULL = 0.05
TIMES_WANTED = 4


class Usage(NamedTuple):
    total: int
    free: int


class DiskWatch:
    def __init__(
        self,
        db: Database,
        folder: Path,
        wanted_bytes: int,
        *,
        usage: Callable[[Path], Usage] | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._db = db
        self._folder = folder
        self._wanted_bytes = wanted_bytes
        self._usage = usage or _of_disk
        self._clock = clock
        self._told: str | None = None

    async def look(self) -> bool:
        """Whether it has to be told now. After a restart it may be told again; people hear of it once."""
        usage = await asyncio.to_thread(self._usage, self._folder)
        day = self._clock().date().isoformat()
        if (
            usage.free >= max(NEARLY_FULL * usage.total, TIMES_WANTED * self._wanted_bytes)
            or self._told == day
        ):
            return False
        async with self._db.write() as session:
            events.storage_low(session, free_bytes=usage.free, total_bytes=usage.total, day=day)
        self._told = day
        return True


def _of_disk(folder: Path) -> Usage:
    found = shutil.disk_usage(folder)
    return Usage(found.total, found.free)
