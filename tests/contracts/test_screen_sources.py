"""One behaviour for every source of screens: real ones on a real X server, those of Windows and macOS against
stand-ins that behave as the vendors' documentation says."""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import av
import av.filter
import numpy as np
import pytest

from capture.backends import av_screen, synthetic
from capture.compare import all_bands
from capture.errors import CaptureError, ScreenLost
from capture.model import Picture, Rect, ScreenRequest
from capture.ports import ScreenBackend, ScreenSource
from tests.support.fake_sck import FakeMac, show_mac
from tests.support.fake_wgc import WINDOW, FakeWindowsGraphics
from tests.support.walls import BLUE, RED, Wall, XWall, eventually, show_through_ddagrab, show_through_device

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


def show_through_wgc(wall: Wall, patch: pytest.MonkeyPatch) -> FakeWindowsGraphics:
    system = FakeWindowsGraphics(wall)
    patch.setattr("sys.platform", "win32")
    patch.setattr("capture.backends.com.library", system.library)
    return system


def show_through_duplication(wall: Wall, patch: pytest.MonkeyPatch) -> None:
    show_through_wgc(wall, patch)
    show_through_ddagrab(wall, patch)


REAL = ["screen_x11", "screen_mss"]
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


def colour(picture: Picture, area: Rect) -> set[tuple[int, ...]]:
    part = picture.buffer.pixels[area.y : area.bottom, area.x : area.right, :3].reshape(-1, 3)
    return {tuple(int(v) for v in row) for row in np.unique(part, axis=0)}


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


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> FakeWindowsGraphics:
    return show_through_wgc(Wall(*SIZE), monkeypatch)


@pytest.mark.parametrize("wanted", ["presenter", str(WINDOW), "active"])
def test_a_window_of_windows_is_filmed_by_title_id_or_place(
    windows: FakeWindowsGraphics, wanted: str
) -> None:
    with closing(_backend("screen_wgc").open(ScreenRequest(window=wanted))) as source:
        assert source.grab(thorough=False) is not None
        windows.wall.fill(Rect(0, 0, 16, 16))
        assert source.grab(thorough=False).dirty == 1
    assert windows.held() == []


def test_a_minimised_window_keeps_its_picture_and_a_closed_one_ends(windows: FakeWindowsGraphics) -> None:
    with closing(_backend("screen_wgc").open(ScreenRequest(window="presenter"))) as source:
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
    with closing(_backend("screen_wgc").open(ScreenRequest(window="presenter"))) as source:
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
    backend = _backend("screen_wgc")
    listed = [(one.id, one.title, one.app, one.geometry) for one in backend.windows()]
    assert listed == [(str(WINDOW), "Slides - Presenter", "presenter", Rect(0, 0, *SIZE))]
    shown = [(one.id, one.name, one.geometry, one.primary) for one in backend.displays()]
    assert shown == [("0", r"\\.\DISPLAY1", Rect(0, 0, *SIZE), True)]


