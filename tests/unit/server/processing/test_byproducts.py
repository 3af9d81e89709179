"""What is made of a video beside the versions to play, as jobs of a running server."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import m3u8
import pytest
from PIL import Image

from server.processing.states import JobStatus
from tests.support.footage import RECORDED, every, shoot
from tests.unit.server.processing.conftest import Open, files_of

BESIDE = {
    "storyboard.jpg",
    "storyboard.vtt",
    "preview.webp",
    "preview.gif",
    "waveform.json",
    "download.mp4",
    "audio.m4a",
}


async def test_a_recording_gets_everything_a_viewer_may_want(open_bench: Open, films: Path) -> None:
    film = shoot(films / "all.mp4", every(2, 10), sound_s=2.0, options=RECORDED).read_bytes()
    async with open_bench(skip_steps="") as bench:
        recording_id = await bench.upload(film)
        jobs = await bench.done(recording_id)
        assert {job.status for job in jobs.values()} == {JobStatus.COMPLETED}
        assert files_of(bench, recording_id) == {"source.mp4", "poster.jpg", "scenes.json", *BESIDE}
        folder = bench.media / "recordings" / recording_id
        assert "storyboard.jpg#xywh=160,0,160,90" in (folder / "storyboard.vtt").read_text()
        assert (
            json.loads((folder / "waveform.json").read_text())["length"] == jobs["waveform"].result["points"]
        )
        with Image.open(BytesIO((folder / "preview.webp").read_bytes())) as preview:
            assert getattr(preview, "is_animated", False)
        assert jobs["storyboard"].files == tuple(
            f"recordings/{recording_id}/{name}" for name in ("storyboard.jpg", "storyboard.vtt")
        )


async def test_av1_is_offered_behind_the_versions_that_every_player_takes(
    open_bench: Open, recorded: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "server.processing.runner._WORTH", 9.0
    )  # nothing gets lighter than noise at this quality
    async with open_bench(av1_renditions=True) as bench:
        recording_id = await bench.upload(recorded)
        jobs = await bench.done(recording_id)
        assert jobs["av1"].status is JobStatus.COMPLETED
        assert jobs["av1"].files == (f"recordings/{recording_id}/av1.mp4",)
        recording = await bench.services.recordings.find(recording_id)
        streaming = bench.services.streaming
        plain = m3u8.loads((await streaming.master(recording)).plain.decode())
        assert [one.uri for one in plain.playlists] == ["video.m3u8", "360p.m3u8"]
        master = m3u8.loads((await streaming.master(recording, every_codec=True)).plain.decode())
        assert [one.uri for one in master.playlists] == ["video.m3u8", "360p.m3u8", "av1.m3u8"]
        codecs = [one.stream_info.codecs.partition(".")[0] for one in master.playlists]
        assert codecs == ["avc1", "avc1", "av01"]
        manifest = (await streaming.manifest(recording)).plain.decode()
        assert manifest.count('contentType="video"') == 2
        stream = await streaming.describe(recording, recording.user_id, "http://here")
        assert [one.name for one in stream.quality] == ["source", "360p", "av1"]


async def test_sound_alone_has_a_stream_and_no_poster(open_bench: Open, films: Path) -> None:
    sound = shoot(films / "talk.mp3", [], sound_s=2.0, sound_codec="libmp3lame").read_bytes()
    async with open_bench(skip_steps="download,waveform") as bench:
        recording_id = await bench.upload(sound)
        jobs = await bench.done(recording_id)
        assert {name: job.status for name, job in jobs.items()} == dict.fromkeys(
            ("probe", "normalise", "audio", "scenes"), JobStatus.COMPLETED
        )
        recording = await bench.services.recordings.find(recording_id)
        assert recording.status == "completed"
        assert recording.duration_s == pytest.approx(2.0, abs=0.1)
        outputs = await bench.services.processing.outputs_of(recording_id)
        assert outputs.poster_key is None
        assert outputs.streamable.duration_s == pytest.approx(2.0, abs=0.1)
        stream = await bench.services.streaming.describe(recording, recording.user_id, "http://here")
        assert stream.poster_url is None
        assert stream.playlist_url is not None
        assert stream.audio_url is not None
        master = await bench.services.streaming.master(recording)
        assert b'CODECS="mp4a.40.2"' in master.plain
        assert b"RESOLUTION" not in master.plain


async def test_a_step_that_fails_takes_nothing_from_the_others(
    open_bench: Open, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.processing import runner

    real = runner.run_child

    async def break_previews(request: Any, folder: Path, *more: Any, **named: Any) -> Any:
        if request.work == "preview":
            raise runner.ChildFailed(runner.Failure.UNREADABLE, "No preview", "It was a bad day")
        return await real(request, folder, *more, **named)

    monkeypatch.setattr(runner, "run_child", break_previews)
    film = shoot(films / "mute.mp4", every(1, 10), options=RECORDED).read_bytes()
    async with open_bench(skip_steps="waveform,audio,download") as bench:
        recording_id = await bench.upload(film)
        jobs = await bench.done(recording_id)
        assert jobs["preview"].status is JobStatus.FAILED
        assert jobs["preview"].error == "No preview: It was a bad day."
        assert jobs["storyboard"].status is JobStatus.COMPLETED
        recording = await bench.services.recordings.find(recording_id)
        assert recording.status == "completed"
