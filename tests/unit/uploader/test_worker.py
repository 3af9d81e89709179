"""The worker in this process, against a server over real HTTP that fails on demand."""

import asyncio
import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from media import manifest
from media.manifest import Manifest, Marker, TakeState
from tests.support.double import Double
from tests.support.working import digest, ended, until, working
from uploader.journal import Journal
from uploader.states import UploadEvent, UploadState
from uploader.worker import Worker

S = UploadState


async def test_a_file_goes_up_and_is_compared(server: Double, journal: Journal, video: Path) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False, settings={"fps": 30})
    async with working(journal):
        row = await ended(journal, upload_id)
    assert row.state is S.DONE
    assert row.sha256 == row.server_sha256 == digest(video)
    assert (row.offset, row.size, row.sent_bytes) == (300_000,) * 3
    (recording,) = server.recordings.values()
    assert recording["settings"] == {"fps": 30, "clientId": upload_id}
    assert row.share_url == recording["shareUrl"]
    assert row.created_at <= (row.link_at or 0) <= (row.done_at or 0)
    assert server.controls == []


async def test_a_link_is_there_before_the_first_byte_and_bytes_follow_the_recorder(
    server: Double, journal: Journal, tmp_path: Path
) -> None:
    path = tmp_path / "live.mp4"
    async with working(journal):
        upload_id = journal.add(path, title="Live", server=server.url, growing=True)
        row = await until(journal, upload_id, lambda row: row.link_at is not None)
        assert (row.link_at or 0) - row.created_at < 0.3
        for number in range(1, 4):
            with path.open("ab") as file:
                file.write(os.urandom(50_000))
            await until(journal, upload_id, lambda row, size=number * 50_000: row.offset == size)
        journal.finish(upload_id)
        row = await ended(journal, upload_id)
    assert row.state is S.DONE
    assert row.server_sha256 == digest(path)
    assert server.patch_sizes == [50_000, 50_000, 50_000, 0]


async def test_the_recorders_pauses_reach_the_server(
    server: Double, journal: Journal, tmp_path: Path
) -> None:
    path = tmp_path / "live.mp4"
    path.write_bytes(b"begun")
    async with working(journal):
        upload_id = journal.add(path, title="Live", server=server.url, growing=True)
        await until(journal, upload_id, lambda row: row.offset == 5)
        journal.want(upload_id, "paused")
        await until(journal, upload_id, lambda row: row.told == "paused")
        journal.want(upload_id, "recording")
        await until(journal, upload_id, lambda row: row.told == "recording")
        journal.finish(upload_id)
        row = await ended(journal, upload_id)
    assert server.controls == ["pause", "resume"]  # the end of the bytes says the rest
    assert row.playlist_url == f"{server.url}/live/{row.recording_id}.m3u8"


async def test_the_recorders_markers_reach_the_server_and_fail_no_upload(
    server: Double, journal: Journal, tmp_path: Path
) -> None:
    marked = Manifest("m", "x", "T", TakeState.FINISHED, "2026-01-01T00:00:00Z", 2, 2, 30, "e", "h264", None)
    paths = [tmp_path / "taken.mp4", tmp_path / "refused.mp4"]
    for path in paths:
        path.write_bytes(os.urandom(1000))
        manifest.write(
            path, replace(marked, duration_s=3.0, markers=(Marker(2.5, "Here"), Marker(3.2, "Lost")))
        )
    async with working(journal):
        first = await ended(journal, journal.add(paths[0], title="T", server=server.url, growing=False))
        server.fail("PUT", "/api/v1/recordings/", 422)
        second = await ended(journal, journal.add(paths[1], title="T", server=server.url, growing=False))
    assert (first.state, second.state) == (S.DONE, S.DONE)
    told = [recording.get("markers") for recording in server.recordings.values()]
    assert told == [[{"time": 2.5, "title": "Here"}, {"time": 3.0, "title": "Lost"}], None]


