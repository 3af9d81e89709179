"""The recorder as a process: JSON lines in and out, and no way to lose a take by losing its parent."""

import io
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from capture.control import Emitter, obey, parse_start
from capture.errors import BadCommand
from capture.model import Rect, ScreenRequest
from capture.recovery import recover
from capture.session import Session
from media import manifest
from media.encoders import VideoRequest
from media.fragments import scan
from media.manifest import TakeState
from tests.support.processes import Program

GOOD = {"command": "start", "output": "/tmp/x.mp4"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"output": ""},
        {"output": 3},
        {"fps": 0},
        {"fps": 2.5},
        {"fps": True},
        {"fps": 500},
        {"region": [1, 2, 3]},
        {"region": [0, 0, 0, 10]},
        {"region": ["0", 0, 10, 10]},
        {"seconds": 0},
        {"seconds": "5"},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"output": "a\0b"},
        {"keep": "~nobody-has-it/a.mp4"},
        {"keys": []},
        {"audio": "yes"},
        {"title": 5},
        {"display": 1.5},
        {"display": []},
        {"display": [0, None]},
        {"window": 1.5},
        {"height": 4},
        {"height": "720"},
        {"encoder": []},
        {"countdown": -1},
        {"countdown": 2.5},
        {"countdown": 3600},
        {"selfTest": 1},
        {"minFreeMb": "all"},
        {"minFreeMb": -1},
        {"codec": "vp9"},
        {"codec": ["av1"]},
        {"quality": "best"},
        {"maxBitrate": "4M"},
        {"maxBitrate": 1000},
        {"maxBitrate": True},
    ],
)
def test_a_wrong_field_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadCommand, match=next(iter(wrong))):
        parse_start({**GOOD, **wrong})


def test_a_command_needs_only_an_output() -> None:
    command = parse_start(GOOD)
    assert (command.screen.fps, command.sound.microphone_on, command.seconds, command.screen.region) == (
        30,
        True,
        None,
        None,
    )


def test_all_fields_are_taken() -> None:
    command = parse_start(
        {
            **GOOD,
            "title": "T",
            "fps": 60,
            "display": 1,
            "region": [1, 2, 30, 40],
            "audio": False,
            "seconds": 5,
            "codec": "hevc",
            "quality": "sharp",
            "maxBitrate": 4_000_000,
            "encoder": "libx265",
        }
    )
    assert command.video == VideoRequest("hevc", "sharp", 4_000_000, "libx265")
    assert (command.title, command.screen.fps, command.screen.display, command.sound.microphone_on) == (
        "T",
        60,
        "1",
        False,
    )
    assert (command.screen.region, command.seconds) == (Rect(1, 2, 30, 40), 5.0)


def test_what_is_filmed_has_several_spellings() -> None:
    def screen(**values: object) -> ScreenRequest:
        return parse_start({**GOOD, **values}).screen

    assert screen(display=[0, "left"]).display == "0,left"
    assert screen(display="all").display == "all"
    assert screen(window=0x1A0).window == "0x1a0"
    assert screen(window="Letters", height=720) == ScreenRequest(window="Letters", height=720)


@pytest.mark.parametrize("line", ["", "{", "[]", "null", '"stop"', '{"command": "explode"}', "{}"])
def test_nonsense_is_answered_and_changes_nothing(line: str) -> None:
    events: list[dict[str, Any]] = []
    session = Session(events.append)
    obey(session, line)
    assert [(event["event"], event["code"]) for event in events] == [("error", "bad_command")]
    assert session.state == "idle"


def test_events_nobody_reads_are_dropped() -> None:
    stream = io.StringIO()
    emit = Emitter(stream)
    emit({"event": "state"})
    assert '"at": ' in stream.getvalue()
    stream.close()
    emit({"event": "state"})


