"""The worker's process is killed at the worst moments; the next one brings every upload to its end."""

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.support.double import Double
from tests.support.processes import Program, wait_until
from uploader import manager, paths
from uploader.errors import JournalError
from uploader.journal import Journal
from uploader.model import Upload
from uploader.states import UploadState


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "video.mp4"
    path.write_bytes(os.urandom(2_000_000))
    return path


def worker(*options: str) -> Program:
    return Program([sys.executable, "-m", "uploader", *options])


def finish(journal: Journal, upload_id: str) -> Upload:
    """The row at its end, brought there by a fresh worker that then leaves by itself."""
    with worker("--linger", "0.1") as again:
        assert again.wait(20) == 0, again.stderr
    return journal.get(upload_id)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/recordings"),  # the recording exists, the journal does not know
        ("POST", "/api/v1/uploads"),
        ("PATCH", "/api/v1/uploads/"),  # bytes are on the server, no offset was answered
        ("GET", "/api/v1/recordings/"),  # everything is there, the digests were not compared
    ],
)
def test_a_kill_between_request_and_answer_loses_and_doubles_nothing(
    server: Double, journal: Journal, video: Path, method: str, path: str
) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    server.stall(method, path)
    with worker() as first:
        assert server.stalled.wait(15)
        first.kill()
    row = finish(journal, upload_id)
    assert row.state is UploadState.DONE
    assert row.server_sha256 == hashlib.sha256(video.read_bytes()).hexdigest()
    assert list(server.recordings) == [row.recording_id]
    assert len(server.uploads) == 1


def test_a_kill_in_the_middle_of_a_body_costs_that_body_at_most(
    server: Double, journal: Journal, video: Path
) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False, limit_bps=2_000_000)
    for share in (0.2, 0.5):
        with worker() as first:
            wait_until(
                lambda share=share: journal.get(upload_id).offset > share * 2_000_000,
                timeout_s=15,
                what="progress",
            )
            first.kill()
    row = finish(journal, upload_id)
    assert row.state is UploadState.DONE
    assert bytes(server.the_upload().data) == video.read_bytes()
    assert sum(server.patch_sizes) == 2_000_000


def test_a_recording_whose_recorder_died_with_the_worker_becomes_a_finished_video(
    server: Double, journal: Journal, tmp_path: Path
) -> None:
    path = tmp_path / "live.mp4"
    with Journal() as recorder:
        upload_id = recorder.add(path, title="Live", server=server.url, growing=True)
        path.write_bytes(os.urandom(500_000))
        with worker() as first:
            wait_until(lambda: journal.get(upload_id).offset == 500_000, timeout_s=15, what="the first bytes")
            first.kill()
    with path.open("ab") as file:
        file.write(b"torn tail")
    os.utime(path, (time.time() - 60, time.time() - 60))
    row = finish(journal, upload_id)
    assert row.state is UploadState.DONE
    assert row.size == 500_009
    assert row.server_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_second_worker_leaves_at_once(journal: Journal) -> None:
    with worker("--stay") as first:
        wait_until(
            lambda: manager.worker_pid(journal.path) == first.pid, timeout_s=15, what="the first worker"
        )
        with worker("--stay") as second:
            assert second.wait(10) == 0
        assert first.running
        assert manager.stop(journal.path)
        assert first.wait(10) == 0


def test_the_worker_is_started_once_and_outlives_nothing_to_do(
    server: Double, journal: Journal, video: Path
) -> None:
    manager.ensure_running(server=server.url)
    wait_until(lambda: manager.worker_pid(journal.path), timeout_s=15, what="the worker")
    pid = manager.worker_pid(journal.path)
    wait_until(lambda: server.count("OPTIONS", "/"), timeout_s=5, what="a connection before any upload")
    manager.ensure_running(server=server.url)
    started = time.monotonic()
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    row = wait_until(
        lambda: journal.get(upload_id) if journal.get(upload_id).ended else None, timeout_s=15, what="it"
    )
    assert row.state is UploadState.DONE
    assert (row.link_at or 0) - row.created_at < 0.3
    assert manager.worker_pid(journal.path) == pid
    wait_until(lambda: not manager.is_running(journal.path), timeout_s=10, what="the worker's leave")
    assert time.monotonic() - started > 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal to end gently")
def test_the_worker_ends_gently_and_tells_no_tokens(server: Double, journal: Journal, video: Path) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False, limit_bps=500_000)
    with worker("--verbose") as first:
        wait_until(lambda: journal.get(upload_id).offset, timeout_s=15, what="progress")
        server.fail("PATCH", "/api/v1/uploads/", 503)
        wait_until(lambda: journal.get(upload_id).attempt, timeout_s=15, what="a failure to log")
        os.kill(first.pid, signal.SIGTERM)
        assert first.wait(5) == 0
        logged = paths.worker_log(journal.path).read_text()
        assert "again in" in logged
        assert server.token not in logged + first.stdout + first.stderr
    assert finish(journal, upload_id).state is UploadState.DONE


def test_a_broken_limit_is_explained(heddle_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_UPLOAD_LIMIT", "quickly")
    with worker() as first:
        assert first.wait(15) == 1
        assert "Write it like 2M or 500k" in first.stderr


def test_stopping_where_nothing_runs_is_no_error(heddle_home: Path) -> None:
    assert manager.stop()
    with Journal() as journal, pytest.raises(JournalError):
        journal.get("nothing")
