"""`heddle recover` and `heddle devices`, as a person runs them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from capture.aside import put_aside
from desktop.cli import app
from desktop.commands import devices
from desktop.library import sending
from media import manifest
from media.fragments import scan
from media.manifest import Manifest, TakeState
from tests.support import media
from uploader.journal import Journal

SERVER = "http://127.0.0.1:1"


@pytest.fixture
def folder(heddle_home: Path) -> Path:
    folder = heddle_home / "recordings"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "ensure_running", lambda *_args, **_options: None)


def leave(folder: Path, state: TakeState, name: str = "take.mp4", *, torn: bool = False) -> Path:
    """A recording as a recorder leaves it that is gone in this state."""
    path = media.make_recording(folder / name, 2.0)
    if torn:
        path.write_bytes(path.read_bytes()[:-300])
    with path.open("rb") as file:
        index = scan(file)
    first = Manifest(
        "1", name, "Weekly", state, "2026-01-02T03:04:05+00:00", 320, 180, 30, "libx264", "h264", "aac"
    )
    manifest.write(path, replace(first, bytes_committed=index.fragments[-1].end, duration_s=index.duration_s))
    return path


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["recover", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_a_crash_left_is_marked_shown_and_sent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_SERVER", SERVER)
    path = leave(folder, TakeState.RECORDING, torn=True)
    told: dict[str, Any] = json.loads(run("--json"))
    assert (told["path"], told["title"], told["queued"]) == (str(path), "Weekly", True)
    assert told["durationS"] > 1
    assert manifest.read(path).state is TakeState.INTERRUPTED
    with Journal() as journal:
        (row,) = journal.all()
    assert (row.path, row.title, row.server, row.growing) == (path, "Weekly", SERVER, False)
    assert "Nothing was left unfinished" in run()


def test_an_upload_that_is_known_already_is_not_queued_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDDLE_SERVER", SERVER)
    path = leave(folder, TakeState.RECORDING)
    with Journal() as journal:
        journal.add(path, title="Weekly", server=SERVER, growing=True)
        run()
        assert len(journal.all()) == 1


def test_without_a_server_it_is_only_shown(folder: Path) -> None:
    path = leave(folder, TakeState.RECORDING)
    (folder / "take.system.m4a").write_bytes(b"sound")
    told = run(str(folder))
    assert f"{path}: 0:0" in told
    assert "beside it take.system.m4a" in told
    with Journal() as journal:
        assert journal.all() == []


def test_a_cancelled_recording_is_listed_and_comes_back(folder: Path) -> None:
    kept = put_aside(leave(folder, TakeState.CANCELLED))
    assert "take.mp4" in run("--cancelled")
    assert "kept for 7.0 days" in run("--cancelled")
    assert run("--bring", "take").strip() == str(folder / "take.mp4")
    assert not kept.exists()
    assert manifest.read(folder / "take.mp4").state is TakeState.FINISHED
    assert "No cancelled recording" in run("--cancelled")


def test_a_name_nobody_knows_is_an_error_that_lists_those_there_are(folder: Path) -> None:
    put_aside(leave(folder, TakeState.CANCELLED))
    done = CliRunner().invoke(app, ["recover", "--bring", "other"])
    assert "take.mp4" in str(done.exception)


def test_devices_are_shown_by_name_with_the_reason_of_what_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {
        "displays": [{"id": "0", "name": "HDMI-1"}],
        "cameras": [{"id": "", "name": "", "reason": "No camera is connected."}],
        "encoders": [{"id": "h264_nvenc", "name": "h264_nvenc", "reason": "no driver"}],
    }
    monkeypatch.setattr(devices, "ask", lambda: found)
    shown = CliRunner().invoke(app, ["devices"], catch_exceptions=False).output.splitlines()
    assert shown == [
        "Screens", "  HDMI-1 (0)", "Cameras", "  - No camera is connected.",
        "Encoders", "  h264_nvenc: not usable: no driver",
    ]  # fmt: skip
    assert json.loads(CliRunner().invoke(app, ["devices", "--json"]).output) == found
