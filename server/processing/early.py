"""The first poster: made as soon as a growing recording has a picture, so that its link shows one."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from server.bus import Event
from server.db import Database
from server.processing import outcomes, plan, repository
from server.uploads.service import Uploads

_log = structlog.get_logger(__name__)

# Returns when the growing file of a recording can be decoded: True; False when that will not happen any more.
FirstFragment = Callable[[str], Awaitable[bool]]
# A recording may be paused before its first fragment; nothing is lost when nobody waits that long.
PATIENCE_S = 600.0


def first_fragment_of(uploads: Uploads) -> FirstFragment:
    """False for a file that is sent whole: it has its final poster as soon as it is here.

    A plain file, whose index comes last, never gets there: False when its upload ends.
    """

    async def wait(recording_id: str) -> bool:
        if not await uploads.growing(recording_id):
            return False
        index = await uploads.indexes.get(recording_id)
        while index is not None and not index.playable:
            if index.finished or index.gone:
                return False
            await index.changed(after=index.revision)
        return index is not None and not index.finished

    return wait


class Early:
    """Waits for first fragments in tasks of its own. After a restart only the final poster is made."""

    def __init__(self, db: Database, first_fragment: FirstFragment) -> None:
        self._db = db
        self._first_fragment = first_fragment
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def watch(self, event: Event) -> None:
        recording_id, user_id = event.recording_id, event.user_id
        if recording_id is None or user_id is None or recording_id in self._waiting:
            return
        task = asyncio.create_task(self._wait(recording_id, user_id), name="first-poster")
        self._waiting[recording_id] = task
        task.add_done_callback(lambda _: self._waiting.pop(recording_id, None))

    async def stop(self) -> None:
        tasks = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, recording_id: str, user_id: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                if await self._first_fragment(recording_id):
                    await self._enqueue(recording_id, user_id)
        except TimeoutError:
            return
        except Exception:  # noqa: BLE001 (a recording without an early poster is no less a recording)
            _log.exception("first_poster_failed", recording=recording_id)

    async def _enqueue(self, recording_id: str, user_id: str) -> None:
        async with self._db.write() as session:
            if await repository.of_recording(session, recording_id):
                return
            step = plan.at_first_fragment(recording_id)
            await outcomes.enqueue(session, recording_id, user_id, (step,))
