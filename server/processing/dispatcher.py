"""The embedded workers: tasks that claim jobs and run them, and one that takes back what others dropped.

The rows are the truth. A wake-up is only a hint that a look may be worth it; without any, they
look now and then.
"""

import asyncio
from collections import Counter

import structlog

from server.db import Database, now
from server.processing import events, outcomes, repository
from server.processing.runner import LEASE, Runner
from server.processing.schemas import Job
from server.processing.steps import Lane

_log = structlog.get_logger(__name__)

LOOK_EVERY_S = 5.0
SWEEP_EVERY_S = 10.0
_AFTER_TROUBLE_S = 1.0


class Workers:
    """`long` tasks encode; one more than that do the short steps, so that these never wait for an encode.
    One writes down what is said: a model of speech takes all the memory and processors it is let.
    `live` more listen along with recordings that are being made, and one does what nobody waits for.
    `look_every_s` is for workers that nobody wakes.
    """

    def __init__(
        self,
        db: Database,
        runner: Runner,
        *,
        owner: str,
        long: int,
        live: int = 1,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._db = db
        self._look_every_s = look_every_s
        self._runner = runner
        self._owner = owner
        self._lanes = (
            [*[Lane.SHORT] * (long + 1), *[Lane.LONG] * long, Lane.SPEECH, *[Lane.LIVE] * live, Lane.SPARE]
            if long
            else []
        )
        self._wakes: list[asyncio.Event] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def lanes(self) -> Counter[Lane]:
        return Counter(self._lanes)

    @property
    def any(self) -> bool:
        return bool(self._lanes)

    @property
    def alive(self) -> bool:
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def start(self) -> None:
        """What a former life of this owner held is free again at once: it cannot be working on it."""
        async with self._db.write() as session:
            for row in await repository.held_by(session, self._owner):
                await outcomes.released(session, row, spare_attempt=True)
        for number, lane in enumerate(self._lanes):
            wake = asyncio.Event()
            self._wakes.append(wake)
            self._tasks.append(asyncio.create_task(self._work(lane, wake), name=f"{lane}-worker-{number}"))
        if self._lanes:
            self._tasks.append(asyncio.create_task(self._sweep(), name="job-sweeper"))

    def wake(self) -> None:
        for wake in self._wakes:
            wake.set()

    async def stop(self) -> None:
        """Ends the children and gives their jobs back; idempotent."""
        tasks, self._tasks, self._wakes = self._tasks, [], []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, lane: Lane, wake: asyncio.Event) -> None:
        while True:
            wake.clear()
            try:
                job = await self._claim(lane)
                if job is not None:
                    await self._runner.run(job)
                    continue
                wait_s = await self._patience(lane)
            except Exception:  # noqa: BLE001 (whatever it was, the worker goes on)
                # A locked database or a full disk passes; the rows stay as they are.
                _log.exception("worker_in_trouble")
                wait_s = _AFTER_TROUBLE_S
            await _wait(wake, wait_s)

    async def _claim(self, lane: Lane) -> Job | None:
        # About nobody's rows but that which it locks: workers never wait for each other.
        async with self._db.write(self._owner) as session:
            job = await repository.claim(session, self._owner, lane, LEASE)
            if job is not None:
                events.status_changed(session, job)
            return job

    async def _patience(self, lane: Lane) -> float:
        async with self._db.read() as session:
            due = await repository.next_due(session, lane)
        if due is None:
            return self._look_every_s
        return min(self._look_every_s, max(0.01, (due - now()).total_seconds()))

    async def _sweep(self) -> None:
        while True:
            try:
                await self.sweep()
            except Exception:  # noqa: BLE001 (whatever it was, the worker goes on)
                _log.exception("sweeper_in_trouble")
            await asyncio.sleep(SWEEP_EVERY_S)

    async def sweep(self) -> int:
        """Takes back jobs whose worker fell silent; how many."""
        async with self._db.write() as session:
            rows = await repository.abandoned(session, now())
            for row in rows:
                await outcomes.released(session, row, spare_attempt=False)
        return len(rows)


async def _wait(wake: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await wake.wait()
    except TimeoutError:
        return
