"""The monitors of a real X screen: several of them, by name and number, and what becomes of a film of one."""

import importlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest

from capture.errors import BadRegion, ScreenChanged
from capture.model import Rect, ScreenRequest
from capture.ports import ScreenSource
from tests.support.processes import Program
from tests.support.services import Screen, require, shrink_screen, split_screen
from tests.support.walls import XWall

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11")

REGION = Rect(0, 0, 64, 64)


def test_a_monitor_that_has_another_size_is_to_be_opened_anew(
    source: Callable[..., ScreenSource], wall: XWall, xvfb: Screen
) -> None:
    screen = source()
    screen.grab(thorough=True)
    shrink_screen(xvfb, 640, 400)
    with pytest.raises(ScreenChanged):
        screen.grab(thorough=True)


def test_a_region_goes_where_its_monitor_goes(
    source: Callable[..., ScreenSource], wall: XWall, xvfb: Screen
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
    source: Callable[..., ScreenSource], wall: XWall, xvfb: Screen, display: str | None
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
    wall: XWall, monitors: None, backend: str, display: str
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


def test_displays_are_listed_the_primary_one_first(wall: XWall, monitors: None) -> None:
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


def test_a_display_that_changes_during_a_take_is_told_and_the_take_goes_on(
    xvfb: Screen, wall: XWall, tmp_path: Path
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
