"""`heddle record --control`: JSON commands in, JSON events out."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import fake_engine

DRIVER = """
import sys
from desktop import settings
from desktop.recorder.control import Control
from desktop.recorder.engine import Engine
from desktop.recorder.follower import UploadFollower
from desktop.recorder.takes import Options
from uploader.journal import Journal
uploads = UploadFollower(Journal(), "http://127.0.0.1:1", lambda: None)
engine = Engine([sys.executable, *sys.argv[1:]])
sys.exit(Control(Options(control=True, title="Default"), settings.load, uploads, engine).run())
"""


class Room:
    """A running engine room."""

    def __init__(self) -> None:
        self.passed: list[dict] = []
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", DRIVER, fake_engine.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, line: object) -> None:
        assert self.process.stdin
        self.process.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        self.process.stdin.flush()

    def until(self, **values: object) -> dict:
        """The next event with these values. Others are kept: uploads and engine speak in any order."""
        assert self.process.stdout
        for event in self.passed:
            if values.items() <= event.items():
                self.passed.remove(event)
                return event
        for line in self.process.stdout:
            event = json.loads(line)
            if values.items() <= event.items():
                return event
            self.passed.append(event)
        raise AssertionError(f"{values} did not come: {self.passed[-3:]}")

    def leave(self) -> int:
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(20)


@pytest.fixture
def room() -> Iterator[Room]:
    opened = Room()
    with opened.process:
        yield opened
        opened.process.kill()


def test_the_whole_life_of_a_take(room: Room, tmp_path: Path) -> None:
    room.until(event="state", state="idle")
    room.send({"command": "start", "output": str(tmp_path / "a.mp4"), "title": "Weekly"})
    room.until(event="state", state="recording")
    upload = room.until(event="upload", state="queued")
    assert upload["shareUrl"] is None
    room.send({"command": "pause"})
    room.until(event="state", state="paused")
    room.send({"command": "resume"})
    room.send({"command": "stop"})
    finished = room.until(event="state", state="finished")
    assert (tmp_path / "a.mp4").stat().st_size == finished["bytes"]
    assert room.leave() == 0


def test_a_listener_that_goes_away_never_costs_the_take(room: Room, tmp_path: Path) -> None:
    room.send({"command": "start", "output": str(tmp_path / "a.mp4")})
    room.until(event="stats")
    assert room.process.stdin
    room.process.stdin.close()
    room.until(event="state", state="finished")
    assert room.process.wait(20) == 0


def test_what_a_start_leaves_open_is_filled_in(room: Room, heddle_home: Path) -> None:
    room.send({"command": "start"})
    path = Path(room.until(event="state", state="recording")["path"])
    assert path.parent == heddle_home / "recordings"
    assert path.stem.endswith("Default")
    room.leave()


def test_settings_count_as_they_are_when_a_take_begins(room: Room, heddle_home: Path, tmp_path: Path) -> None:
    room.until(event="state", state="idle")
    (heddle_home / "config.toml").write_text(f'recordings = "{tmp_path / "elsewhere"}"\n')
    room.send({"command": "start"})
    assert Path(room.until(event="state", state="recording")["path"]).parent == tmp_path / "elsewhere"
    room.leave()


@pytest.mark.parametrize(
    "line", ["not json", "[]", '{"command": "dance"}', '{"command": "start", "region": [1]}']
)
def test_a_bad_command_is_answered_and_changes_nothing(room: Room, tmp_path: Path, line: str) -> None:
    room.until(event="state", state="idle")
    room.send(line)
    assert room.until(event="error", code="bad_command")["title"]
    room.send({"command": "start", "output": str(tmp_path / "a.mp4")})
    room.until(event="state", state="recording")
    room.leave()


def test_leaving_without_a_take_ends_at_once(room: Room) -> None:
    room.until(event="state", state="idle")
    assert room.leave() == 0
