"""Windows and displays of macOS, beyond what all sources of screens promise: against stand-ins."""

import os
from contextlib import closing

import pytest

from capture.backends import screen_sck
from capture.errors import ScreenLost
from capture.model import Rect, ScreenRequest
from tests.support.fake_sck import FakeMac, show_mac
from tests.support.walls import Wall, eventually

SIZE = (320, 208)


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> FakeMac:
    return show_mac(Wall(*SIZE), monkeypatch)


def test_heddles_own_windows_are_left_out_of_a_macs_display(mac: FakeMac) -> None:
    with closing(screen_sck.open(ScreenRequest())):
        assert mac.streams[0].filter.excluded == [os.getpid()]
        assert mac.streams[0].wanted["ShowsCursor"] is True
        assert mac.streams[0].wanted["MinimumFrameInterval"] == (1, 30)


@pytest.mark.parametrize("wanted", ["slides", "8", "active"])
def test_a_window_of_a_mac_is_filmed_by_title_id_or_place(mac: FakeMac, wanted: str) -> None:
    with closing(screen_sck.open(ScreenRequest(window=wanted))) as source:
        assert (source.width, source.height) == SIZE
        assert (mac.streams[0].wanted["Width"], mac.streams[0].wanted["Height"]) == SIZE


def test_what_a_mac_shows_is_listed(mac: FakeMac) -> None:
    backend = screen_sck
    assert [(one.id, one.geometry) for one in backend.displays()] == [("0", Rect(0, 0, *SIZE))]
    assert [(one.id, one.title, one.app) for one in backend.windows()] == [("8", "Slides", "Presenter")]


def test_a_mac_that_forbids_it_says_where_it_is_allowed(mac: FakeMac) -> None:
    mac.denied = True
    assert "declined" in screen_sck.probe(ScreenRequest()).reason
    with pytest.raises(ScreenLost) as caught:
        screen_sck.open(ScreenRequest())
    assert "System Settings" in caught.value.hint


def test_a_stream_that_the_user_ends_is_an_error(mac: FakeMac) -> None:
    with closing(screen_sck.open(ScreenRequest())) as source:
        source.grab(thorough=False)
        mac.streams[0].break_off()
        with pytest.raises(ScreenLost, match="user stopped"):
            source.grab(thorough=False)


def test_a_system_that_misses_what_it_redrew_is_not_believed_any_more(mac: FakeMac) -> None:
    with closing(screen_sck.open(ScreenRequest())) as source:
        source.grab(thorough=False)
        mac.lies = True
        for column in range(4):
            mac.wall.fill(Rect(column * 16, 0, 16, 16))
            eventually(lambda: source.grab(thorough=True), "the change, by comparing everything")
        mac.wall.fill(Rect(160, 0, 16, 16))
        assert eventually(lambda: source.grab(thorough=False), "the change, unasked").dirty == 1


def test_without_the_bridge_a_mac_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert "PyObjC" in screen_sck.probe(ScreenRequest()).reason
