"""`heddle login` and `heddle upload` for videos that exist already."""

import os
import sys
from pathlib import Path

import httpx
import pytest

from tests.support import films, media
from tests.support.browsers import open_browser
from tests.support.processes import Program
from tests.support.recorder import BIN, journal_rows
from tests.support.servers import OWNER, Server

UPLOAD_S = 90.0


def upload(server: Server, file: Path, *options: str) -> None:
    """`heddle upload FILE` to its successful end."""
    with Program([BIN / "heddle", "upload", file, *options], env=server.client_env) as program:
        code = program.wait(UPLOAD_S)
        assert code == 0, program.stdout + program.stderr


@pytest.mark.parametrize(("suffix", "name"), [("mp4", "firefox"), ("mkv", "chromium")])
def test_an_existing_video_becomes_a_playing_link(
    suffix: str, name: str, shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    """As encoders leave it: with a packet of sound before the beginning."""
    file = tmp_path / f"holiday.{suffix}"
    file.write_bytes(films.plain(4.0, container=suffix))
    upload(shared_server, file, "--title", f"A plain {suffix}")
    (row,) = journal_rows(heddle_home)
    recording = shared_server.wait_status(row["recording_id"], "completed")
    assert recording["sha256"] == media.sha256(file) == row["server_sha256"]
    assert recording["duration"] == pytest.approx(4.0, abs=0.2)
    with open_browser(name) as browser:
        browser.goto(recording["shareUrl"])
        browser.wait_for("document.querySelector('video')?.readyState >= 3", timeout_s=30)
        browser.evaluate("document.querySelector('video').play()")
        browser.wait_for("document.querySelector('video').ended", timeout_s=30)
        assert browser.errors == []


def test_a_kept_sign_in_serves_later_uploads(shared_server: Server, sample: Path, heddle_home: Path) -> None:
    command = [BIN / "heddle", "login", "--server", shared_server.url, "--email", OWNER, "--password-stdin"]
    with Program(command) as login:
        assert login.popen.stdin is not None
        login.popen.stdin.write(shared_server.password.encode() + b"\n")
        login.close_stdin()
        assert login.wait() == 0, login.stdout + login.stderr
        assert shared_server.password not in login.stdout + login.stderr
    for path in heddle_home.rglob("*"):
        if path.is_file() and b"hdl_" in path.read_bytes():
            assert path.stat().st_mode & 0o077 == 0
    assert "HEDDLE_TOKEN" not in os.environ
    with Program([BIN / "heddle", "upload", sample]) as program:
        assert program.wait(UPLOAD_S) == 0, program.stdout + program.stderr


def test_a_wrong_password_says_so_and_keeps_nothing(shared_server: Server, heddle_home: Path) -> None:
    command = [BIN / "heddle", "login", "--server", shared_server.url, "--email", OWNER, "--password-stdin"]
    before = sorted(heddle_home.rglob("*"))
    with Program(command) as login:
        assert login.popen.stdin is not None
        login.popen.stdin.write(b"not the password\n")
        login.close_stdin()
        assert login.wait() != 0
        assert "password" in (login.stdout + login.stderr).lower()
        assert "Traceback" not in login.stderr
    assert sorted(heddle_home.rglob("*")) == before


def test_a_file_that_is_no_video_is_refused_with_a_reason(
    shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    file = tmp_path / "notes.mp4"
    file.write_text("these are notes, not a video\n" * 200)
    total = httpx.get(
        f"{shared_server.url}/api/v1/recordings",
        headers={"Authorization": f"Bearer {shared_server.token}"},
        trust_env=False,
    ).json()["pagination"]["totalElements"]
    with Program([BIN / "heddle", "upload", file], env=shared_server.client_env) as program:
        assert program.wait(UPLOAD_S) != 0
        said = program.stdout + program.stderr
        assert "Traceback" not in said
        assert "video" in said.lower()
    assert total >= 0


def test_a_missing_file_and_a_missing_server_are_told_apart(sample: Path, tmp_path: Path) -> None:
    env = {"HEDDLE_SERVER": "http://127.0.0.1:9", "HEDDLE_TOKEN": "any"}
    with Program([BIN / "heddle", "upload", tmp_path / "nowhere.mp4"], env=env) as program:
        assert program.wait() != 0
        assert "nowhere.mp4" in program.stdout + program.stderr
    with Program([BIN / "heddle", "upload", sample]) as program:
        assert program.wait() != 0
        assert "heddle login" in program.stdout + program.stderr
    with Program([sys.executable, "-m", "uploader"]) as worker:
        assert worker.wait() == 0, "a worker with an empty journal ends by itself"