def test_a_display_is_the_same_one_however_it_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake's primary display is DXGI's second output; the filter refuses any other."""
    show_through_duplication(Wall(*SIZE), monkeypatch)
    for display in (None, "0", r"\\.\DISPLAY1"):
        assert _backend("screen_ddagrab").probe(ScreenRequest(display)).usable
    assert "not one of" in _backend("screen_ddagrab").probe(ScreenRequest("1")).reason


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> FakeMac:
    return show_mac(Wall(*SIZE), monkeypatch)


def test_heddles_own_windows_are_left_out_of_a_macs_display(mac: FakeMac) -> None:
    with closing(_backend("screen_sck").open(ScreenRequest())):
        assert mac.streams[0].filter.excluded == [os.getpid()]
        assert mac.streams[0].wanted["ShowsCursor"] is True
        assert mac.streams[0].wanted["MinimumFrameInterval"] == (1, 30)


@pytest.mark.parametrize("wanted", ["slides", "8", "active"])
def test_a_window_of_a_mac_is_filmed_by_title_id_or_place(mac: FakeMac, wanted: str) -> None:
    with closing(_backend("screen_sck").open(ScreenRequest(window=wanted))) as source:
        assert (source.width, source.height) == SIZE
        assert (mac.streams[0].wanted["Width"], mac.streams[0].wanted["Height"]) == SIZE


def test_what_a_mac_shows_is_listed(mac: FakeMac) -> None:
    backend = _backend("screen_sck")
    assert [(one.id, one.geometry) for one in backend.displays()] == [("0", Rect(0, 0, *SIZE))]
    assert [(one.id, one.title, one.app) for one in backend.windows()] == [("8", "Slides", "Presenter")]


def test_a_mac_that_forbids_it_says_where_it_is_allowed(mac: FakeMac) -> None:
    mac.denied = True
    assert "declined" in _backend("screen_sck").probe(ScreenRequest()).reason
    with pytest.raises(ScreenLost) as caught:
        _backend("screen_sck").open(ScreenRequest())
    assert "System Settings" in caught.value.hint


def test_a_stream_that_the_user_ends_is_an_error(mac: FakeMac) -> None:
    with closing(_backend("screen_sck").open(ScreenRequest())) as source:
        source.grab(thorough=False)
        mac.streams[0].break_off()
        with pytest.raises(ScreenLost, match="user stopped"):
            source.grab(thorough=False)


def test_a_system_that_misses_what_it_redrew_is_not_believed_any_more(mac: FakeMac) -> None:
    with closing(_backend("screen_sck").open(ScreenRequest())) as source:
        source.grab(thorough=False)
        mac.lies = True
        for column in range(4):
            mac.wall.fill(Rect(column * 16, 0, 16, 16))
            eventually(lambda: source.grab(thorough=True), "the change, by comparing everything")
        mac.wall.fill(Rect(160, 0, 16, 16))
        assert eventually(lambda: source.grab(thorough=False), "the change, unasked").dirty == 1


def test_without_the_bridge_a_mac_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert "PyObjC" in _backend("screen_sck").probe(ScreenRequest()).reason


class RealGraph:
    """PyAV's own graph, with a source that every system has in `ddagrab`'s place: our calls are PyAV's."""

    make = staticmethod(av.filter.Graph)

    def __init__(self) -> None:
        self._graph = self.make()

    def add(self, name: str, **options: str) -> Any:
        if name == "ddagrab":
            shown = {"size": options.get("video_size", "320x208"), "rate": options["framerate"]}
            return self._graph.add("testsrc2", **shown)
        return self._graph.add(name, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)


def test_the_graph_is_driven_as_pyav_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    show_through_wgc(Wall(*SIZE), monkeypatch)
    monkeypatch.setattr(av.filter, "Graph", RealGraph)
    with closing(_backend("screen_ddagrab").open(ScreenRequest(region=Rect(0, 0, 101, 51)))) as source:
        assert (source.width, source.height) == (100, 50)
        first = eventually(lambda: source.grab(thorough=False), "the first picture")
        assert len(np.unique(first.buffer.pixels[:, :, :3].reshape(-1, 3), axis=0)) > 4
        assert eventually(lambda: source.grab(thorough=False), "the next picture").dirty


def test_a_device_is_read_as_pyav_wants_it() -> None:
    """FFmpeg's `lavfi` is an input device like the others, and every system has it."""
    source = av_screen.open_device("testsrc2=size=321x209:rate=30", "lavfi", {}, None)
    with closing(source):
        assert (source.width, source.height) == (320, 208)
        assert eventually(lambda: source.grab(thorough=False), "the first picture").dirty == all_bands(208)
        assert eventually(lambda: source.grab(thorough=False), "the next picture").dirty


def test_a_device_that_does_not_open_says_why() -> None:
    assert "built without" in av_screen.probe_device("x", "no_such_device", {}).reason
    assert "does not open" in av_screen.probe_device("no_such_source", "lavfi", {}).reason


def test_a_screen_that_shows_nothing_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.backends import arrivals

    class Silent:
        closed = False

        def newest(self) -> None: ...

        def worry(self) -> None: ...

        def lost(self) -> None: ...

        def close(self) -> None:
            self.closed = True

    monkeypatch.setattr(arrivals, "FIRST_S", 0.0)
    silent = Silent()
    with pytest.raises(ScreenLost, match="no picture"):
        arrivals.first_of(silent, 0.0)


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
