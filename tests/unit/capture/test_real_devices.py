"""A real X screen, filmed."""

import contextlib
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError
from Xlib.ext import xtest

from capture.errors import BadRegion, ScreenChanged
from capture.model import Rect, ScreenRequest
from capture.ports import ScreenSource
from tests.support.processes import Program
from tests.support.services import Screen, require, shrink_screen, split_screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11 and PulseAudio")

REGION = Rect(0, 0, 64, 64)
RED, BLUE = 0xFF0000, 0x0000FF


class Wall:
    """A window over the whole screen to draw on; what was drawn is on the screen when `fill` returns."""

    def __init__(self, name: str) -> None:
        self.display = Display(name)
        screen = self.display.screen()
        self.window = screen.root.create_window(
            0, 0, screen.width_in_pixels, screen.height_in_pixels, 0, screen.root_depth,
            override_redirect=True, background_pixel=RED,
        )  # fmt: skip
        self.window.map()
        self.pen = self.window.create_gc(foreground=BLUE)
        self.display.sync()

    def fill(self, area: Rect) -> None:
        self.window.fill_rectangle(self.pen, area.x, area.y, area.width, area.height)
        self.display.sync()

    def point_to(self, x: int, y: int) -> None:
        self.display.screen().root.warp_pointer(x, y)
        self.display.sync()

    def move_mouse(self, x: int, y: int) -> None:
        """As a hand would: unlike `point_to`, the server tells of it."""
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        self.display.sync()


@pytest.fixture
def wall(xvfb: Screen) -> Iterator[Wall]:
    wall = Wall(xvfb.name)
    yield wall
    with contextlib.suppress(ConnectionClosedError):  # a test may have killed the server
        wall.display.close()


@pytest.fixture
def source(xvfb: Screen, wall: Wall) -> Iterator[Callable[..., ScreenSource]]:
    from capture.backends import screen_x11

    opened: list[ScreenSource] = []

    def open_source(region: Rect | None = None, display: str | None = xvfb.name) -> ScreenSource:
        opened.append(screen_x11.open(ScreenRequest(display, region, 30)))
        return opened[-1]

    yield open_source
    for one in opened:
        one.close()


