"""Windows and displays of Windows, beyond what all sources of screens promise: against stand-ins."""

from contextlib import closing

import pytest

from capture.backends import screen_ddagrab, screen_wgc
from capture.model import Rect, ScreenRequest
from tests.support.fake_wgc import WINDOW
from tests.support.fake_windows import FakeWindowsGraphics, show_through_duplication, show_through_wgc
from tests.support.walls import BLUE, RED, Wall, colour

SIZE = (320, 208)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> FakeWindowsGraphics:
    return show_through_wgc(Wall(*SIZE), monkeypatch)


@pytest.mark.parametrize("wanted", ["presenter", str(WINDOW), "active"])
def test_a_window_of_windows_is_filmed_by_title_id_or_place(
    windows: FakeWindowsGraphics, wanted: str
) -> None:
    with closing(screen_wgc.open(ScreenRequest(window=wanted))) as source:
        assert source.grab(thorough=False) is not None
        windows.wall.fill(Rect(0, 0, 16, 16))
        assert source.grab(thorough=False).dirty == 1
    assert windows.held() == []


def test_a_minimised_window_keeps_its_picture_and_a_closed_one_ends(windows: FakeWindowsGraphics) -> None:
    with closing(screen_wgc.open(ScreenRequest(window="presenter"))) as source:
        source.grab(thorough=False)
        windows.minimised = True
        assert source.trouble().code == "window_hidden"
        assert source.trouble() is None
        assert source.grab(thorough=False) is None
        windows.open = False
        assert source.trouble().code == "window_gone"
        assert source.grab(thorough=True) is None


def test_a_window_that_is_resized_is_made_to_fit(windows: FakeWindowsGraphics) -> None:
    black = {(0, 0, 0)}
    with closing(screen_wgc.open(ScreenRequest(window="presenter"))) as source:
        source.grab(thorough=False)
        windows.wall.resize(640, 208)
        source.grab(thorough=False)  # what the pool, still of the old size, has of it
        windows.wall.fill(Rect(0, 0, 640, 208))
        grown = source.grab(thorough=False)
        assert colour(grown, Rect(0, 56, 320, 96)) == {BLUE}
        assert colour(grown, Rect(0, 0, 320, 48)) == colour(grown, Rect(0, 160, 320, 48)) == black
        windows.wall.resize(100, 100)
        source.grab(thorough=False)
        shrunk = source.again()
        assert colour(shrunk, Rect(110, 54, 100, 100)) == {RED}
        assert colour(shrunk, Rect(0, 0, 110, 208)) == colour(shrunk, Rect(210, 0, 110, 208)) == black


def test_what_windows_shows_is_listed_without_what_is_asleep(windows: FakeWindowsGraphics) -> None:
    backend = screen_wgc
    listed = [(one.id, one.title, one.app, one.geometry) for one in backend.windows()]
    assert listed == [(str(WINDOW), "Slides - Presenter", "presenter", Rect(0, 0, *SIZE))]
    shown = [(one.id, one.name, one.geometry, one.primary) for one in backend.displays()]
    assert shown == [("0", r"\\.\DISPLAY1", Rect(0, 0, *SIZE), True)]


def test_a_display_is_the_same_one_however_it_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake's primary display is DXGI's second output; the filter refuses any other."""
    show_through_duplication(Wall(*SIZE), monkeypatch)
    for display in (None, "0", r"\\.\DISPLAY1"):
        assert screen_ddagrab.probe(ScreenRequest(display)).usable
    assert "not one of" in screen_ddagrab.probe(ScreenRequest("1")).reason
