"""What the demonstration films."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from Xlib import X
from Xlib.display import Display

from desktop.demo.content import TEXT, typed
from tests.support.services import Screen


@pytest.mark.parametrize(
    ("letters", "place"),
    [(0, (0, 0)), (5, (0, 5)), (len(TEXT[0]), (0, len(TEXT[0]))), (len(TEXT[0]) + 1, (1, 0))],
)
def test_text_is_typed_line_by_line(letters: int, place: tuple[int, int]) -> None:
    assert typed(letters) == place


def test_a_full_sheet_rests_and_then_begins_anew() -> None:
    length = sum(len(line) + 1 for line in TEXT)
    assert typed(length + 1) == (len(TEXT) - 1, len(TEXT[-1]))
    assert typed(length + 42) == (0, 0)


def test_something_is_shown_and_moves(xvfb: Screen) -> None:
    command = [sys.executable, "-m", "desktop.demo.content", "--fullscreen", "--silent"]
    with subprocess.Popen(command) as content:
        display = Display()
        try:
            first = until(lambda: picture(display) if any(picture(display)) else None)
            until(lambda: picture(display) != first or None)
        finally:
            display.close()
            content.terminate()
        assert content.wait(10) == 0


def picture(display: Display) -> bytes:
    """The clock's part of the screen."""
    return bytes(display.screen().root.get_image(80, 120, 400, 80, X.ZPixmap, 0xFFFFFFFF).data)


def until(probe: Callable[[], bytes | bool | None]) -> bytes | bool:
    deadline = time.monotonic() + 20
    while (answer := probe()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return answer