@pytest.fixture
def engine() -> Iterator[Callable[..., Program]]:
    programs: list[Program] = []

    def start(*arguments: object) -> Program:
        programs.append(Program([sys.executable, "-m", "capture", *arguments]))
        return programs[-1]

    yield start
    for program in programs:
        program.close()


def begin(program: Program, path: Path, **options: Any) -> None:
    program.event("state", state="idle")
    program.send(command="start", output=str(path), backend="synthetic", **options)
    program.event("state", state="recording")


def playable(path: Path) -> float:
    with path.open("rb") as file:
        return scan(file).duration_s


def test_a_take_is_driven_by_lines(engine: Callable[..., Program], tmp_path: Path) -> None:
    program, path = engine("--control"), tmp_path / "take.mp4"
    begin(program, path)
    program.send(command="pause")
    program.event("state", state="paused")
    program.send(command="nonsense")
    program.event("error", code="bad_command")
    program.send(command="resume")
    program.first(lambda event: event.get("timeS", 0) > 0.5, timeout_s=10, what="half a second")
    program.send(command="stop")
    end = program.event("state", state="finished")
    assert program.popen.wait(5) == 0
    assert end["bytes"] == path.stat().st_size
    assert end["durationS"] == pytest.approx(playable(path), abs=0.001)


def test_a_dead_parent_ends_the_take_but_does_not_cost_it(
    engine: Callable[..., Program], tmp_path: Path
) -> None:
    program, path = engine("--control"), tmp_path / "take.mp4"
    begin(program, path)
    program.first(lambda event: event.get("fragments", 0) > 0, timeout_s=10, what="a fragment")
    program.close_stdin()
    assert program.popen.wait(10) == 0
    assert manifest.read(path).state is TakeState.FINISHED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_finishes_the_file(
    engine: Callable[..., Program], tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "take.mp4"
    program = engine("--output", path, "--backend", "synthetic", "--title", "T")
    program.first(lambda event: event.get("fragments", 0) > 0, timeout_s=10, what="a fragment")
    program.popen.send_signal(number)
    assert program.popen.wait(10) == 0
    assert program.event("state", state="finished")["durationS"] > 0.5
    assert manifest.read(path).title == "T"


def test_an_idle_engine_leaves_when_its_parent_does(engine: Callable[..., Program]) -> None:
    program = engine("--control")
    program.event("state", state="idle")
    program.close_stdin()
    assert program.popen.wait(10) == 0


@pytest.mark.parametrize("display", ["still", "bar"])
def test_a_killed_recorder_leaves_a_file_that_plays_and_is_recovered_untouched(
    engine: Callable[..., Program], tmp_path: Path, display: str
) -> None:
    program, path = engine("--control"), tmp_path / "take.mp4"
    begin(program, path, display=display)
    program.first(lambda event: event.get("timeS", 0) > 2.9, timeout_s=15, what="three seconds")
    assert recover(tmp_path) == []  # it lives
    program.popen.kill()
    program.popen.wait()
    at = max(event.get("timeS", 0.0) for event in program.events + program.read_events())
    before = path.read_bytes()
    (found,) = recover(tmp_path)
    assert found.state is TakeState.INTERRUPTED
    assert found.bytes_committed == len(before)
    assert found.duration_s == pytest.approx(playable(path), abs=0.001)
    assert at - found.duration_s <= 1.2
    assert path.read_bytes() == before
    assert manifest.read(path) == found
    assert recover(tmp_path) == []


def test_a_torn_tail_is_left_where_it_is_and_not_counted(
    engine: Callable[..., Program], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    program = engine("--output", path, "--backend", "synthetic", "--no-audio")
    program.first(lambda event: event.get("fragments", 0) >= 3, timeout_s=15, what="three fragments")
    program.popen.kill()
    program.popen.wait()
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\x00\x00\x10\x00moof torn by a power cut")
    (found,) = recover(tmp_path)
    assert found.bytes_committed == whole
    assert path.stat().st_size > whole
