"""The region selector on several screens of several scales: what is drawn over is what is recorded."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ImageColor, ImageGrab

pytest.importorskip("PySide6.QtWidgets")

from desktop.models.region import Box, Screen, for_engine
from desktop.models.sources import Item, Place
from desktop.views.tokens import FLOATING
from tests.support.over_screen import hand
from tests.support.processes import Program, wait_until
from tests.support.services import Screen as XScreen
from tests.support.services import require, split_screen

WAIT_S = 30.0
LIVE = ImageColor.getrgb(FLOATING.live)
TWO = (("A", 0, 0, 800, 600), ("B", 800, 100, 480, 500))
DISPLAYS = tuple(
    Item(str(number), name, place=Place(*place)) for number, (name, *place) in enumerate(TWO)
)  # fmt: skip

# Drags, from and to, and what the recorder is asked for: which display, and where on it.
DRAGS: list[Any] = [
    ((100, 100), (400, 300), ["0", [100, 100, 300, 200]]),
    ((840, 150), (1240, 550), ["1", [40, 50, 400, 400]]),
    ((1240, 550), (840, 150), ["1", [40, 50, 400, 400]]),  # from below
    ((700, 200), (900, 400), ["all", [700, 200, 200, 200]]),  # over both
]


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
@pytest.mark.parametrize("scales", ["A=1;B=2", "A=2;B=1", "A=1.5;B=1.25"])
def test_the_region_that_is_drawn_is_the_one_that_is_recorded(
    xvfb: XScreen, heddle_home: Path, scales: str
) -> None:
    require("xdotool")
    split_screen(xvfb, *TWO)
    command = [sys.executable, "-m", "tests.support.choosing"]
    env = {"QT_QPA_PLATFORM": "xcb", "QT_SCREEN_SCALE_FACTORS": scales}
    with Program(command, env=env) as program:
        for number, (begin, end, wanted) in enumerate(DRAGS, start=1):
            wait_until(lambda n=number: program.stdout.count("ready") == n, timeout_s=WAIT_S, what="covers")
            middle = [(one + other) // 2 for one, other in zip(begin, end, strict=True)]
            spots = " ".join(f"mousemove {x} {y}" for x, y in (middle, end))
            hand(f"mousemove {begin[0]} {begin[1]} mousedown 1 {spots} mouseup 1")
            hand("key Return")
            wait_until(lambda n=number: len(chosen(program)) == n, timeout_s=WAIT_S, what="a region")
            display, region = for_engine(chosen(program)[-1], DISPLAYS)
            assert display == wanted[0]
            # A point of a screen of twice the scale is two pixels.
            assert list(region) == pytest.approx(wanted[1], abs=3)
        program.close_stdin()
        program.wait(WAIT_S)


def chosen(program: Program) -> list[Box]:
    """All of them so far."""
    lines = program.stdout.splitlines(keepends=True)
    return [Box(*json.loads(line[7:])) for line in lines if line.startswith("chosen ") and line[-1] == "\n"]


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
@pytest.mark.parametrize("scales", ["A=1;B=2", "A=1.5;B=1.25"])
@pytest.mark.parametrize(
    ("box", "sides"),
    [
        (Box(101, 103, 301, 203), 4),
        (Box(900, 150, 200, 200), 4),
        (Box(0, 0, 300, 200), 2),  # in a corner
        (Box(800, 100, 480, 500), 0),  # all of a screen
        (Box(700, 200, 200, 200), 0),  # on both
    ],
)
def test_the_line_around_a_region_is_not_in_its_picture(
    xvfb: XScreen, heddle_home: Path, scales: str, box: Box, sides: int
) -> None:
    split_screen(xvfb, *TWO)
    command = [sys.executable, "-m", "tests.support.framing", box.x, box.y, box.width, box.height]
    env = {"QT_QPA_PLATFORM": "xcb", "QT_SCREEN_SCALE_FACTORS": scales}
    with Program(command, env=env) as program:
        program.says("ready")
        seen = np.asarray(ImageGrab.grab(xdisplay=xvfb.name)) == LIVE
        program.close_stdin()
        program.wait(WAIT_S)
    lit = seen.all(axis=2)
    assert not lit[box.y : box.bottom, box.x : box.right].any()
    x, y = box.x + box.width // 2, box.y + box.height // 2
    along = [lit[y, : box.x], lit[y, box.right :], lit[: box.y, x], lit[box.bottom :, x]]
    assert sum(line.any() for line in along) == sides


def test_a_whole_screen_is_that_screen_although_its_points_are_no_whole_pixels() -> None:
    """1366 pixels are 780.57 points of 1.75, which Qt rounds up to what would be 1367."""
    places = (Place(0, 0, 1366, 768), Place(1366, 0, 1280, 720))
    displays = tuple(Item(str(number), "", place=place) for number, place in enumerate(places))
    whole = Screen(0, 0, 781, 439, 1.75).box
    assert whole.width == 1367
    assert for_engine(whole, displays) == ("0", (0, 0, 1366, 768))
    assert for_engine(Box(1300, 0, 200, 200), displays)[0] == "all"
    assert for_engine(Box(1366, 0, 1280, 721), displays) == ("1", (0, 0, 1280, 720))
