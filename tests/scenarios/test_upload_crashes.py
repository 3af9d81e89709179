"""The upload worker and the server are killed while a finished file goes up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import media
from tests.support.moments import moments
from tests.support.processes import Program, wait_until
from tests.support.proxy import Proxy
from tests.support.recorder import BIN, journal_rows, kill_workers, start_worker
from tests.support.servers import Server


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of a few megabytes: more than one body."""
    path = tmp_path_factory.mktemp("file") / "file.mp4"
    return media.make_recording(path, 3.0, size=(480, 270), quality=20, noise=True)


@pytest.fixture
def proxy(shared_server: Server) -> Iterator[Proxy]:
    with Proxy(shared_server.port) as proxy:
        yield proxy


def start_upload(server: Server, proxy: Proxy, file: Path) -> Program:
    env = {**server.client_env, "HEDDLE_SERVER": proxy.url}
    return Program([BIN / "heddle", "upload", file], env=env)


def check(server: Server, home: Path, file: Path) -> None:
    """Both sides agree on every byte, and the journal knows."""
    (row,) = journal_rows(home)
    recording = server.wait_status(row["recording_id"], "completed", "failed")
    assert recording["status"] == "completed"
    assert row["server_sha256"] == row["sha256"] == recording["sha256"] == media.sha256(file)


@moments("part", [0.02, 0.6], [0.0, 0.3, 0.95, 0.999])
def test_a_killed_worker_goes_on_where_the_server_stands(
    part: float, shared_server: Server, proxy: Proxy, file: Path, heddle_home: Path
) -> None:
    proxy.hold_after(int(file.stat().st_size * part))
    with start_upload(shared_server, proxy, file) as program:
        wait_until(lambda: proxy.holding, timeout_s=30, what="the moment")
        assert kill_workers(heddle_home) >= 1
        program.kill_tree()
    proxy.pause(False)
    with start_worker(shared_server.client_env) as worker:
        assert worker.wait(60) == 0, worker.stderr
    check(shared_server, heddle_home, file)


def test_a_worker_killed_before_it_heard_that_all_arrived_finds_out(
    shared_server: Server, proxy: Proxy, file: Path, heddle_home: Path
) -> None:
    """The last answer is lost: the server has everything, the client does not know."""
    proxy.mute_after(file.stat().st_size)  # headers count too, so this is within the last request's body
    with start_upload(shared_server, proxy, file) as program:
        wait_until(lambda: proxy.muted, timeout_s=30, what="nearly all sent")
        wait_until(lambda: journal_rows(heddle_home)[0]["recording_id"], timeout_s=10, what="a recording")
        recording_id = journal_rows(heddle_home)[0]["recording_id"]
        wait_until(
            lambda: shared_server.recording(recording_id)["sha256"],
            timeout_s=30,
            what="all arrived",
            poll_s=0.1,
        )
        kill_workers(heddle_home)
        program.kill_tree()
    proxy.mute(False)
    with start_worker(shared_server.client_env) as worker:
        assert worker.wait(60) == 0, worker.stderr
    check(shared_server, heddle_home, file)


@moments("part", [0.02, 0.6], [0.0, 0.3, 0.95, 0.999])
def test_a_killed_server_goes_on_with_what_it_acknowledged(
    part: float, server: Server, file: Path, heddle_home: Path
) -> None:
    with Proxy(server.port) as proxy:
        proxy.hold_after(int(file.stat().st_size * part))
        with start_upload(server, proxy, file) as program:
            wait_until(lambda: proxy.holding, timeout_s=30, what="the moment")
            server.kill()
            proxy.pause(False)
            server.restart()
            assert program.wait(90) == 0, program.stdout + program.stderr
    check(server, heddle_home, file)


def test_a_server_killed_between_the_last_byte_and_its_answer_still_finishes(
    server: Server, file: Path, heddle_home: Path
) -> None:
    with Proxy(server.port) as proxy:
        proxy.mute_after(file.stat().st_size)
        with start_upload(server, proxy, file) as program:
            wait_until(lambda: proxy.muted, timeout_s=30, what="nearly all sent")
            recording_id = journal_rows(heddle_home)[0]["recording_id"]
            wait_until(
                lambda: server.recording(recording_id)["sha256"], timeout_s=30, what="all arrived", poll_s=0.1
            )
            server.kill()
            proxy.mute(False)
            server.restart()
            assert program.wait(90) == 0, program.stdout + program.stderr
    check(server, heddle_home, file)
