"""Makes exports and carries out erasures, one after the other."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from server.db import Database
from server.identity.accounts.avatars import Avatars
from server.identity.service import Identity
from server.ports.blobs import BlobStore
from server.recordings.service import Recordings
from server.takeout.erasure import Erasures
from server.takeout.exports import Exports

LOOK_EVERY_S = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Takeout:
    """What the module offers, opened together."""

    exports: Exports
    erasures: Erasures
    clerk: "Clerk"

    @classmethod
    def open(
        cls,
        db: Database,
        blobs: BlobStore,
        identity: Identity,
        recordings: Recordings,
        avatars: Avatars,
        *,
        folder: Path,
    ) -> "Takeout":
        exports = Exports(db, blobs, folder)
        erasures = Erasures(db, identity, recordings, avatars)
        return cls(exports, erasures, Clerk(db, exports, erasures))


class Clerk:
    def __init__(self, db: Database, exports: Exports, erasures: Erasures) -> None:
        self._exports = exports
        self._erasures = erasures
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        db.on_events(self._wake.set)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="takeout-clerk")

    async def stop(self) -> None:
        """Idempotent. What is under way begins again at the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        prune_at = 0.0
        while True:
            self._wake.clear()
            try:
                while await self._exports.make_next() or await self._erasures.carry_out_next():
                    pass
                # Any event wakes this task: what is old may wait a little.
                if time.monotonic() >= prune_at:
                    await self._exports.prune()
                    prune_at = time.monotonic() + LOOK_EVERY_S
            except Exception:  # noqa: BLE001 (logged; the next round tries again)
                _log.exception("takeout_failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._wake.wait()
