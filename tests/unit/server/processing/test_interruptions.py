"""Work that ends before its time: deleted, cancelled, stopped, killed, broken down."""

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from server.db import now
from server.processing import sandbox
from server.processing.models import JobRow
from server.processing.protocol import Request
from server.processing.service import OWNER
from server.processing.states import JobStatus
from server.processing.steps import StepName
from tests.unit.server.processing.conftest import Bench, Open, files_of, until


@dataclass
class Held:
    """While `active`, the codec of a rendition waits for ever before it does anything."""

    pipe: Path
    active: bool = True
    folder: str = ""
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def codecs(self) -> list[psutil.Process]:
        """The processes that wait."""
        await asyncio.wait_for(self.begun.wait(), 60)
        found: list[psutil.Process] = []

        async def started() -> bool:
            for child in psutil.Process().children():
                with suppress(psutil.Error):
                    if child.cwd() == self.folder:
                        found.append(child)
            return bool(found)

        await until(started)
        return found


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    held = Held(tmp_path / "silence.mp4")
    os.mkfifo(held.pipe)

    async def run_child(request: Request, folder: Path, *more: Any, **named: Any) -> dict[str, Any]:
        if held.active and request.work == StepName.RENDITION:
            held.folder = str(folder)
            held.begun.set()
            request = replace(request, source=str(held.pipe))
        return await sandbox.run_child(request, folder, *more, **named)

    monkeypatch.setattr("server.processing.runner.run_child", run_child)
    return held


async def test_deleting_ends_the_work_and_removes_what_it_made(
    bench: Bench, recorded: bytes, held: Held
) -> None:
    recording_id = await bench.upload(recorded)
    codecs = await held.codecs()
    await bench.services.recordings.erase(recording_id)

    async def quiet() -> bool:
        return not bench.services.processing._runner._running

    await until(quiet)
    assert not any(codec.is_running() for codec in codecs)
    assert files_of(bench, recording_id) == set()


async def test_cancelling_ends_the_work_and_says_so(bench: Bench, recorded: bytes, held: Held) -> None:
    recording_id = await bench.upload(recorded)
    await held.codecs()
    await bench.services.processing.cancel(recording_id)
    jobs = await bench.done(recording_id)
    assert (jobs["rendition"].status, jobs["rendition"].error) == (JobStatus.FAILED, "Cancelled.")


async def test_stopping_gives_the_work_to_the_next_life(
    open_bench: Open, recorded: bytes, held: Held
) -> None:
    async with open_bench() as bench:
        recording_id = await bench.upload(recorded)
        await held.codecs()
        before = {job.step: job for job in await bench.services.processing.jobs_of(recording_id)}
    held.active = False
    async with open_bench() as bench:
        jobs = await bench.done(recording_id)
    assert (jobs["rendition"].status, jobs["rendition"].attempt) == (JobStatus.COMPLETED, 2)
    # Finished steps are not redone.
    assert jobs["probe"].completed_at == before[StepName.PROBE].completed_at


async def test_a_killed_codec_is_tried_again(bench: Bench, recorded: bytes, held: Held) -> None:
    bench.services.processing._runner._backoff = lambda _job: timedelta(0)
    recording_id = await bench.upload(recorded)
    codecs = await held.codecs()
    held.active = False
    for codec in codecs:
        codec.kill()
    jobs = await bench.done(recording_id)
    assert (jobs["rendition"].status, jobs["rendition"].attempt) == (JobStatus.COMPLETED, 2)


async def test_a_codec_that_always_breaks_down_ends_with_a_sentence(
    bench: Bench, recorded: bytes, held: Held
) -> None:
    bench.services.processing._runner._backoff = lambda _job: timedelta(0)
    recording_id = await bench.upload(recorded)
    for _ in range(3):
        codecs = await held.codecs()
        held.begun.clear()
        for codec in codecs:
            with suppress(psutil.NoSuchProcess):
                codec.kill()
    jobs = await bench.done(recording_id)
    assert (jobs["rendition"].status, jobs["rendition"].attempt) == (JobStatus.FAILED, 3)
    assert "broke down" in (jobs["rendition"].error or "")


async def test_a_job_of_a_killed_server_goes_on_at_once(open_bench: Open, recorded: bytes) -> None:
    """As kill -9 leaves it: held under a lease that is still good."""
    async with open_bench(workers=0) as bench:
        recording_id = await bench.upload(recorded)

        async def queued() -> bool:
            return bool(await bench.services.processing.jobs_of(recording_id))

        await until(queued)
        (job,) = await bench.services.processing.jobs_of(recording_id)
        async with bench.services.db.write() as session:
            row = await session.get(JobRow, job.id)
            assert row is not None
            row.status, row.lease_owner, row.fence, row.attempt = JobStatus.PROCESSING, OWNER, 1, 1
            row.lease_until = now() + timedelta(hours=1)
        leftover = bench.services.settings.data / "work" / f"{job.id}-1"
        await asyncio.to_thread(leftover.mkdir)
    async with open_bench() as bench:
        jobs = await bench.done(recording_id)
    assert jobs["probe"].status is JobStatus.COMPLETED
