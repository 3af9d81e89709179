"""Any process of a recording is killed: the file plays, at most 1.2 s is gone, the link gets it all."""

import time
from pathlib import Path

import pytest

from tests.support import clock, media
from tests.support.moments import moments
from tests.support.processes import DeadlineError, wait_until
from tests.support.recorder import Recorder, journal_rows, kill_workers, start_worker
from tests.support.servers import Server
from tests.support.services import Screen

GONE_MS = 1200
pytestmark = pytest.mark.parametrize("xvfb", [(640, 360)], indirect=True, ids=["360p"])


def start(output: Path, server: Server) -> Recorder:
    return Recorder(output, "--fps", "15", env=server.client_env)


def check_file(output: Path, killed_ms: float) -> None:
    """It decodes clean, and its last picture is from shortly before the kill."""
    assert media.decode_errors(output) == ""
    shown = clock.read(media.last_picture(output), near_ms=int(killed_ms))
    assert shown is not None
    assert killed_ms - shown <= GONE_MS


def check_server(server: Server, home: Path, output: Path) -> None:
    """The server has exactly the file's bytes and finished the recording."""
    (row,) = journal_rows(home)
    recording = server.wait_status(row["recording_id"], "completed", "failed")
    assert recording["status"] == "completed", recording
    assert recording["sha256"] == media.sha256(output)
    assert recording["fileSizeBytes"] == output.stat().st_size


@moments("seconds", [1.3, 3.0], [2.0, 2.3, 4.6])
def test_a_killed_engine_leaves_a_playing_file_and_link(
    seconds: float, stage: Screen, shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    output = tmp_path / "take.mp4"
    with start(output, shared_server) as recorder:
        recorder.recorded(seconds)
        recorder.child("-m", "capture").kill()
        killed_ms = time.time() * 1000
        said = recorder.first(
            lambda line: line.get("event") in ("error", "exit", "health") and "title" in line,
            timeout_s=10,
            what="words about the lost engine",
        )
        assert said["title"]
        assert said["hint"]
        assert recorder.wait(60) != 0
    check_file(output, killed_ms)
    check_server(shared_server, heddle_home, output)


@moments("seconds", [0.1], [0.3, 0.5, 0.7])
def test_an_engine_killed_before_its_first_fragment_leaves_nothing_behind(
    seconds: float, stage: Screen, shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    """At most 1.2 s are gone, and here that is all there was: no empty file and no link that waits for ever.

    On a fast machine the fragment may be there: then it plays.
    """
    output = tmp_path / "take.mp4"
    with start(output, shared_server) as recorder:
        recorder.recorded(seconds)
        recorder.child("-m", "capture").kill()
        killed_ms = time.time() * 1000
        code = recorder.wait(60)
        said = recorder.stderr
    if output.exists():
        check_file(output, killed_ms)
        check_server(shared_server, heddle_home, output)
        return
    assert code == 1
    assert "Nothing was recorded" in said
    assert not list(tmp_path.glob("take.mp4*"))
    (row,) = journal_rows(heddle_home)
    assert row["state"] == "cancelled"
    answer = shared_server.api.get(f"/api/v1/recordings/{row['recording_id']}")
    assert answer.status_code == 404


def test_an_engine_killed_while_it_stops_leaves_a_playing_file_and_link(
    stage: Screen, shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    output = tmp_path / "take.mp4"
    with start(output, shared_server) as recorder:
        recorder.recorded(2)
        engine = recorder.child("-m", "capture")
        recorder.interrupt()
        stopped_ms = time.time() * 1000
        recorder.first(
            lambda line: line.get("event") == "state" and line["state"] in ("stopping", "finished"),
            timeout_s=10,
            what="the engine stops",
        )
        engine.kill()
        recorder.wait(60)
    check_file(output, stopped_ms)
    check_server(shared_server, heddle_home, output)


def test_a_killed_host_costs_neither_the_take_nor_the_upload(
    stage: Screen, shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    output = tmp_path / "take.mp4"
    with start(output, shared_server) as recorder:
        recorder.link()
        recorder.recorded(2)
        engine = recorder.child("-m", "capture")
        recorder.kill()
        killed_ms = time.time() * 1000
        wait_until(lambda: not engine.is_running(), timeout_s=15, what="the engine finished by itself")
        check_file(output, killed_ms)
        check_server(shared_server, heddle_home, output)


def test_after_a_power_cut_the_next_worker_finishes_the_upload(
    stage: Screen, shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    output = tmp_path / "take.mp4"
    with start(output, shared_server) as recorder:
        recorder.link()
        recorder.recorded(2.3)
        killed_ms = time.time() * 1000
        recorder.kill_tree()
        kill_workers(heddle_home)
    check_file(output, killed_ms)
    with start_worker(shared_server.client_env) as worker:
        assert worker.wait(60) == 0, worker.stderr
    check_server(shared_server, heddle_home, output)


@moments("seconds", [1.5], [0.5, 3.0])
def test_a_killed_worker_is_replaced_while_the_recording_runs(
    seconds: float, stage: Screen, shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    output = tmp_path / "take.mp4"
    with start(output, shared_server) as recorder:
        recorder.link()
        recorder.recorded(seconds)
        assert kill_workers(heddle_home) == 1
        size = output.stat().st_size
        try:
            recorder.sent(size + 1)
        except DeadlineError:
            pytest.fail("no other worker took over")
        recorder.stop()
    check_server(shared_server, heddle_home, output)


@moments("seconds", [1.5], [0.5, 3.0])
def test_a_killed_server_is_caught_up_with(
    seconds: float, stage: Screen, server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    output = tmp_path / "take.mp4"
    with start(output, server) as recorder:
        recorder.link()
        recorder.recorded(seconds)
        server.kill()
        recorder.recorded(seconds + 1.5)
        server.restart()
        finished = recorder.stop()
    check_server(server, heddle_home, output)
    assert finished["sha256"] == media.sha256(output)
    assert media.decode_errors(output) == ""


def test_a_server_that_dies_at_the_stop_is_waited_for(
    stage: Screen, server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    output = tmp_path / "take.mp4"
    with start(output, server) as recorder:
        recorder.link()
        recorder.recorded(2)
        server.kill()
        recorder.interrupt()
        recorder.event("state", state="finished")
        server.restart()
        assert recorder.wait(60) == 0, recorder.stderr
    check_server(server, heddle_home, output)
