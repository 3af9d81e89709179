"""A server whose workers run, and ways to put recordings into it."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from server.bus import Event
from server.config import SKIPPABLE, Settings
from server.identity.models import UserRow
from server.processing.schemas import Job
from server.recordings.events import source_key
from server.recordings.schemas import RecordingType, StartRecordingRequest
from server.wiring import Services, open_services
from tests.support.databases import put_migrated
from tests.support.media import make_recording

PATIENCE_S = 180.0


@dataclass
class Bench:
    """One life of a server, and what it told."""

    services: Services
    user_id: str
    heard: list[Event] = field(default_factory=list)

    @property
    def media(self) -> Path:
        return self.services.settings.media_root

    async def begin(self) -> str:
        """A recording without bytes."""
        request = StartRecordingRequest(recording_type=RecordingType.SCREEN, title="A film")
        return (await self.services.recordings.create(self.user_id, request)).id

    async def upload(self, data: bytes) -> str:
        """A recording whose bytes are all here."""
        recording_id = await self.begin()
        await self.services.blobs.append(source_key(recording_id), 0, data)
        await self.services.recordings.bytes_arrived(recording_id)
        await self.complete(recording_id, data)
        return recording_id

    async def complete(self, recording_id: str, data: bytes) -> None:
        digest = hashlib.sha256(data).hexdigest()
        await self.services.recordings.upload_completed(recording_id, len(data), digest, None)

    async def done(self, recording_id: str) -> dict[str, Job]:
        """The jobs by step, once none is left to do and the recording has heard of it."""

        async def over() -> bool:
            recording = await self.services.recordings.find(recording_id)
            jobs = await self.services.processing.jobs_of(recording_id)
            settled = recording is not None and recording.status in ("completed", "failed")
            return settled and bool(jobs) and all(job.status.over for job in jobs)

        await until(over)
        return {job.step.value: job for job in await self.services.processing.jobs_of(recording_id)}

    async def hear(self, event: Event) -> None:
        self.heard.append(event)

    def told(self, type_: str) -> list[dict[str, Any]]:
        return [event.data for event in self.heard if event.type == type_]


Open = Callable[..., Any]


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Looks now and then; fails after three minutes."""
    deadline = time.monotonic() + PATIENCE_S
    while not await happened():
        assert time.monotonic() < deadline, "it did not happen within three minutes"
        await asyncio.sleep(0.05)


@pytest.fixture
def open_bench(tmp_path: Path) -> Open:
    """Opens a server on the test's folder; again, and it is the next life of the same one."""
    put_migrated(tmp_path / "data")

    @asynccontextmanager
    async def opened(**more: Any) -> AsyncIterator[Bench]:
        values = {
            "data": tmp_path / "data",
            "workers": 1,
            "min_free_bytes": 0,
            "log_level": "error",
            # Each costs a process; test_byproducts.py has them all. Scenes are part of these stories.
            "skip_steps": ",".join(SKIPPABLE - {"scenes"}),
        } | more
        async with open_services(Settings(**values)) as services:
            bench = Bench(services, await _somebody(services))
            services.bus.subscribe(bench.hear)
            yield bench

    return opened


@pytest.fixture
async def bench(open_bench: Open) -> AsyncIterator[Bench]:
    async with open_bench() as bench:
        yield bench


@pytest.fixture
async def idle(open_bench: Open) -> AsyncIterator[Bench]:
    """A server that leaves its jobs lying."""
    async with open_bench(workers=0) as bench:
        yield bench


async def _somebody(services: Services) -> str:
    for user in await services.identity.users():
        return user.id
    row = UserRow(email="ann@example.org", username="ann", password_hash="-", role="owner")
    async with services.db.write() as session:
        session.add(row)
    return row.id


def files_of(bench: Bench, recording_id: str) -> set[str]:
    folder = bench.media / "recordings" / recording_id
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def recorded(films: Path) -> bytes:
    film = make_recording(films / "a.mp4", 3, size=(960, 540), fps=10, noise=True, quality=36)
    return film.read_bytes()


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    """No temporary file and no codec stays, however a test ends."""
    yield
    work = tmp_path / "data" / "work"
    assert not work.exists() or list(work.iterdir()) == []
    assert [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE] == []
