"""The way of events into the database: one writer takes all that wait and stores them in one transaction.

Whoever sent them is answered after the commit, so an answer means that it is kept. Under load more wait, the
transactions grow, and each event costs less. The queue has an end: beyond it the server says that it is busy.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.analytics.ledger import store
from server.analytics.schemas import Beacon
from server.db import Database
from server.errors import TooManyRequests

# Calls that may wait, and events in one transaction.
QUEUE = 1_000
BATCH = 500
# Two processes of one database may meet at a row; then one of them begins again.
TRIES = 3

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Waiting:
    beacons: Sequence[Beacon]
    done: "asyncio.Future[None]"


class Intake:
    def __init__(self, db: Database, threshold_ms: int) -> None:
        self._db = db
        self._threshold_ms = threshold_ms
        self._queue: asyncio.Queue[_Waiting | None] = asyncio.Queue(QUEUE)
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="analytics-intake")

    async def stop(self) -> None:
        """Stores what waits, then ends; idempotent."""
        self._stopped = True
        task, self._task = self._task, None
        if task is not None:
            await self._queue.put(None)
            await task

    async def put(self, beacons: Sequence[Beacon]) -> None:
        """Returns when they are stored. Raises TooManyRequests when too much waits already."""
        waiting = self._offer(beacons)
        if waiting is None:
            raise TooManyRequests(
                "The server is busy. Send these events again.", headers={"Retry-After": "5"}
            )
        await waiting.done

    def note(self, beacon: Beacon) -> None:
        """Does not wait, and loses the event when too much waits already."""
        waiting = self._offer([beacon])
        if waiting is not None:
            waiting.done.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _offer(self, beacons: Sequence[Beacon]) -> _Waiting | None:
        if self._stopped:
            return None
        waiting = _Waiting(beacons, asyncio.get_running_loop().create_future())
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull:
            return None
        return waiting

    async def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, count = [await self._queue.get()], 0
            while not self._queue.empty() and count < BATCH:
                batch.append(self._queue.get_nowait())
                count += len(batch[-1].beacons) if batch[-1] else 0
            stopping = None in batch
            await self._finish([one for one in batch if one is not None])

    async def _finish(self, batch: Sequence[_Waiting]) -> None:
        failure: Exception | None = None
        try:
            await self._store([beacon for one in batch for beacon in one.beacons])
        except Exception as problem:  # noqa: BLE001 (whoever waits is told)
            failure = problem
            _log.error(
                "analytics_not_stored", events=sum(len(one.beacons) for one in batch), exc_info=problem
            )
        for one in batch:
            if one.done.done():  # whoever waited has gone
                continue
            if failure is None:
                one.done.set_result(None)
            else:
                one.done.set_exception(failure)

    async def _store(self, beacons: Sequence[Beacon]) -> None:
        if not beacons:
            return
        try:
            await self._write(beacons)
        except IntegrityError:
            # A recording has just been deleted: the events of all others are still good.
            for about in _by_recording(beacons):
                try:
                    await self._write(about)
                except IntegrityError:
                    _log.info("analytics_of_nothing", recording=about[0].subject.recording_id)

    async def _write(self, beacons: Sequence[Beacon]) -> None:
        about = {beacon.subject.recording_id for beacon in beacons}
        for attempt in range(1, TRIES + 1):
            try:
                async with self._db.write(*about) as session:
                    await store(session, beacons, self._threshold_ms)
                    return
            except DBAPIError as problem:
                if attempt == TRIES or not (isinstance(problem, IntegrityError) or _met_another(problem)):
                    raise


def _met_another(problem: DBAPIError) -> bool:
    """A deadlock or a serialization failure, as SQL names them."""
    return getattr(problem.orig, "sqlstate", None) in ("40001", "40P01")


def _by_recording(beacons: Sequence[Beacon]) -> list[list[Beacon]]:
    grouped: defaultdict[str, list[Beacon]] = defaultdict(list)
    for beacon in beacons:
        grouped[beacon.subject.recording_id].append(beacon)
    return list(grouped.values())