def test_the_first_picture_is_the_whole_screen(source: Callable[..., ScreenSource], xvfb: Screen) -> None:
    screen = source()
    picture = screen.grab(thorough=True)
    assert picture is not None
    assert picture.buffer.pixels.shape == (xvfb.height, xvfb.width, 4)
    assert (picture.buffer.pixels[:, :, :3] == (0, 0, 255)).all()
    assert picture.dirty == (1 << xvfb.height // 16) - 1


def test_an_unchanged_screen_gives_nothing(source: Callable[..., ScreenSource]) -> None:
    screen = source()
    screen.grab(thorough=True)
    assert screen.grab(thorough=False) is None
    assert screen.grab(thorough=True) is None
    assert screen.again().dirty == 0


def test_it_knows_without_looking_that_nothing_happened(
    source: Callable[..., ScreenSource], wall: Wall
) -> None:
    screen: Any = source()
    screen.grab(thorough=True)
    while screen.grab(thorough=False) is not None:
        pass  # the wall's own drawing
    assert screen.quiet()
    wall.fill(Rect(100, 32, 50, 10))
    assert not screen.quiet()
    assert not screen.quiet(), "asking must not take the news away"
    assert screen.grab(thorough=False) is not None
    assert screen.quiet()


def test_a_moving_mouse_is_no_quiet(source: Callable[..., ScreenSource], wall: Wall) -> None:
    screen: Any = source()
    screen.grab(thorough=True)
    while screen.grab(thorough=False) is not None:
        pass
    wall.move_mouse(40, 50)
    assert not screen.quiet()
    picture = screen.grab(thorough=False)
    assert picture is not None
    assert (picture.dirty, len(picture.sprites)) == (0, 1)
    assert screen.quiet()


@pytest.mark.parametrize("held", [False, True])
def test_only_the_bands_that_were_drawn_on_are_dirty(
    source: Callable[..., ScreenSource], wall: Wall, held: bool
) -> None:
    screen = source()
    first = screen.grab(thorough=True)
    assert first is not None
    if not held:
        first.buffer.release()
    wall.fill(Rect(100, 32, 50, 10))
    picture = screen.grab(thorough=False)
    assert picture is not None
    assert picture.dirty == 1 << 2
    assert (picture.buffer.pixels[32:42, 100:150, :3] == (255, 0, 0)).all()
    assert (picture.buffer.pixels[42:, :, :3] == (0, 0, 255)).all()
    if held:
        assert (first.buffer.pixels[:, :, :3] == (0, 0, 255)).all()


def test_what_is_drawn_between_the_report_and_the_copy_is_not_lost(
    source: Callable[..., ScreenSource], wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen: Any = source()
    first = screen.grab(thorough=True)  # held: the whole screen is copied next
    wall.fill(Rect(0, 32, 50, 10))
    shoot = screen._shoot

    def late(*place: Any) -> Any:
        wall.fill(Rect(0, 320, 50, 10))
        return shoot(*place)

    monkeypatch.setattr(screen, "_shoot", late)
    picture = screen.grab(thorough=False)
    assert picture.dirty == 1 << 2 | 1 << 20
    first.buffer.release()


def test_what_no_report_tells_of_is_found_nevertheless_and_then_reports_are_not_trusted(
    source: Callable[..., ScreenSource], wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture.backends import x11_film

    screen: Any = source()
    screen.grab(thorough=True).buffer.release()
    for _ in range(x11_film.WHOLE_CHECKS):
        assert screen.grab(thorough=True) is None
    monkeypatch.setattr(screen._watch._damage, "take", list)  # a driver that reports nothing
    for row in range(0, 720, 180):
        wall.fill(Rect(row, row, 16, 16))
        found = []
        for _ in range(x11_film.PARTS):
            picture = screen.grab(thorough=True)
            if picture is not None:
                found.append(picture.dirty)
                picture.buffer.release()
        assert len(found) == 1
    wall.fill(Rect(500, 0, 16, 16))
    assert screen.grab(thorough=False) is not None


def test_what_is_drawn_outside_of_the_region_does_not_matter(
    source: Callable[..., ScreenSource], wall: Wall
) -> None:
    screen = source(Rect(200, 200, 320, 160))
    screen.grab(thorough=True)
    wall.fill(Rect(0, 0, 100, 100))
    assert screen.grab(thorough=False) is None
    wall.fill(Rect(200, 200, 10, 10))
    picture = screen.grab(thorough=False)
    assert picture is not None
    assert (picture.buffer.pixels[:10, :10, 0] == 255).all()


def test_drawing_the_same_again_is_no_change(source: Callable[..., ScreenSource], wall: Wall) -> None:
    wall.fill(Rect(0, 0, 64, 64))
    screen = source()
    screen.grab(thorough=True)
    wall.fill(Rect(0, 0, 64, 64))
    assert screen.grab(thorough=False) is None


def test_the_pointer_is_followed_without_a_change_of_pixels(
    source: Callable[..., ScreenSource], wall: Wall
) -> None:
    wall.point_to(10, 10)
    screen = source(Rect(0, 0, 640, 480))
    screen.grab(thorough=True)
    wall.point_to(300, 200)
    picture = screen.grab(thorough=False)
    assert picture is not None
    assert picture.dirty == 0
    (pointer,) = picture.sprites
    assert abs(pointer.x - 300) < 32
    assert abs(pointer.y - 200) < 32
    wall.point_to(1000, 600)
    gone = screen.grab(thorough=False)
    assert gone is not None
    assert gone.sprites == ()


def test_a_server_that_dies_is_an_error(source: Callable[..., ScreenSource], xvfb: Screen) -> None:
    from capture.errors import ScreenLost

    screen = source()
    screen.grab(thorough=True)
    xvfb.process.kill()
    xvfb.process.wait()
    with pytest.raises(ScreenLost):
        screen.grab(thorough=False)


def test_a_monitor_that_has_another_size_is_to_be_opened_anew(
    source: Callable[..., ScreenSource], wall: Wall, xvfb: Screen
) -> None:
    screen = source()
    screen.grab(thorough=True)
    shrink_screen(xvfb, 640, 400)
    with pytest.raises(ScreenChanged):
        screen.grab(thorough=True)


def test_a_region_goes_where_its_monitor_goes(
    source: Callable[..., ScreenSource], wall: Wall, xvfb: Screen
) -> None:
    split_screen(xvfb, ("left", 0, 0, 640, 720), ("right", 640, 0, 640, 720))
    screen = source(Rect(100, 100, 200, 200), "right")
    screen.grab(thorough=True)
    for change in (("--delmonitor", "right"), ("--setmonitor", "right", "640/160x400/100+640+200", "none")):
        subprocess.run(["xrandr", *change], check=True)
    shrink_screen(xvfb, xvfb.width, 700)  # of a monitor that is but a name nobody is told
    with pytest.raises(ScreenChanged):
        screen.grab(thorough=True)


@pytest.mark.parametrize("display", ["0", None])
def test_a_monitor_that_is_gone_is_black_and_no_other_takes_its_place(
    source: Callable[..., ScreenSource], wall: Wall, xvfb: Screen, display: str | None
) -> None:
    split_screen(xvfb, ("left", 0, 0, xvfb.width, xvfb.height))
    screen = source(display=display)
    screen.grab(thorough=True)
    assert screen.trouble() is None
    shrink_screen(xvfb, 640, 400, "left")
    wall.fill(Rect(0, 384, 64, 16))
    picture = screen.grab(thorough=True)
    assert picture is not None
    pixels = picture.buffer.pixels[:, :, :3]
    assert (pixels[390, :64] == (255, 0, 0)).all()
    assert (pixels[:380, :640] == (0, 0, 255)).all()
    assert (pixels[400:] == 0).all()
    assert (pixels[:, 640:] == 0).all()
    trouble = screen.trouble()
    assert trouble is not None
    assert trouble.code == "display_changed"
    assert screen.trouble() is None


def test_monitors_are_named_and_unknown_ones_refused(xvfb: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.backends import screen_x11

    first = screen_x11.open(ScreenRequest("0", None, 30))
    assert (first.width, first.height) == (xvfb.width, xvfb.height)
    first.close()
    with pytest.raises(BadRegion, match="no such monitor"):
        screen_x11.open(ScreenRequest("7", None, 30))


@pytest.fixture
def monitors(xvfb: Screen) -> None:
    """Two on the one screen, with gaps in their bounding box; the second one is the primary."""
    require("xrandr")
    for name, place, output in (
        ("left", "640/160x480/120+0+0", "screen"),  # instead of the one that Xvfb has
        ("*right", "320/80x200/50+800+100", "none"),
    ):
        subprocess.run(["xrandr", "--setmonitor", name, place, output], check=True)


@pytest.mark.parametrize("backend", ["screen_x11", "screen_mss"])
@pytest.mark.parametrize("display", ["all", "0,1", " 1, 0"])
def test_several_displays_are_one_picture_with_black_between_them(
    wall: Wall, monitors: None, backend: str, display: str
) -> None:
    module = importlib.import_module(f"capture.backends.{backend}")
    wall.point_to(1200, 700)
    screen = module.open(ScreenRequest(display))
    assert (screen.width, screen.height) == (1120, 480)
    picture = screen.grab(thorough=True)
    assert picture is not None
    pixels = picture.buffer.pixels[:, :, :3]
    assert (pixels[:, :640] == (0, 0, 255)).all()
    assert (pixels[100:300, 800:] == (0, 0, 255)).all()
    assert (pixels[:, 640:800] == 0).all()
    assert (pixels[:100, 640:] == 0).all()
    assert (pixels[300:, 640:] == 0).all()
    picture.buffer.release()
    wall.fill(Rect(700, 0, 20, 480))
    assert screen.grab(thorough=False) is None
    screen.close()


@pytest.mark.parametrize(
    ("wanted", "filmed"),
    [
        (ScreenRequest("7", or_first=True), None),
        (ScreenRequest("left, 7", or_first=True), None),
        (ScreenRequest("left, 1", or_first=True), "left, 1"),
        (ScreenRequest("all", or_first=True), "all"),
        (ScreenRequest(":7", or_first=True), ":7"),
        (ScreenRequest("7"), "7"),
        (ScreenRequest("7", REGION), "7"),
        (ScreenRequest("1", REGION, or_first=True), "1"),
    ],
)
def test_only_a_display_that_may_be_replaced_is(
    monitors: None, wanted: ScreenRequest, filmed: str | None
) -> None:
    from capture.screens import there

    assert there(wanted) == replace(wanted, display=filmed)
    with pytest.raises(BadRegion, match="on no screen"):
        there(ScreenRequest("7", REGION, or_first=True))


def test_displays_are_listed_the_primary_one_first(wall: Wall, monitors: None) -> None:
    from capture.screens import list_displays

    assert [(one.id, one.name, one.geometry, one.primary) for one in list_displays()] == [
        ("0", "right", Rect(800, 100, 320, 200), True),
        ("1", "left", Rect(0, 0, 640, 480), False),
    ]


def test_where_there_is_no_screen_none_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.screens import list_displays, list_windows

    monkeypatch.setenv("DISPLAY", ":7654")
    assert list_displays() == []
    assert list_windows() == []


def test_mss_films_the_same(xvfb: Screen, wall: Wall) -> None:
    from capture.backends import screen_mss

    request = ScreenRequest(xvfb.name, Rect(100, 100, 200, 100), 30)
    assert screen_mss.probe(request).usable
    screen = screen_mss.open(request)
    wall.fill(Rect(100, 148, 200, 10))
    picture = screen.grab(thorough=True)
    assert picture is not None
    assert (picture.buffer.pixels[48:58, :, :3] == (255, 0, 0)).all()
    assert (picture.buffer.pixels[58:, :, :3] == (0, 0, 255)).all()
    assert screen.grab(thorough=True) is None
    wall.fill(Rect(100, 100, 1, 1))
    changed = screen.grab(thorough=True)
    assert changed is not None
    assert changed.dirty == 1
    screen.close()


def test_the_screen_is_recorded_in_its_colours_with_the_pointer(
    xvfb: Screen, wall: Wall, tmp_path: Path
) -> None:
    wall.fill(Rect(0, 0, 640, 720))
    wall.point_to(900, 300)
    path = tmp_path / "take.mp4"
    with Program(
        [sys.executable, "-m", "capture", "--output", path, "--no-audio", "--seconds", "0.6"]
    ) as program:
        assert program.event("state", state="recording")["backend"] == "screen_x11"
        program.event("state", state="finished")
    with av.open(str(path), format="mp4") as file:
        picture = next(file.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert np.abs(picture[100, 300] - (0, 0, 255)).max() < 12
    assert np.abs(picture[600, 1000] - (255, 0, 0)).max() < 12
    pointer = np.abs(picture[280:320, 880:920] - (255, 0, 0)).max(axis=2) > 60
    assert 20 < np.count_nonzero(pointer) < 800


def test_a_display_that_changes_during_a_take_is_told_and_the_take_goes_on(
    xvfb: Screen, wall: Wall, tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    with Program([sys.executable, "-m", "capture", "--output", path, "--no-audio"]) as program:
        program.event("state", state="recording")
        shrink_screen(xvfb, 640, 400)
        program.event("health", code="display_changed")
        program.first(lambda line: line.get("timeS", 0) > 2.5, timeout_s=30, what="more of it")
        program.interrupt()
        end = program.event("state", state="finished", timeout_s=30)
    with av.open(str(path), format="mp4") as file:
        pictures = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    assert len(pictures) == end["encoded"]
    assert pictures[0].shape == pictures[-1].shape == (720, 1280, 3)
    # In the middle, as large as it is.
    assert pictures[-1][200, 400, 0] > 200
    assert pictures[-1][:150].max() < 12
    assert pictures[-1][570:].max() < 12
    assert pictures[-1][:, :310].max() < 12
