"""One job from claim to result: the codec child and its limits, the lease while it runs, the outcome.

Results are written under the fence of the claim: the file takes its place and the row its result in one
transaction, and only if nobody else has the job by then. So a worker that was thought dead changes nothing.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from media.cuts import cuts_of
from media.errors import FragmentError
from media.fragments import scan
from server.bus import Bus
from server.db import Database
from server.ports.blobs import BlobError, BlobStore
from server.processing import events, outcomes, pieces, repository, requests
from server.processing.encoders import Encoders
from server.processing.growth import GrowthOf
from server.processing.helper import Helper
from server.processing.protocol import Failure, Request
from server.processing.sandbox import ChildFailed, run_child
from server.processing.schemas import FILES, NOT_WORTH_IT, VERSIONS, Job
from server.processing.spare import Spare
from server.processing.steps import KINDS, StepName

_log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
_HEARTBEAT_S = 5.0
# A lower version for slow lines must be lighter than the source by this much, or it is not kept.
_WORTH = 0.9
_LIGHTER = frozenset({StepName.RENDITION, StepName.AV1})
_MOST_FILES = 64
_TICK_S = 0.5  # progress reaches viewers at most twice a second


# Steps that are left out for the recording of a job.
Without = Callable[[Job], Awaitable[frozenset[str]]]


class _Abandoned(Exception):
    """The job is not ours any more: cancelled, deleted, or taken over."""


class Runner:
    """Runs jobs that were claimed. `folder` is for temporary files, on the file system of the blobs;
    `without` names steps that are not planned for what a job belongs to."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        blobs: BlobStore,
        *,
        folder: Path,
        builder: requests.Builder,
        encoders: Encoders,
        backoff: Callable[[Job], timedelta],
        without: Without,
    ) -> None:
        self._db = db
        self._bus = bus
        self._blobs = blobs
        self._folder = folder
        self._builder = builder
        self.encoders = encoders
        self._backoff = backoff
        self._without = without
        self.helpers: dict[StepName, Helper] = {}
        self.growth: GrowthOf | None = None
        self.spare = Spare()
        self._running: dict[str, tuple[Job, asyncio.Event]] = {}

    async def run(self, job: Job) -> None:
        """Ends with the row saying what came out. Cancelled, it gives the job back first."""
        folder = self._folder / f"{job.id}-{job.fence}"
        dropped = asyncio.Event()
        self._running[job.id] = job, dropped
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, mode=0o700)
            result = await self._while_held(job, folder, dropped)
            await self._succeeded(job, folder, result)
        except _Abandoned:
            await self._cancelled(job)
        except ChildFailed as failure:
            await self._failed(job, failure)
        except (BlobError, OSError) as problem:
            detail = getattr(problem, "strerror", None) or str(problem)
            await self._failed(job, ChildFailed(Failure.MACHINE, "The server could not do it now", detail))
        except asyncio.CancelledError:
            await self._release(job)
            raise
        finally:
            del self._running[job.id]
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def drop(self, recording_id: str, name: StepName | None = None) -> None:
        """Ends what runs for a recording, now; one step of it, if named."""
        for job, dropped in self._running.values():
            if job.recording_id == recording_id and name in (None, job.step, pieces.whole_of(job.step)):
                dropped.set()

    async def _while_held(self, job: Job, folder: Path, dropped: asyncio.Event) -> dict[str, Any]:
        """The result of the work, as long as the lease can be kept."""
        percent = [0.0]
        work = asyncio.create_task(self._work(job, folder, percent))
        lease = asyncio.create_task(self._keep_lease(job, percent, dropped))
        try:
            await asyncio.wait({work, lease}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            lease.result()
            raise _Abandoned
        finally:
            for task in (work, lease):
                task.cancel()
                with suppress(asyncio.CancelledError, ChildFailed, OSError):
                    await task

    async def _keep_lease(self, job: Job, percent: list[float], dropped: asyncio.Event) -> None:
        """Returns when the job is lost; until then renews the lease and tells of the progress."""
        told, beat = 0.0, asyncio.get_running_loop().time()
        while not await _within(dropped.wait(), _TICK_S):
            if percent[0] != told:
                told = percent[0]
                await self._bus.publish(events.on_the_way(job, told))
            now = asyncio.get_running_loop().time()
            if now - beat >= _HEARTBEAT_S:
                beat = now
                async with self._db.write(job.recording_id) as session:
                    if not await repository.heartbeat(session, job, LEASE, told):
                        return

    async def _work(self, job: Job, folder: Path, percent: list[float]) -> dict[str, Any]:
        def progress(fraction: float) -> None:
            percent[0] = round(fraction * 99, 1)

        async def told(message: dict[str, Any]) -> None:
            if helper is not None:
                await helper.told(job, message)

        async def run(request: Request) -> dict[str, Any]:
            growth = self.growth(job.recording_id) if request.follows and self.growth else None
            started = await self.spare.take() if KINDS[job.step].awaited else None
            return await run_child(request, folder, progress, on_told=told, growth=growth, process=started)

        helper = self.helpers.get(job.step)
        more = {} if helper is None else await helper.prepare(job)
        source = await self._blobs.fetch(job.input)
        request = await self._request(job, source, folder, more)
        return await self._looked_at(job, source, folder, await self.encoders.encode(request, run))

    async def _request(self, job: Job, source: Path, folder: Path, more: dict[str, Any]) -> Request:
        codec = "" if pieces.is_join(job) else KINDS[job.step].encodes
        if codec:
            more = {**more, "encoder": await self.encoders.choose(codec)}
        needs = [await self._blobs.fetch(key) for key in job.settings.get("needs", ())]
        return await asyncio.to_thread(self._builder.for_job, job, source, folder, more, needs)

    async def _looked_at(
        self, job: Job, source: Path, folder: Path, result: dict[str, Any]
    ) -> dict[str, Any]:
        """The result, when the files that go with it are what the child says. Raises ChildFailed."""
        if not job.output:
            _look_at(result)
            return await self._cut(job, source, result, result)
        names = names_of(job, result)
        sizes = await asyncio.to_thread(_settle, folder, names)
        if job.step in _LIGHTER:
            limit = _WORTH * await asyncio.to_thread(_size, source)
            names = [name for name, size in zip(names, sizes, strict=True) if size < limit]
            result[FILES] = names
        if not names:
            return {**result, NOT_WORTH_IT: True}
        if KINDS[job.step].video:
            # What came out must be readable from the start: that the child said so is not enough.
            result[VERSIONS] = await self._check(self._builder.check(folder, names), folder)
            result["facts"] = result[VERSIONS][names[0]]
        if job.step is StepName.NORMALISE:
            return await self._cut(job, folder / job.main, result["facts"], result)
        return result

    async def _cut(
        self, job: Job, file: Path, facts: dict[str, Any], result: dict[str, Any]
    ) -> dict[str, Any]:
        """Adds where the file may be cut, if versions of it will be made."""
        found = requests.facts_of(facts)
        if not job.essential or not found.streams_as_it_is:
            return result
        without = await self._without(job)
        kinds = [KINDS[whole] for whole in pieces.LADDERS if whole not in without]
        if not any(kind.wanted is not None and kind.wanted(found) for kind in kinds):
            return result
        return {**result, "index": await asyncio.to_thread(_index, file, self._builder.max_pixels)}

    async def _check(self, request: Request, folder: Path) -> dict[str, Any]:
        try:
            found = await run_child(request, folder)
            for name in request.settings["names"]:
                _look_at(found.get(name))
        except ChildFailed as failure:
            detail = f"What was made of it cannot be read ({failure.title})."
            raise ChildFailed(failure.kind, "The new version is broken", detail) from failure
        return found

    async def _succeeded(self, job: Job, folder: Path, result: dict[str, Any]) -> None:
        without = await self._without(job)
        async with self._db.write(job.recording_id) as session:
            row = await repository.held(session, job)
            if row is None:
                return
            if row.cancel_requested:
                events.status_changed(session, repository.cancel(row))
                return
            if job.output and NOT_WORTH_IT not in result and await outcomes.is_wanted(session, job):
                for name in names_of(job, result):
                    await self._blobs.put_file(f"{job.folder}/{name}", folder / name)
            await outcomes.completed(session, row, result, without=without)

    async def _failed(self, job: Job, failure: ChildFailed) -> None:
        _log.info("job_failed", job=job.id, step=job.step, kind=failure.kind, attempt=job.attempt)
        async with self._db.write(job.recording_id) as session:
            row = await repository.held(session, job)
            if row is None:
                return
            repository.note(row, failure.kind, failure.sentence, failure.said)
            if failure.kind.worth_another_try and job.attempt < job.max_attempts:
                events.status_changed(session, repository.retry(row, failure.sentence, self._backoff(job)))
            else:
                await outcomes.failed(session, row, failure.sentence)

    async def _cancelled(self, job: Job) -> None:
        async with self._db.write(job.recording_id) as session:
            row = await repository.held(session, job)
            if row is not None:
                events.status_changed(session, repository.cancel(row))

    async def _release(self, job: Job) -> None:
        async with self._db.write(job.recording_id) as session:
            row = await repository.held(session, job)
            if row is not None:
                await outcomes.released(session, row, spare_attempt=True)


async def _within(happens: Awaitable[bool], seconds: float) -> bool:
    try:
        return await asyncio.wait_for(happens, seconds)
    except TimeoutError:
        return False


def _look_at(facts: Any) -> None:
    """A child under foreign control says what it likes, but it does not get that into our tables."""
    try:
        requests.facts_of(facts)
    except (TypeError, ValueError) as nonsense:
        raise ChildFailed(Failure.CRASHED, "The video could not be processed", str(nonsense)) from nonsense


def _index(path: Path, max_pixels: int) -> dict[str, Any] | None:
    """Where the file may be cut, and how long its header is; None where nothing is to be cut."""
    try:
        with path.open("rb") as file:
            index = scan(file, max_pixels=max_pixels)
    except FragmentError:
        return None
    cuts = cuts_of(index.fragments, finished=True)
    return {"init": index.init_length, "cuts": [cut.as_dict() for cut in cuts]} if cuts else None


def _size(path: Path) -> int:
    return path.stat().st_size


def names_of(job: Job, result: dict[str, Any]) -> list[str]:
    """The files that the child says it has made; only names that its step may give."""
    names = result.get(FILES, [job.main])
    known = KINDS[job.step].may_make
    if not isinstance(names, list) or not all(isinstance(name, str) and known(name) for name in names):
        names = []
    if not 0 < len(set(names)) == len(names) <= _MOST_FILES:
        raise ChildFailed(Failure.CRASHED, "The video could not be processed", "Something else came out.")
    return names


def _settle(folder: Path, names: list[str]) -> list[int]:
    return [_settle_one(folder / name) for name in names]


def _settle_one(output: Path) -> int:
    """On disk before the transaction, which then only renames. A link in its place would be an attack."""
    handle = os.open(output, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(handle).st_size
        if size == 0:
            raise ChildFailed(Failure.CRASHED, "The video could not be processed", "Nothing came out of it.")
        if os.name != "nt":
            os.fsync(handle)
        return size
    finally:
        os.close(handle)
