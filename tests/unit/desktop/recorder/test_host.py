"""The host of one recording, against a real engine process (without a screen) and a real journal."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.models.session import Phase
from desktop.recorder.engine import Engine, Event
from desktop.recorder.follower import UploadFollower
from desktop.recorder.host import Host
from desktop.recorder.takes import Take
from tests.support import fake_engine
from uploader.journal import Journal
from uploader.model import Upload
from uploader.states import UploadEvent, UploadState

SERVER = "http://127.0.0.1:1"
SHARE = "http://127.0.0.1:1/s/abc"


class Stage:
    """A host, everything it says, and a stand-in for the upload worker that only touches the journal."""

    def __init__(self, journal: Journal, folder: Path, *engine_options: str) -> None:
        command = [sys.executable, fake_engine.__file__, *engine_options]
        self.engine = Engine(command)
        self.events: list[Event] = []
        self.journal = journal
        self.host = Host(self.engine, UploadFollower(journal, SERVER, lambda: None), self.events.append)
        self.take = Take(output=folder / "take.mp4", title="Weekly")

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            self.host.step(0.01)
            assert time.monotonic() < deadline, self.events[-3:]

    def phase(self, phase: Phase) -> Callable[[], bool]:
        return lambda: self.host.session.phase is phase

    def upload(self) -> Upload:
        [upload] = self.journal.all()
        return upload

    def states(self) -> list[str]:
        return [event["state"] for event in self.events if event["event"] == "state"]


@pytest.fixture
def journal(heddle_home: Path) -> Iterator[Journal]:
    with Journal(heddle_home / "journal.db") as opened:
        yield opened


@pytest.fixture
def play(journal: Journal, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def open_stage(*engine_options: str) -> Stage:
        stage = Stage(journal, tmp_path, *engine_options)
        stages.append(stage)
        stage.host.open()
        stage.host.start(stage.take)
        return stage

    yield open_stage
    for stage in stages:
        stage.host.close()


def test_a_recorder_that_waits_for_hours_starts_one_worker_and_another_for_its_take(
    journal: Journal, tmp_path: Path
) -> None:
    now, woken = [0.0], list[float]()
    follower = UploadFollower(journal, SERVER, lambda: woken.append(now[0]))
    host = Host(
        Engine([sys.executable, fake_engine.__file__]), follower, lambda _event: None, clock=lambda: now[0]
    )
    host.open()
    try:
        for _ in range(5):
            now[0] += 3600
            host.step(0.01)
        assert woken == [0.0]
        host.start(Take(output=tmp_path / "take.mp4", title="Weekly"))
        host.step(0.01)
        assert now[0] in woken
    finally:
        host.close()


def test_a_recording_is_on_the_journal_as_soon_as_it_starts(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(stage.phase(Phase.RECORDING))
    upload = stage.upload()
    assert upload.growing
    assert (upload.path, upload.title, upload.server) == (stage.take.output, "Weekly", SERVER)


def test_the_link_is_told_the_moment_the_journal_has_it(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(stage.phase(Phase.RECORDING))
    with Journal(stage.journal.path) as worker:
        upload = stage.upload()
        worker.advance(upload.id, UploadEvent.START, share_url=SHARE, link_at=time.time())
    stage.until(lambda: stage.host.session.share_url)
    told = next(event for event in stage.events if event.get("shareUrl"))
    assert told["shareUrl"] == SHARE
    assert 0 < told["linkReadyS"] < 20


def test_stop_finishes_the_file_and_closes_the_upload(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(lambda: stage.host.session.fragments > 2)
    stage.host.command("stop")
    stage.until(stage.phase(Phase.FINISHED))
    assert not stage.upload().growing
    assert stage.upload().wanted == "stopped"
    assert stage.host.session.size == stage.take.output.stat().st_size


def test_the_host_is_not_over_before_the_upload_is(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(lambda: stage.host.session.fragments > 0)
    stage.host.command("stop")
    stage.until(stage.phase(Phase.FINISHED))
    assert not stage.host.over
    with Journal(stage.journal.path) as worker:
        worker.note(stage.upload().id, state=UploadState.DONE)
    stage.until(lambda: stage.host.over)


def test_pause_and_resume_reach_the_journal(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(stage.phase(Phase.RECORDING))
    stage.host.command("pause")
    stage.until(lambda: stage.upload().wanted == "paused")
    stage.host.command("resume")
    stage.until(lambda: stage.upload().wanted == "recording")
    assert "paused" in stage.states()


def test_an_illegal_command_is_refused_and_changes_nothing(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(stage.phase(Phase.RECORDING))
    stage.host.command("resume")
    stage.until(lambda: stage.host.session.error)
    assert stage.host.session.phase is Phase.RECORDING


def test_a_dying_engine_leaves_a_finished_video_and_says_where_it_is(play: Callable[..., Stage]) -> None:
    stage = play("--die-after", "3")
    stage.until(stage.phase(Phase.FAILED))
    error = stage.host.session.error
    assert error is not None
    assert str(stage.take.output) in error.detail
    assert not stage.upload().growing
    assert stage.upload().wish == "send"


def test_an_engine_that_records_nothing_leaves_no_upload(play: Callable[..., Stage]) -> None:
    stage = play("--fail")
    stage.until(stage.phase(Phase.FAILED))
    assert stage.upload().wish == "cancel"
    error = stage.host.session.error
    assert error is not None
    assert error.title == "There is no screen"


def test_cancel_takes_the_recording_back_from_the_server(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(lambda: stage.host.session.fragments > 0)
    stage.host.command("cancel")
    stage.until(stage.phase(Phase.CANCELLED))
    assert stage.upload().wish == "cancel"


def test_stop_before_the_engine_is_ready_records_nothing(play: Callable[..., Stage]) -> None:
    stage = play("--mute")
    stage.host.command("stop")
    assert stage.host.over
    assert stage.journal.all() == []


def test_a_journal_that_fails_never_ends_the_recording(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(stage.phase(Phase.RECORDING))
    stage.journal.close()
    stage.host.command("stop")
    stage.until(stage.phase(Phase.FINISHED))
    codes = [event["code"] for event in stage.events if event["event"] == "health"]
    assert codes == ["upload_unavailable"]
    assert stage.take.output.stat().st_size == stage.host.session.size


def test_without_a_server_nothing_is_put_on_the_journal(tmp_path: Path) -> None:
    host = Host(Engine([sys.executable, fake_engine.__file__]), None, lambda _event: None)
    host.open()
    host.start(Take(output=tmp_path / "take.mp4", seconds=1))
    deadline = time.monotonic() + 20
    while host.step(0.01):
        assert time.monotonic() < deadline
    host.close()
    assert host.session.phase is Phase.FINISHED


def test_a_restart_takes_the_first_upload_back_and_begins_another(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(lambda: stage.host.session.fragments > 2)
    before = stage.upload()
    stage.host.command("restart")
    stage.until(lambda: len(stage.journal.all()) == 2)
    stage.until(lambda: stage.host.session.fragments > 1)
    (after,) = [upload for upload in stage.journal.all() if upload.id != before.id]
    assert stage.journal.get(before.id).wish == "cancel"
    assert (after.growing, after.path) == (True, before.path)
    assert stage.host.session.phase is Phase.RECORDING
    stage.host.command("stop")
    stage.until(stage.phase(Phase.FINISHED))
    assert not stage.journal.get(after.id).growing


def test_the_statistics_say_how_far_the_server_is_behind(play: Callable[..., Stage]) -> None:
    stage = play()
    stage.until(lambda: stage.host.session.fragments > 3)
    assert (stage.host.session.upload_lag_s or 0) > 1
    with Journal(stage.journal.path) as worker:
        worker.note(stage.upload().id, offset=10**9)
    stage.until(lambda: stage.host.session.upload_lag_s == 0)


def test_a_take_that_the_engine_refuses_is_over(tmp_path: Path, no_leaks: None) -> None:
    """The real engine: it answers a field that makes no sense with an error, and stays idle."""
    events: list[Event] = []
    host = Host(Engine(), None, events.append)
    try:
        host.open()
        host.start(Take(output=tmp_path / "take.mp4", codec="nonsense"))
        deadline = time.monotonic() + 60
        while host.step(0.05):
            assert time.monotonic() < deadline, events[-3:]
    finally:
        host.close()
    assert host.session.phase is Phase.FAILED
    assert host.session.error is not None
    assert [event["code"] for event in events if event["event"] == "error"] == ["bad_command"]
    assert not (tmp_path / "take.mp4").exists()


def test_a_file_that_was_there_before_is_neither_sent_nor_touched(play: Callable[..., Stage]) -> None:
    """A slip in a name must not publish somebody's film."""
    stage = play("--fail")
    assert stage.journal.all() == []
    stage.take.output.write_bytes(b"another film")
    stage.until(stage.phase(Phase.FAILED))
    assert stage.journal.all() == []
    assert stage.host.saved == 0
    assert stage.take.output.read_bytes() == b"another film"