async def test_the_playlist_is_asked_for_until_there_is_one(
    server: Double, journal: Journal, tmp_path: Path
) -> None:
    server.fail("GET", "/api/v1/streams/", 404)
    async with working(journal):
        upload_id = journal.add(tmp_path / "live.mp4", title="Live", server=server.url, growing=True)
        row = await until(journal, upload_id, lambda row: row.playlist_url is not None)
    assert row.playlist_url == f"{server.url}/live/{row.recording_id}.m3u8"


async def test_a_stop_is_told_when_the_bytes_take_long(
    server: Double, journal: Journal, tmp_path: Path
) -> None:
    path = tmp_path / "live.mp4"
    path.write_bytes(bytes(400_000))
    async with working(journal):
        upload_id = journal.add(path, title="T", server=server.url, growing=True, limit_bps=200_000)
        await until(journal, upload_id, lambda row: row.recording_id is not None)
        journal.finish(upload_id)
        await ended(journal, upload_id)
    assert server.controls == ["stop"]


@pytest.mark.parametrize("status", [500, 503, 507, 429, 423, 460])
async def test_what_may_pass_is_tried_again(
    server: Double, journal: Journal, video: Path, status: int
) -> None:
    for method, path in [
        ("POST", "/api/v1/uploads"),
        ("PATCH", "/api/v1/uploads/"),
        ("HEAD", "/api/v1/uploads/"),
    ]:
        server.fail(method, path, status, times=2)
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    async with working(journal):
        row = await ended(journal, upload_id)
    assert (row.state, row.attempt, row.error) == (S.DONE, 0, None)
    assert len(server.recordings) == 1


async def test_a_lost_answer_does_not_make_a_second_recording(
    server: Double, journal: Journal, video: Path
) -> None:
    server.fail("POST", "/api/v1/recordings", 502, after=True)
    server.fail("POST", "/api/v1/uploads", 502, after=True)
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    async with working(journal):
        row = await ended(journal, upload_id)
    assert row.state is S.DONE
    assert list(server.recordings) == [row.recording_id]
    assert hashlib.sha256(server.the_upload().data).hexdigest() == digest(video)


@pytest.mark.parametrize("found_on", [1, 2])
async def test_a_recording_made_before_a_crash_is_found_by_its_client_id(
    server: Double, journal: Journal, video: Path, found_on: int
) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    journal.advance(upload_id, UploadEvent.START)  # and then the worker died, after the request had left
    mine = {
        "id": "mine",
        "status": "preparing",
        "settings": {"clientId": upload_id},
        "shareUrl": "s",
        "sha256": None,
    }
    server.recordings = {"mine": mine}
    for number in range((found_on - 1) * 100):
        server.recordings[str(number)] = {"id": str(number), "status": "completed", "settings": {}}
    async with working(journal):
        row = await ended(journal, upload_id)
    assert (row.state, row.recording_id) == (S.DONE, "mine")
    assert server.count("POST", "/api/v1/recordings") == 0


@pytest.mark.parametrize("status", [400, 403, 413, 415, 422])
async def test_a_refusal_is_final_and_in_the_servers_words(
    server: Double, journal: Journal, video: Path, status: int
) -> None:
    server.fail("PATCH", "/api/v1/uploads/", status, sentence="This is no video.")
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    async with working(journal):
        row = await ended(journal, upload_id)
    assert row.state is S.FAILED
    words = {"title": "The server refuses this upload", "detail": "This is no video.", "hint": ""}
    assert row.error == {**words, "code": "told"}
    assert server.count("PATCH", "/") == 1


async def test_an_upload_that_the_server_dropped_begins_again_for_the_same_recording(
    server: Double, journal: Journal, video: Path
) -> None:
    server.fail("PATCH", "/api/v1/uploads/", 404)
    server.fail("HEAD", "/api/v1/uploads/", 410)
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    async with working(journal):
        row = await ended(journal, upload_id)
    assert row.state is S.DONE
    assert len(server.recordings) == 1
    assert server.count("POST", "/api/v1/uploads") == 2


