"""Makes exports and carries out erasures, one after the other."""

import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from server.db import Database, Waiting
from server.identity.accounts.avatars import Avatars
from server.identity.service import Identity
from server.ports.blobs import BlobStore
from server.recordings.service import Recordings
from server.rounds import Rounds
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
        self._prune_at = 0.0
        self.rounds = Rounds("takeout-clerk", self._round, every_s=LOOK_EVERY_S)
        db.on_commit(Waiting.TAKEOUTS, self.rounds.wake)

    async def _round(self) -> None:
        while await self._exports.make_next() or await self._erasures.carry_out_next():
            pass
        # Any event wakes this task: what is old may wait a little.
        if time.monotonic() >= self._prune_at:
            await self._exports.prune()
            self._prune_at = time.monotonic() + LOOK_EVERY_S
