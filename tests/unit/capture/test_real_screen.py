"""A real X screen, filmed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from capture.model import Rect, ScreenRequest
from capture.ports import ScreenSource
from tests.support.processes import Program
from tests.support.services import Screen
from tests.support.walls import XWall

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11")


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
    source: Callable[..., ScreenSource], wall: XWall
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


def test_a_moving_mouse_is_no_quiet(source: Callable[..., ScreenSource], wall: XWall) -> None:
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
    source: Callable[..., ScreenSource], wall: XWall, held: bool
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
    source: Callable[..., ScreenSource], wall: XWall, monkeypatch: pytest.MonkeyPatch
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
    source: Callable[..., ScreenSource], wall: XWall, monkeypatch: pytest.MonkeyPatch
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
    source: Callable[..., ScreenSource], wall: XWall
) -> None:
    screen = source(Rect(200, 200, 320, 160))
    screen.grab(thorough=True)
    wall.fill(Rect(0, 0, 100, 100))
    assert screen.grab(thorough=False) is None
    wall.fill(Rect(200, 200, 10, 10))
    picture = screen.grab(thorough=False)
    assert picture is not None
    assert (picture.buffer.pixels[:10, :10, 0] == 255).all()


def test_drawing_the_same_again_is_no_change(source: Callable[..., ScreenSource], wall: XWall) -> None:
    wall.fill(Rect(0, 0, 64, 64))
    screen = source()
    screen.grab(thorough=True)
    wall.fill(Rect(0, 0, 64, 64))
    assert screen.grab(thorough=False) is None


def test_the_pointer_is_followed_without_a_change_of_pixels(
    source: Callable[..., ScreenSource], wall: XWall
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


def test_mss_films_the_same(xvfb: Screen, wall: XWall) -> None:
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
    xvfb: Screen, wall: XWall, tmp_path: Path
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
