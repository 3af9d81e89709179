"""Drawing over a real X screen: what is drawn is in the film, and what is not is left alone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from Xlib import X
from Xlib.display import Display

from desktop.platform.compositing import windows_can_be_seen_through
from tests.support.over_screen import Told, hand
from tests.support.processes import Program, wait_until
from tests.support.services import Screen, require

pytest.importorskip("PySide6.QtWidgets")
if sys.platform != "linux":
    pytest.skip("X11", allow_module_level=True)

WAIT_S = 20.0
RED, GREEN, BLACK = (229, 56, 59), (0, 128, 0), (0, 0, 0)


def tell(app: Program, word: str) -> None:
    Told(app).tell(word)


class Below:
    """A window of another program, which somebody presents: green, and it counts the clicks on it."""

    def __init__(self) -> None:
        self.display = Display()
        screen = self.display.screen()
        self._window = screen.root.create_window(
            540, 310, 200, 100, 0, screen.root_depth, background_pixel=0x008000, override_redirect=True,
            event_mask=X.ButtonPressMask | X.ExposureMask,
        )  # fmt: skip
        self._window.map()
        self.display.next_event()  # it is on the screen
        self.clicks = 0

    def hears_a_click(self) -> None:
        """The overlay lets clicks through a moment after the key that ends it: until then they draw dots."""

        def click() -> bool:
            hand("mousemove 640 380 click 1")
            return self.clicked()

        wait_until(click, timeout_s=WAIT_S, what="a click below")

    def take_keyboard(self) -> None:
        self._window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self.display.sync()

    def has_keyboard(self) -> bool:
        found: bool = self.display.get_input_focus().focus == self._window
        return found

    def clicked(self) -> bool:
        while self.display.pending_events():
            self.clicks += self.display.next_event().type == X.ButtonPress
        return self.clicks > 0


@pytest.fixture
def below(xvfb: Screen) -> Iterator[Below]:
    window = Below()
    yield window
    window.display.close()


@pytest.fixture
def compositor(xvfb: Screen) -> Iterator[None]:
    """What makes windows see-through on an X server."""
    require("xcompmgr")
    with Program(["xcompmgr"]):
        wait_until(lambda: windows_can_be_seen_through("xcb"), timeout_s=WAIT_S, what="xcompmgr")
        yield


@pytest.fixture
def app(xvfb: Screen, below: Below) -> Iterator[Program]:
    require("xdotool")
    with Program(
        [sys.executable, "-m", "tests.support.over_screen"], env={"QT_QPA_PLATFORM": "xcb"}
    ) as program:
        program.says("ready", timeout_s=WAIT_S)
        yield program
        program.close_stdin()
        program.wait(WAIT_S)


def pixel(x: int, y: int) -> tuple[int, ...]:
    display = Display()
    try:
        data: Any = display.screen().root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data
        return data[2], data[1], data[0]
    finally:
        display.close()


def until(x: int, y: int, colour: tuple[int, ...]) -> None:
    wait_until(
        lambda: pixel(x, y) == colour, timeout_s=WAIT_S, what=f"{colour} at {x},{y}, not {pixel(x, y)}"
    )


def draw(*points: tuple[int, int]) -> None:
    ways = " ".join(f"mousemove {x} {y}" for x, y in points[1:])
    hand(f"mousemove {points[0][0]} {points[0][1]} mousedown 1 {ways} mouseup 1")


def test_what_is_drawn_is_in_the_film_and_clicks_go_below_again_afterwards(
    app: Program, below: Below, tmp_path: Path
) -> None:
    tell(app, "recording")
    film = tmp_path / "take.mp4"
    engine = [sys.executable, "-m", "capture", "--output", film, "--no-audio", "--encoder", "libx264"]
    with Program(engine) as recorder:
        recorder.event("state", state="recording")
        tell(app, "draw")
        draw((100, 400), (300, 400), (500, 400))
        until(300, 400, RED)
        # Over the button below, which must not hear it.
        draw((600, 350), (680, 350))
        until(640, 350, RED)
        assert not below.clicked()
        tell(app, "draw")
        below.hears_a_click()
        assert (pixel(560, 390), pixel(300, 410), pixel(300, 400)) == (GREEN, BLACK, RED)
        recorder.interrupt()
        recorder.event("state", state="finished")
        recorder.wait(WAIT_S)
    tell(app, "finished")
    until(300, 400, BLACK)
    last = last_picture(film)
    assert np.abs(last[400, 300] - RED).max() < 40
    assert np.abs(last[410, 300] - BLACK).max() < 20
    assert np.abs(last[350, 640] - RED).max() < 60
    assert np.abs(last[390, 560] - GREEN).max() < 40


def test_keys_choose_undo_and_leave(app: Program, below: Below) -> None:
    below.take_keyboard()
    tell(app, "draw")
    wait_until(lambda: focused() == "Heddle: drawing", timeout_s=WAIT_S, what="the keyboard's focus")
    hand("key b")
    draw((200, 200), (300, 300))
    until(200, 250, RED)
    assert pixel(250, 250) == BLACK
    hand("key 4 key a")
    draw((400, 200), (500, 200))
    until(450, 200, (47, 128, 237))
    hand("key ctrl+z")
    until(450, 200, BLACK)
    hand("key ctrl+shift+z")
    until(450, 200, (47, 128, 237))
    hand("key x")
    draw((200, 250), (201, 251))
    until(200, 250, BLACK)
    hand("key Delete")
    until(450, 200, BLACK)
    hand("key p")
    draw((400, 200), (500, 200))
    until(450, 200, (47, 128, 237))
    hand("key Escape")
    below.hears_a_click()
    # Keys go to who had them, though the stroke and with it its window is still there.
    wait_until(below.has_keyboard, timeout_s=WAIT_S, what="the keyboard given back")
    assert pixel(450, 200) == (47, 128, 237)


def test_the_tools_can_be_clicked_while_the_mouse_draws(app: Program, below: Below) -> None:
    tell(app, "draw")
    search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "tools to draw"]
    command = [*search, "getwindowgeometry", "--shell"]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=WAIT_S).stdout
    place = dict(line.split("=") for line in found.splitlines() if "=" in line)
    draw((200, 400), (300, 400))
    until(250, 400, RED)
    # The last of the row is “Done”.
    x, y = int(place["X"]) + int(place["WIDTH"]) - 25, int(place["Y"]) + int(place["HEIGHT"]) // 2
    hand(f"mousemove {x} {y} click 1")
    below.hears_a_click()


@pytest.mark.usefixtures("compositor")
def test_where_windows_are_see_through_so_are_highlighter_and_what_fades(below: Below, xvfb: Screen) -> None:
    command = [sys.executable, "-m", "tests.support.over_screen"]
    with Program(command, env={"QT_QPA_PLATFORM": "xcb"}) as app:
        app.says("ready", timeout_s=WAIT_S)
        ground = pixel(300, 500)
        tell(app, "draw")
        wait_until(lambda: focused() == "Heddle: drawing", timeout_s=WAIT_S, what="the keyboard's focus")
        hand("key h")
        draw((100, 500), (300, 500), (500, 500))
        wait_until(lambda: pixel(300, 500) != ground, timeout_s=WAIT_S, what="the highlighter")
        red, green, _ = (new - old for new, old in zip(pixel(300, 500), ground, strict=True))
        assert red - green > 40
        assert pixel(300, 500) != RED
        hand("key p key f")
        draw((600, 350), (680, 350))
        until(640, 350, RED)
        assert pixel(560, 390) == GREEN
        until(640, 350, GREEN)
        assert not below.clicked()
        hand("key Escape")
        below.hears_a_click()
        app.close_stdin()
        app.wait(WAIT_S)


def focused() -> str:
    command = ["xdotool", "getwindowfocus", "getwindowname"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def last_picture(film: Path) -> np.ndarray:
    with av.open(str(film), format="mp4") as file:
        *_, last = file.decode(video=0)
        return last.to_ndarray(format="rgb24").astype(int)
