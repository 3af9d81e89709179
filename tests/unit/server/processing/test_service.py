"""From the last byte of an upload to a finished video, with real workers and real codecs."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from media.fragments import Layout, scan
from server.bus import Event
from server.db import now
from server.errors import UnreadableMedia
from server.processing import sandbox
from server.processing.models import JobRow, MetadataRow
from server.processing.plan import JobType, Step, StepName
from server.processing.protocol import Request, Work
from server.processing.service import OWNER, Processing, backoff
from server.processing.states import JobStatus
from server.recordings.events import source_key
from tests.support.films import growing
from tests.support.footage import RECORDED, every, png_bomb, shoot
from tests.support.media import make_recording
from tests.unit.server.processing.conftest import Bench, Open, until


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


def files_of(bench: Bench, recording_id: str) -> set[str]:
    folder = bench.media / "recordings" / recording_id
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


async def metadata_of(bench: Bench, recording_id: str) -> MetadataRow:
    from sqlalchemy import select

    async with bench.services.db.read() as session:
        query = select(MetadataRow).where(MetadataRow.session_id == recording_id)
        return (await session.scalars(query)).one()


async def test_a_recording_becomes_complete_with_poster_and_lower_version(
    bench: Bench, recorded: bytes
) -> None:
    recording_id = await bench.upload(recorded)
    jobs = await bench.done(recording_id)
    assert {step: job.status.value for step, job in jobs.items()} == {
        "probe": "completed",
        "poster": "completed",
        "rendition": "completed",
    }
    recording = await bench.services.recordings.find(recording_id)
    assert recording is not None
    assert recording.status == "completed"
    assert recording.duration_s == pytest.approx(3.0, abs=0.1)
    assert files_of(bench, recording_id) == {"source.mp4", "poster.jpg", "360p.mp4"}
    outputs = await bench.services.processing.outputs_of(recording_id)
    assert outputs.streamable is None
    (rendition,) = outputs.renditions
    assert (rendition.name, rendition.width, rendition.height) == ("360p", 640, 360)
    row = await metadata_of(bench, recording_id)
    assert (row.width, row.height, row.codec, row.format) == (960, 540, "h264", "mp4")


async def test_a_lower_version_that_is_not_lighter_is_not_kept(
    bench: Bench, recorded: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.processing.runner._WORTH", 0.0)
    recording_id = await bench.upload(recorded)
    jobs = await bench.done(recording_id)
    assert jobs["rendition"].status is JobStatus.COMPLETED
    assert files_of(bench, recording_id) == {"source.mp4", "poster.jpg"}
    assert (await bench.services.processing.outputs_of(recording_id)).renditions == ()


async def test_the_owner_hears_of_every_step(bench: Bench, recorded: bytes) -> None:
    recording_id = await bench.upload(recorded)
    await bench.done(recording_id)

    async def processed() -> bool:
        return bool(bench.told("video_processed"))

    await until(processed)
    told = bench.told("processing.progress")
    assert {one["sessionId"] for one in told} == {recording_id}
    rendition = [one for one in told if one["jobType"] == "transcode"]
    assert [one["status"] for one in rendition if one["status"] != "processing"] == ["queued", "completed"]
    assert rendition[-1]["progress"] == 100
    assert set(bench.told("video_processed")[0]["outputs"]) == {"poster", "rendition"}


async def test_a_foreign_file_is_made_to_stream(bench: Bench, films: Path) -> None:
    film = shoot(films / "b.mkv", every(2, 10), codec="mpeg4", sound_s=2.0, sound_codec="flac")
    recording_id = await bench.upload(film.read_bytes())
    jobs = await bench.done(recording_id)
    assert set(jobs) == {"probe", "normalise", "poster"}
    path = bench.media / "recordings" / recording_id / "normalised.mp4"

    def layout() -> Layout:
        with path.open("rb") as file:
            return scan(file).layout

    assert await asyncio.to_thread(layout) is Layout.FRAGMENTED
    outputs = await bench.services.processing.outputs_of(recording_id)
    assert outputs.streamable is not None
    recording = await bench.services.recordings.find(recording_id)
    assert recording is not None
    assert recording.status == "completed"


@pytest.mark.parametrize("video", ["libx265", "libsvtav1"])
async def test_a_recording_in_another_codec_plays_everywhere_once_it_is_processed(
    bench: Bench, video: str
) -> None:
    recording_id = await bench.upload(growing(3.0, video=video))
    jobs = await bench.done(recording_id)
    assert jobs["normalise"].status is JobStatus.COMPLETED
    recording = await bench.services.recordings.find(recording_id)
    assert recording is not None
    master = await bench.services.streaming.master(recording)
    assert master is not None
    assert 'CODECS="avc1.' in master.plain.decode()
    assert "hvc1" not in master.plain.decode()


async def test_sound_alone_is_complete_without_a_poster(bench: Bench, films: Path) -> None:
    film = shoot(films / "sound.mp4", [], sound_s=2.0, options=RECORDED)
    recording_id = await bench.upload(film.read_bytes())
    assert set(await bench.done(recording_id)) == {"probe"}
    assert (await metadata_of(bench, recording_id)).codec == "aac"


@pytest.mark.parametrize("what", ["noise", "script", "picture", "torn"])
async def test_what_is_no_video_fails_with_a_sentence(bench: Bench, films: Path, what: str) -> None:
    data = {
        "noise": os.urandom(50_000),
        "script": f"ffconcat version 1.0\nfile '{films / 'a.mp4'}'\n".encode(),
        "picture": png_bomb(1_000),
        "torn": shoot(films / "plain.mp4", every(1)).read_bytes()[:2_000],
    }[what]
    recording_id = await bench.upload(data)
    jobs = await bench.done(recording_id)
    assert jobs["probe"].status is JobStatus.FAILED
    assert jobs["probe"].attempt == 1
    recording = await bench.services.recordings.find(recording_id)
    assert recording is not None
    assert recording.status == "failed"
    assert recording.error
    assert recording.error == jobs["probe"].error
    assert files_of(bench, recording_id) == {"source.mp4"}


async def test_a_failing_optional_step_leaves_the_video_watchable(
    bench: Bench, recorded: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Step(StepName.RENDITION, JobType.TRANSCODE, "nowhere.mp4", "r/out.mp4", {"kind": "mp4"})
    monkeypatch.setattr("server.processing.plan._rendition", lambda *_: (nothing,))
    bench.services.processing._runner._backoff = lambda _job: timedelta(0)
    recording_id = await bench.upload(recorded)
    jobs = await bench.done(recording_id)
    assert jobs["rendition"].status is JobStatus.FAILED
    assert jobs["rendition"].attempt == 3
    assert jobs["rendition"].error == "The server could not do it now: No such file or directory."
    recording = await bench.services.recordings.find(recording_id)
    assert recording is not None
    assert (recording.status, recording.error) == ("completed", None)


async def test_a_live_recording_has_a_poster_before_it_ends(bench: Bench, recorded: bytes) -> None:
    recording_id = await bench.begin()
    blobs, uploads = bench.services.blobs, bench.services.uploads
    await blobs.append(source_key(recording_id), 0, b"")
    index = uploads.indexes.begin(recording_id)
    await bench.services.recordings.bytes_arrived(recording_id)
    half = len(recorded) // 2
    await blobs.append(source_key(recording_id), 0, recorded[:half])
    await index.read_on(blobs.local_path(source_key(recording_id)), half)

    async def poster() -> bool:
        return "poster.jpg" in files_of(bench, recording_id)

    await until(poster)
    recording = await bench.services.recordings.find(recording_id)
    assert recording is not None
    assert recording.status == "recording"
    await blobs.append(source_key(recording_id), half, recorded[half:])
    await bench.complete(recording_id, recorded)
    jobs = await bench.done(recording_id)
    assert jobs["first-poster"].status is JobStatus.COMPLETED
    assert jobs["poster"].status is JobStatus.COMPLETED


async def test_an_event_heard_twice_is_done_once(bench: Bench, recorded: bytes) -> None:
    recording_id = await bench.upload(recorded)
    first = await bench.done(recording_id)
    (event,) = [one for one in bench.heard if one.type == "raw_video_uploaded"]
    await bench.services.processing.on_uploaded(event)
    assert await bench.done(recording_id) == first


async def test_another_upload_starts_from_nothing(bench: Bench, recorded: bytes) -> None:
    recording_id = await bench.upload(b"\0\0\0\x18ftypisom" + bytes(1_000))
    before = await bench.done(recording_id)
    await bench.services.blobs.append(source_key(recording_id), 0, recorded)
    await bench.services.recordings.bytes_arrived(recording_id)
    await bench.complete(recording_id, recorded)

    async def anew() -> bool:
        jobs = await bench.services.processing.jobs_of(recording_id)
        return bool(jobs) and jobs[0].id != before["probe"].id

    await until(anew)
    jobs = await bench.done(recording_id)
    assert jobs["rendition"].status is JobStatus.COMPLETED


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

    async def run_child(request: Request, folder: Path, *more: Any) -> dict[str, Any]:
        if held.active and request.work is Work.RENDITION:
            held.folder = str(folder)
            held.begun.set()
            request = replace(request, source=str(held.pipe))
        return await sandbox.run_child(request, folder, *more)

    monkeypatch.setattr("server.processing.runner.run_child", run_child)
    return held


async def test_deleting_ends_the_work_and_removes_what_it_made(
    bench: Bench, recorded: bytes, held: Held
) -> None:
    recording_id = await bench.upload(recorded)
    codecs = await held.codecs()
    await bench.services.recordings.delete(bench.user_id, recording_id)

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


async def test_a_worker_that_was_thought_dead_changes_nothing(bench: Bench, recorded: bytes) -> None:
    recording_id = await bench.upload(recorded)
    jobs = await bench.done(recording_id)
    processing: Any = bench.services.processing
    path = bench.media / "recordings" / recording_id / "poster.jpg"
    poster = await asyncio.to_thread(path.read_bytes)
    stale = jobs["poster"]
    await processing._runner.run(stale)
    assert await asyncio.to_thread(path.read_bytes) == poster
    assert (await bench.done(recording_id))["poster"] == stale


async def test_a_file_is_probed_on_request(idle: Bench, films: Path, recorded: bytes) -> None:
    processing: Processing = idle.services.processing
    facts = await processing.probe_file(films / "a.mp4")
    assert facts.streams_as_it_is
    assert await processing.duration_of(films / "a.mp4") == pytest.approx(3.0, abs=0.1)
    for data in (os.urandom(3_000), b"#EXTM3U\n#EXTINF:9,\n/etc/passwd\n", b"\0\0\0\x18ftypisom" + bytes(99)):
        bad = films / "bad.mp4"
        await asyncio.to_thread(bad.write_bytes, data)
        with pytest.raises(UnreadableMedia) as refusal:
            await processing.probe_file(bad)
        assert refusal.value.sentence.endswith(".")


async def test_a_deleted_recording_is_not_processed(idle: Bench) -> None:
    recording_id = await idle.begin()
    await idle.services.recordings.delete(idle.user_id, recording_id)
    event = Event(9, "raw_video_uploaded", recording_id, idle.user_id, {}, now())
    await idle.services.processing.on_uploaded(event)
    assert await idle.services.processing.jobs_of(recording_id) == []


def test_waiting_grows_with_the_attempts() -> None:
    class _Job:
        step = "rendition"
        attempt = 1

    job: Any = _Job()
    waits = []
    for job.attempt in (1, 2, 3, 9):
        waits.append(backoff(job).total_seconds())
    assert waits == [2.0, 8.0, 32.0, 60.0]
