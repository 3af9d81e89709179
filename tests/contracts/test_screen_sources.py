"""One behaviour for every source of screens: real ones on a real X server, those of Windows and macOS against
stand-ins that behave as the vendors' documentation says."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from capture.backends import synthetic
from capture.compare import all_bands
from capture.errors import CaptureError
from capture.model import Picture, Rect, ScreenRequest
from capture.ports import ScreenBackend, ScreenSource
from tests.support.fake_sck import show_mac
from tests.support.fake_windows import show_through_duplication, show_through_wgc
from tests.support.walls import BLUE, RED, Wall, XWall, colour, eventually, show_through_device

SIZE = (320, 208)
GDIGRAB = {"draw_mouse", "framerate", "show_region", "video_size", "offset_x", "offset_y"}
AVFOUNDATION = {"framerate", "capture_cursor", "capture_mouse_clicks", "pixel_format", "video_size"}


@dataclass
class Stand:
    """A backend, and a wall that it films."""

    backend: ScreenBackend
    wall: Any
    nowhere: ScreenRequest  # what cannot be filmed
    display: str | None = None
    opened: list[ScreenSource] = field(default_factory=list)

    def request(self, region: Rect | None = None) -> ScreenRequest:
        return ScreenRequest(self.display, region, 30)

    def open(self, region: Rect | None = None) -> ScreenSource:
        source = self.backend.open(self.request(region))
        self.opened.append(source)
        return source

    def first(self, source: ScreenSource) -> Picture:
        picture: Picture = eventually(lambda: source.grab(thorough=False), "the first picture")
        return picture


REAL = ["screen_x11", "screen_mss", "screen_qt"]
FAKED: dict[str, Callable[[Wall, pytest.MonkeyPatch], object]] = {
    "screen_ddagrab": show_through_duplication,
    "screen_wgc": show_through_wgc,
    "screen_gdigrab": lambda wall, patch: show_through_device(wall, patch, "gdigrab", "win32", GDIGRAB),
    "screen_sck": show_mac,
    "screen_avfoundation": lambda wall, patch: show_through_device(
        wall, patch, "avfoundation", "darwin", AVFOUNDATION
    ),
}


def _backend(name: str) -> Any:
    return importlib.import_module(f"capture.backends.{name}")


@pytest.fixture(params=[*REAL, *FAKED])
def stand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    name = request.param
    if name in REAL:
        screen = request.getfixturevalue("xvfb")
        stand = Stand(_backend(name), XWall(screen.name), ScreenRequest(":4040", None, 30), screen.name)
    else:
        wall = Wall(*SIZE)
        FAKED[name](wall, monkeypatch)
        stand = Stand(_backend(name), wall, ScreenRequest("9", None, 30))
    yield stand
    for source in stand.opened:
        source.close()
    if name in REAL:
        stand.wall.close()


def test_it_can_be_used_here(stand: Stand) -> None:
    assert stand.backend.probe(stand.request()).usable


def test_what_cannot_be_filmed_has_a_reason(stand: Stand) -> None:
    answer = stand.backend.probe(stand.nowhere)
    assert not answer.usable
    assert len(answer.reason.split()) > 2
    with pytest.raises(CaptureError) as caught:
        stand.backend.open(stand.nowhere)
    assert caught.value.title


def test_its_size_is_that_of_the_screen(stand: Stand) -> None:
    source = stand.open()
    assert (source.width, source.height) == (stand.wall.width, stand.wall.height)


def test_odd_sizes_become_even(stand: Stand) -> None:
    source = stand.open(Rect(11, 13, 101, 51))
    assert (source.width, source.height) == (100, 50)


def test_the_first_picture_is_whole(stand: Stand) -> None:
    source = stand.open()
    picture = stand.first(source)
    assert picture.buffer.pixels.shape == (source.height, source.width, 4)
    assert picture.dirty == all_bands(source.height)
    assert colour(picture, Rect(0, 0, source.width - 32, source.height - 32)) == {RED}


def test_an_unchanged_screen_gives_nothing(stand: Stand) -> None:
    source = stand.open()
    stand.first(source)
    assert [source.grab(thorough=flag) for flag in (False, True, False)] == [None, None, None]


def test_drawing_the_same_again_gives_nothing(stand: Stand) -> None:
    stand.wall.fill(Rect(0, 0, 64, 64))
    source = stand.open()
    stand.first(source)
    stand.wall.fill(Rect(0, 0, 64, 64))
    assert [source.grab(thorough=False) for _ in range(5)] == [None] * 5


def test_what_is_drawn_is_given_with_its_bands(stand: Stand) -> None:
    source = stand.open()
    before = stand.first(source)
    stand.wall.fill(Rect(96, 36, 50, 10))
    picture = eventually(lambda: source.grab(thorough=False), "the change")
    assert picture.dirty == 1 << 2
    assert colour(picture, Rect(96, 36, 50, 10)) == {BLUE}
    assert colour(picture, Rect(0, 64, 200, 100)) == {RED}
    assert colour(before, Rect(96, 36, 50, 10)) == {RED}  # it was held: nobody wrote into it


def test_again_gives_the_last_picture_with_nothing_dirty(stand: Stand) -> None:
    source = stand.open()
    first = stand.first(source)
    again = source.again()
    assert again.dirty == 0
    assert again.buffer is first.buffer


def test_a_region_is_filmed_alone(stand: Stand) -> None:
    source = stand.open(Rect(40, 60, 100, 80))
    stand.first(source)
    stand.wall.fill(Rect(0, 0, 40, 40))
    assert [source.grab(thorough=False) for _ in range(5)] == [None] * 5
    stand.wall.fill(Rect(40, 60, 10, 10))
    picture = eventually(lambda: source.grab(thorough=False), "the change")
    assert colour(picture, Rect(0, 0, 10, 10)) == {BLUE}
    assert picture.dirty == 1


def test_a_quiet_screen_is_no_trouble(stand: Stand) -> None:
    source = stand.open()
    stand.first(source)
    assert source.trouble() is None


def test_pictures_that_nobody_gives_back_are_waited_for_without_blocking(stand: Stand) -> None:
    source = stand.open()
    held = [stand.first(source)]
    for column in range(12):
        stand.wall.fill(Rect(column * 8, 0, 8, 8))
        for _ in range(20):
            picture = source.grab(thorough=False)
            if picture is not None:
                held.append(picture)
                break
    assert len(held) < 12
    for picture in held:
        picture.buffer.release()
    last = Rect(88, 0, 8, 8)
    eventually(
        lambda: (picture := source.grab(thorough=True)) and colour(picture, last) == {BLUE}, "the last change"
    )


def test_closing_twice_is_once_and_pictures_stay_readable(stand: Stand) -> None:
    source = stand.open()
    picture = stand.first(source)
    source.close()
    source.close()
    assert colour(picture, Rect(0, 0, 32, 32)) == {RED}


@pytest.mark.parametrize("name", FAKED)
def test_on_another_system_it_says_so(name: str) -> None:
    answer = _backend(name).probe(ScreenRequest(None, None, 30))
    assert not answer.usable
    assert "Windows" in answer.reason or "macOS" in answer.reason


ARRIVING = sorted(FAKED)
READ = set(FAKED) - {"screen_wgc", "screen_sck"}  # these end, and the recorder says so


@pytest.fixture(params=ARRIVING)
def arriving(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    wall = Wall(*SIZE)
    FAKED[request.param](wall, monkeypatch)
    stand = Stand(_backend(request.param), wall, ScreenRequest("9", None, 30))
    yield stand
    for source in stand.opened:
        source.close()


def test_a_screen_that_becomes_smaller_is_black_around_and_somebody_is_told(arriving: Stand) -> None:
    source = arriving.open()
    arriving.first(source)
    arriving.wall.resize(200, 100)
    picture = eventually(lambda: source.grab(thorough=False), "the smaller picture")
    assert colour(picture, Rect(0, 0, 200, 100)) == {RED}
    assert colour(picture, Rect(200, 0, 120, 208)) == {(0, 0, 0)}
    assert colour(picture, Rect(0, 100, 320, 108)) == {(0, 0, 0)}
    trouble = source.trouble()
    assert trouble is not None
    assert trouble.code == "display_changed"
    assert source.trouble() is None


@pytest.mark.parametrize("arriving", sorted(READ), indirect=True)
def test_a_screen_that_goes_away_for_a_while_comes_back(arriving: Stand) -> None:
    source = arriving.open()
    arriving.first(source)
    arriving.wall.fail(broken=True)
    assert eventually(source.trouble, "a word about it").code == "screen_away"
    assert source.grab(thorough=False) is None
    arriving.wall.fail(broken=False)
    arriving.wall.fill(Rect(0, 0, 32, 32))
    picture = eventually(lambda: source.grab(thorough=False), "the picture after it")
    assert colour(picture, Rect(0, 0, 32, 32)) == {BLUE}


def test_the_drawn_screen_keeps_the_same_promises() -> None:
    with closing(synthetic.open(ScreenRequest("still", Rect(8, 8, 101, 51), 30))) as source:
        assert (source.width, source.height) == (100, 50)
        first = source.grab(thorough=False)
        assert first is not None
        assert first.dirty == all_bands(50)
        assert source.grab(thorough=True) is None
        assert source.again().dirty == 0
        source.close()
    assert first.buffer.pixels.any()
