import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from desktop.cli import app
from desktop.errors import ExitCode, HeddleError
from desktop.terminal.transfers import Speed, progress_line
from tests.support.double import Double
from tests.support.processes import wait_until
from uploader import manager
from uploader.journal import Journal
from uploader.states import UploadState


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    with Double() as double:
        monkeypatch.setenv("HEDDLE_SERVER", double.url)
        monkeypatch.setenv("HEDDLE_TOKEN", double.token)
        yield double
        assert manager.stop()


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "My holiday.mp4"
    path.write_bytes(os.urandom(400_000))
    return path


def heddle(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(part) for part in arguments])


def test_a_file_becomes_a_link_and_its_second_upload_is_the_first(server: Double, video: Path) -> None:
    first = heddle("upload", video)
    assert first.exit_code == ExitCode.OK, first.output
    (recording,) = server.recordings.values()
    assert recording["title"] == "My holiday"
    assert first.stdout == f"{recording['shareUrl']}\n"
    assert "100 %" in first.stderr
    again = heddle("upload", video)
    assert again.stdout == first.stdout
    assert len(server.recordings) == 1


def test_several_files_queue_and_events_come_as_json(server: Double, tmp_path: Path) -> None:
    paths = []
    for name in ("a", "b", "c"):
        paths.append(tmp_path / f"{name}.mp4")
        paths[-1].write_bytes(os.urandom(50_000))
    result = heddle("upload", *paths, "--json", "--title", "Mine")
    assert result.exit_code == 0, result.output
    events = [json.loads(line) for line in result.stdout.splitlines()]
    done = [event for event in events if event["state"] == "done"]
    assert len({event["id"] for event in done}) == 3
    assert all(event["sha256"] == event["serverSha256"] for event in done)
    assert {recording["title"] for recording in server.recordings.values()} == {"Mine"}


def test_without_waiting_the_link_comes_and_the_background_sends(server: Double, video: Path) -> None:
    result = heddle("upload", video, "--no-wait", "--limit", "400k")
    assert result.exit_code == 0, result.output
    (recording,) = server.recordings.values()
    assert result.stdout == f"{recording['shareUrl']}\n"
    with Journal() as journal:
        wait_until(lambda: journal.all()[0].state is UploadState.DONE, timeout_s=20, what="the upload")


def test_a_refused_file_ends_with_the_servers_sentence(server: Double, video: Path) -> None:
    server.fail("PATCH", "/api/v1/uploads/", 415, sentence="This is no video.")
    result = heddle("upload", video)
    assert result.exit_code == ExitCode.UPLOAD_REFUSED
    assert "This is no video." in result.stderr


def test_uploads_are_listed_and_cancelled(server: Double, video: Path) -> None:
    heddle("upload", video, "--no-wait", "--limit", "50k")
    with Journal() as journal:
        (row,) = journal.all()
        assert row.id[:8] in heddle("uploads").stdout
        assert heddle("uploads", "cancel", row.id[:6]).exit_code == 0
        wait_until(lambda: journal.all()[0].state is UploadState.CANCELLED, timeout_s=20, what="the end")
    assert server.recordings == {}
    assert "cancelled" in heddle("uploads").stdout
    assert isinstance(heddle("uploads", "retry", "nonsense").exception, HeddleError)


@pytest.mark.parametrize("name", ["missing.mp4", "."])
def test_what_is_no_file_is_said_before_anything_else(tmp_path: Path, name: str, server: Double) -> None:
    result = heddle("upload", tmp_path / name)
    assert isinstance(result.exception, HeddleError)
    assert server.requests == []


def test_without_a_server_it_says_how_to_get_one(video: Path) -> None:
    error = heddle("upload", video).exception
    assert isinstance(error, HeddleError)
    assert "heddle login" in error.hint


def test_the_progress_line_shows_share_speed_and_time_left(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(4 * 1024 * 1024))
    with Journal() as journal:
        upload_id = journal.add(path, title="T", server="http://a", growing=False)
        journal.note(upload_id, offset=1024 * 1024)
        speed = Speed()
        speed.note(0, 0.0)
        speed.note(1024 * 1024, 1.0)
        line = progress_line([journal.get(upload_id)], speed)
    assert line.startswith("[######..................] 25 %  1.0 MiB / 4.0 MiB")
    assert "left" in line


def test_a_server_that_is_no_address_is_refused_before_anything_is_queued(video: Path) -> None:
    with pytest.raises(HeddleError) as refused:
        CliRunner().invoke(
            app, ["upload", "--server", "ftp://video.example", str(video)], catch_exceptions=False
        )
    assert refused.value.code == ExitCode.USAGE
    with Journal() as journal:
        assert journal.all() == []