async def test_a_finished_upload_that_was_tidied_up_is_not_sent_again(
    server: Double, journal: Journal, video: Path
) -> None:
    video.write_bytes(bytes(100_000))  # noqa: ASYNC240 - one request
    server.fail("PATCH", "/api/v1/uploads/", 502, after=True)
    server.fail("HEAD", "/api/v1/uploads/", 404)
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    async with working(journal):
        row = await ended(journal, upload_id)
    assert row.state is S.DONE
    assert server.count("POST", "/api/v1/uploads") == 1


async def test_a_recording_deleted_on_the_server_ends_the_upload(
    server: Double, journal: Journal, video: Path
) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False, limit_bps=100_000)
    async with working(journal):
        await until(journal, upload_id, lambda row: row.state is S.SENDING)
        server.recordings.clear()
        server.uploads.clear()
        row = await ended(journal, upload_id)
    assert row.state is S.FAILED
    assert (row.error or {})["title"] == "The recording was deleted on the server"


async def test_a_copy_that_differs_is_reported(server: Double, journal: Journal, video: Path) -> None:
    server.damage_digest = True
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    async with working(journal):
        row = await ended(journal, upload_id)
    assert row.state is S.FAILED
    assert (row.error or {})["title"] == "The server's copy differs from the file"
    assert (row.sha256, row.server_sha256) == (digest(video), "0" * 64)


async def test_cancelling_removes_what_the_server_has(server: Double, journal: Journal, video: Path) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False, limit_bps=50_000)
    async with working(journal):
        await until(journal, upload_id, lambda row: row.state is S.SENDING)
        journal.cancel(upload_id)
        row = await ended(journal, upload_id)
    assert row.state is S.CANCELLED
    assert (server.recordings, server.uploads) == ({}, {})
    assert digest(video)  # the file stays


async def test_what_never_reached_a_server_can_be_cancelled(journal: Journal, video: Path) -> None:
    upload_id = journal.add(video, title="T", server="http://127.0.0.1:1", growing=False)
    async with working(journal):
        await until(journal, upload_id, lambda row: row.error is not None)
        journal.cancel(upload_id)
        row = await ended(journal, upload_id)
    assert row.state is S.CANCELLED


async def test_two_files_go_at_once_and_a_recording_goes_besides(
    server: Double, journal: Journal, tmp_path: Path
) -> None:
    ids = []
    for name in ("a", "b", "c"):
        path = tmp_path / name
        path.write_bytes(bytes(300_000))
        ids.append(journal.add(path, title=name, server=server.url, growing=False, limit_bps=200_000))
    live = journal.add(tmp_path / "live", title="live", server=server.url, growing=True)
    async with working(journal):
        for upload_id in (live, *ids[:2]):
            await until(journal, upload_id, lambda row: row.state is S.SENDING)
        assert [journal.get(number).state for number in ids] == [S.SENDING, S.SENDING, S.QUEUED]
        (tmp_path / "live").write_bytes(b"x")
        journal.finish(live)
        assert (await ended(journal, live)).state is S.DONE
        assert (await ended(journal, ids[2])).state is S.DONE


async def test_a_missing_file_is_reported_before_anything_is_made_for_it(
    server: Double, journal: Journal, video: Path
) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    video.unlink()  # noqa: ASYNC240 - a test may block
    async with working(journal):
        row = await ended(journal, upload_id)
    assert (row.error or {})["title"] == "The file is gone"
    assert server.recordings == {}


async def test_an_address_that_is_none_fails_with_words(journal: Journal, video: Path) -> None:
    upload_id = journal.add(video, title="T", server="heddle.example", growing=False)
    async with working(journal):
        row = await ended(journal, upload_id)
    assert (row.error or {})["title"] == "This is not a Heddle server"


async def test_the_worker_leaves_an_empty_queue(journal: Journal) -> None:
    with Journal(journal.path) as its_own:
        await asyncio.wait_for(Worker(its_own, patience_s=0.1).run(), 2)
