"""From the last byte of an upload to a finished video, with real workers and real codecs."""

import asyncio
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from media.fragments import Layout, scan
from server.bus import Event
from server.db import new_id, now
from server.errors import Conflict, NotFound, UnreadableMedia
from server.processing.models import MetadataRow
from server.processing.plan import Step
from server.processing.runner import names_of
from server.processing.sandbox import ChildFailed
from server.processing.service import Processing, backoff
from server.processing.states import JobStatus
from server.processing.steps import StepName
from server.recordings.events import source_key
from tests.support.films import growing
from tests.support.footage import RECORDED, every, png_bomb, shoot
from tests.unit.server.processing.conftest import Bench, files_of, until


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
        "scenes": "completed",
    }
    recording = await bench.services.recordings.find(recording_id)
    assert recording is not None
    assert recording.status == "completed"
    assert recording.duration_s == pytest.approx(3.0, abs=0.1)
    assert files_of(bench, recording_id) == {"source.mp4", "poster.jpg", "360p.mp4", "scenes.json"}
    outputs = await bench.services.processing.outputs_of(recording_id)
    assert outputs.streamable is None
    (rendition,) = outputs.renditions
    assert (rendition.name, rendition.width, rendition.height) == ("360p", 640, 360)
    row = await metadata_of(bench, recording_id)
    assert (row.width, row.height, row.codec, row.format) == (960, 540, "h264", "mp4")


async def test_scenes_and_silences_are_written_down(bench: Bench, recorded: bytes) -> None:
    recording_id = await bench.upload(recorded)
    jobs = await bench.done(recording_id)
    assert jobs["scenes"].result == {"scenes": 0, "silences": 0, "complete": True}
    path = bench.services.blobs.local_path(f"recordings/{recording_id}/scenes.json")
    seen = json.loads(await asyncio.to_thread(path.read_text))
    assert (seen["scenes"], seen["silences"], seen["complete"]) == ([], [], True)
    assert seen["duration"] == pytest.approx(3.0, abs=0.1)


async def test_a_lower_version_that_is_not_lighter_is_not_kept(
    bench: Bench, recorded: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.processing.runner._WORTH", 0.0)
    recording_id = await bench.upload(recorded)
    jobs = await bench.done(recording_id)
    assert jobs["rendition"].status is JobStatus.COMPLETED
    assert files_of(bench, recording_id) == {"source.mp4", "poster.jpg", "scenes.json"}
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
    assert set(jobs) == {"probe", "normalise", "poster", "scenes"}
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
    assert set(await bench.done(recording_id)) == {"probe", "scenes"}
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
    nothing = Step(StepName.RENDITION, "nowhere.mp4", "r/360p.mp4", {"kind": "mp4"})
    monkeypatch.setattr("server.processing.plan.after_probe", lambda *_, **__: (nothing,))
    bench.services.processing._runner._backoff = lambda _job: timedelta(0)
    recording_id = await bench.upload(recorded)
    jobs = await bench.done(recording_id)
    assert jobs["rendition"].status is JobStatus.FAILED
    assert jobs["rendition"].attempt == 3
    assert jobs["rendition"].error == "The server could not do it now: there is no nowhere.mp4."
    recording = await bench.services.recordings.find(recording_id)
    assert recording is not None
    assert (recording.status, recording.error) == ("completed", None)


async def test_a_step_is_requested_once_and_again_by_force(bench: Bench, recorded: bytes) -> None:
    processing: Processing = bench.services.processing
    with pytest.raises(NotFound):
        await processing.request(new_id(), StepName.POSTER)
    recording_id = await bench.upload(recorded)
    first = (await bench.done(recording_id))["poster"]
    assert await processing.request(recording_id, StepName.POSTER) == first
    second = await processing.request(recording_id, StepName.POSTER, settings={"words": ["a"]}, force=True)
    assert second.id != first.id
    assert second.settings["facts"] == first.settings["facts"]
    jobs = await bench.done(recording_id)
    assert (jobs["poster"].id, jobs["poster"].status) == (second.id, JobStatus.COMPLETED)


async def test_only_a_failed_step_is_tried_again(bench: Bench, recorded: bytes) -> None:
    processing: Processing = bench.services.processing
    recording_id = await bench.begin()
    with pytest.raises(NotFound):
        await processing.retry(recording_id, StepName.PROBE)
    with pytest.raises(Conflict):
        await processing.request(recording_id, StepName.RENDITION)
    await bench.services.blobs.append(source_key(recording_id), 0, b"\0\0\0\x18ftypisom" + bytes(1_000))
    await bench.complete(recording_id, recorded)
    assert (await bench.done(recording_id))["probe"].status is JobStatus.FAILED
    await bench.services.blobs.append(source_key(recording_id), 0, recorded)
    again = await processing.retry(recording_id, StepName.PROBE)
    assert (again.status, again.attempt) == (JobStatus.QUEUED, 0)

    async def complete() -> bool:
        recording = await bench.services.recordings.find(recording_id)
        return recording is not None and recording.status == "completed"

    await until(complete)
    await bench.done(recording_id)
    with pytest.raises(Conflict):
        await processing.retry(recording_id, StepName.PROBE)


@pytest.mark.parametrize("files", ["poster.jpg", [], ["source.mp4"], ["../x.jpg"], ["poster.jpg"] * 2, [1]])
def test_a_child_gets_no_other_file_into_the_folder(files: object) -> None:
    class _Job:
        step = StepName.POSTER
        main = "poster.jpg"

    job: Any = _Job()
    assert names_of(job, {}) == ["poster.jpg"]
    with pytest.raises(ChildFailed):
        names_of(job, {"files": files})


async def test_a_live_recording_has_a_poster_before_it_ends(bench: Bench, recorded: bytes) -> None:
    recording_id = await bench.begin()
    blobs, uploads = bench.services.blobs, bench.services.uploads
    await blobs.append(source_key(recording_id), 0, b"")
    index = uploads.indexes.begin(recording_id)
    bench.services.processing.expect()
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
    facts = await processing.prober.probe(films / "a.mp4")
    assert facts.streams_as_it_is
    assert await processing.prober.duration_of(films / "a.mp4") == pytest.approx(3.0, abs=0.1)
    for data in (os.urandom(3_000), b"#EXTM3U\n#EXTINF:9,\n/etc/passwd\n", b"\0\0\0\x18ftypisom" + bytes(99)):
        bad = films / "bad.mp4"
        await asyncio.to_thread(bad.write_bytes, data)
        with pytest.raises(UnreadableMedia) as refusal:
            await processing.prober.probe(bad)
        assert refusal.value.sentence.endswith(".")


async def test_a_deleted_recording_is_not_processed(idle: Bench) -> None:
    recording_id = await idle.begin()
    await idle.services.recordings.erase(recording_id)
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
