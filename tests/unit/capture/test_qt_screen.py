"""Qt as the last resort: its program is started, read and ended; what goes wrong with it is said in words."""

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from capture.backends import screen_qt
from capture.errors import CaptureError, ScreenLost, ScreenRefused
from capture.model import Rect, ScreenRequest
from capture.preview import PREFIX
from tests.support.processes import Program, wait_until
from tests.support.services import Screen
from tests.support.walls import XWall, eventually

# Stand-ins for the program: what they say and write is what the real one would.
FIRST_PICTURE = """
import json, sys, time
from capture.preview import PreviewWriter
def show(width, height, value):
    memory = PreviewWriter(width, height)
    with memory.begin(width, height) as pixels:
        pixels[:] = bytes([value]) * len(pixels)
    memory.commit(time.monotonic())
    print(json.dumps({"memory": str(memory.path)}), flush=True)
    return memory
first = show(64, 32, 10)
"""
GROWS = f"{FIRST_PICTURE}\nfirst.close()\nlater = show(80, 48, 20)\nsys.stdin.read()\nlater.close()"
FAILS = f"""{FIRST_PICTURE}
print(json.dumps({{"failed": "the cable is out"}}), flush=True)
sys.stdin.read()
first.close()"""
ENDS = f"{FIRST_PICTURE}\nfirst.close()"
SILENT = "import sys; sys.stdin.read()"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def put(script: str) -> None:
        monkeypatch.setattr(screen_qt, "command", lambda *_: [sys.executable, "-c", script])

    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return put


def test_a_screen_that_grows_comes_through_larger_memory(program: Callable[[str], None]) -> None:
    program(GROWS)
    with closing(screen_qt.open(ScreenRequest(region=Rect(0, 0, 64, 32)))) as source:
        assert (source.width, source.height) == (64, 32)
        picture = eventually(lambda: source.grab(thorough=False), "a picture")
        if picture.buffer.pixels[0, 0, 0] == 10:
            picture = eventually(lambda: source.grab(thorough=False), "the later picture")
        assert (picture.buffer.pixels == 20).all()


@pytest.mark.parametrize(("script", "words"), [(FAILS, "the cable is out"), (ENDS, "program ended")])
def test_a_program_that_fails_is_a_screen_that_went_away(
    program: Callable[[str], None], script: str, words: str
) -> None:
    program(script)
    with pytest.raises(ScreenLost, match=words), closing(screen_qt.open(ScreenRequest())) as source:
        eventually(lambda: source.grab(thorough=False) and None, "its end")


def test_no_person_is_asked_a_second_time_by_itself(
    program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-none")
    program(FAILS)
    with pytest.raises(ScreenRefused), closing(screen_qt.open(ScreenRequest())) as source:
        eventually(lambda: source.grab(thorough=False) and None, "its end")


def test_a_program_without_a_picture_is_given_up(
    program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    program(SILENT)
    monkeypatch.setattr(screen_qt, "FIRST_S", 0.2)
    with pytest.raises(ScreenLost, match=r"within 0\.2 s"):
        screen_qt.open(ScreenRequest())


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (ScreenRequest(window="active"), "not single windows"),
        (ScreenRequest("all"), "one display at a time"),
        (ScreenRequest("0,1"), "one display at a time"),
    ],
)
def test_windows_and_several_displays_are_for_others(wish: ScreenRequest, words: str) -> None:
    assert words in screen_qt.probe(wish).reason
    with pytest.raises(CaptureError):
        screen_qt.open(wish)


def test_without_the_module_it_says_what_to_install(program: Callable[[str], None]) -> None:
    program("import PySide6; PySide6.__path__ = []; import PySide6.QtMultimedia")
    answer = screen_qt.probe(ScreenRequest())
    assert not answer.usable
    assert "No module named 'PySide6.QtMultimedia'" in answer.reason
    assert "`desktop`" in answer.reason


def test_a_display_that_is_not_there_is_named(xvfb: Screen) -> None:
    answer = screen_qt.probe(ScreenRequest("7"))
    assert not answer.usable
    assert "no display '7'" in answer.reason


def test_nothing_is_left_of_it_when_the_recorder_is_killed(xvfb: Screen, tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    before = set(memory.glob(f"{PREFIX}*"))
    command = [
        sys.executable,
        "-m",
        "capture",
        "--no-audio",
        "--backend",
        "qt",
        "--output",
        tmp_path / "t.mp4",
    ]
    with Program(command) as engine, closing(XWall(xvfb.name)):
        assert engine.event("state", state="recording")["backend"] == "screen_qt"
        assert set(memory.glob(f"{PREFIX}*")) > before
        engine.popen.kill()
        engine.wait(10)
    wait_until(
        lambda: set(memory.glob(f"{PREFIX}*")) <= before, timeout_s=10, what="the shared memory given back"
    )
