"""A disk that fills up ends in clear words, a playing file and, with space again, a whole upload."""

import sys
from pathlib import Path

import pytest

from tests.support import longplay, media
from tests.support.processes import Program, wait_until
from tests.support.recorder import BIN, Recorder, journal_rows
from tests.support.servers import Server
from tests.support.services import Screen
from tests.support.tmpfs import grow, small_disk


@pytest.mark.parametrize("xvfb", [(960, 540)], indirect=True, ids=["540p"])
def test_a_full_disk_under_the_recorder_ends_the_take_and_keeps_it(
    xvfb: Screen, shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    scene = [sys.executable, "-m", "tests.support.content", "motion", "--fps", "15"]
    with small_disk(tmp_path / "disk", 3) as disk, Program(scene) as content:
        content.says("ready")
        output = disk / "take.mp4"
        options = ("--fps", "15", "--no-audio")
        with Program(
            [BIN / "heddle", "record", "--json", "--output", output, *options],
            env=shared_server.client_env,
            log_folder=tmp_path,
        ) as recorder:
            said = recorder.first(
                lambda line: line.get("event") in ("error", "health") and "disk" in str(line).lower(),
                timeout_s=60,
                what="words about the disk",
            )
            assert said["title"]
            assert said["hint"]
            recorder.wait(60)
            assert "Traceback" not in recorder.stderr
        assert media.decode_errors(output) == ""
        assert media.probe(output).last_video_s > 1
        (row,) = journal_rows(heddle_home)
        recording = shared_server.wait_status(row["recording_id"], "completed", "failed")
        assert recording["status"] == "completed"
        assert recording["sha256"] == media.sha256(output)


def test_a_full_disk_under_the_server_is_said_and_waited_for(tmp_path: Path, heddle_home: Path) -> None:
    short = media.make_recording(tmp_path / "short.mp4", 2.0, size=(480, 270), quality=20, noise=True)
    file = tmp_path / "heavy.mp4"
    file.write_bytes(b"".join(longplay.play(longplay.take_apart(short, 2.0), size=24_000_000)))
    env = {"HEDDLE_MIN_FREE_BYTES": "0"}
    with small_disk(tmp_path / "disk", 14) as disk, Server(disk / "data", env=env) as server:
        with Program([BIN / "heddle", "upload", file], env=server.client_env, log_folder=tmp_path) as program:

            def complaint() -> str | None:
                error = next((row["error"] for row in journal_rows(heddle_home)), None)
                return error if error and ("space" in error or "full" in error) else None

            wait_until(
                complaint, timeout_s=40, what="the journal says that the server has no space", poll_s=0.1
            )
            assert program.running
            assert server.api.get("/health/live").status_code == 200
            ready = server.api.get("/health/ready")
            assert ready.status_code in (200, 503)
            grow(disk, 100)
            assert program.wait(60) == 0, program.stdout + program.stderr
        (row,) = journal_rows(heddle_home)
        assert row["server_sha256"] == media.sha256(file)
        assert server.wait_status(row["recording_id"], "completed")["sha256"] == media.sha256(file)


@pytest.mark.parametrize("xvfb", [(320, 240)], indirect=True, ids=["240p"])
def test_a_folder_that_cannot_be_written_is_refused_before_anything_starts(
    xvfb: Screen, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file, no folder"
    blocked.write_text("")
    with Recorder(blocked / "take.mp4", "--no-upload", "--no-audio") as recorder:
        assert recorder.wait(30) != 0
        assert "Traceback" not in recorder.stderr
        assert str(blocked) in recorder.stdout + recorder.stderr
