"""One window of a real X screen: followed, uncovered, hidden and closed."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from Xlib import X
from Xlib.display import Display

from capture.errors import BadRegion, NoWindow
from capture.model import Picture, Rect, ScreenRequest
from capture.ports import ScreenSource
from capture.screens import list_windows
from capture.thumbnails import picture_of, subjects
from tests.support.processes import Program
from tests.support.services import Screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11")

RED, GREEN, BLUE = 0xFF0000, 0x00FF00, 0x0000FF
Open = Callable[..., ScreenSource]


class Desk:
    """Windows to film, without a window manager. Everything is done when a method returns."""

    def __init__(self, name: str) -> None:
        self.display = Display(name)
        self.root = self.display.screen().root
        self.pen = self.root.create_gc(foreground=GREEN)

    def window(self, area: Rect, colour: int, title: str, app: str = "", border: int = 0) -> Any:
        window = self.root.create_window(
            area.x, area.y, area.width, area.height, border, self.display.screen().root_depth,
            background_pixel=colour,
        )  # fmt: skip
        window.set_wm_name(title)
        if app:
            window.set_wm_class(app.lower(), app)
        window.map()
        self.display.sync()
        return window

    def fill(self, window: Any, area: Rect) -> None:
        window.fill_rectangle(self.pen, area.x, area.y, area.width, area.height)
        self.display.sync()

    def name_list(self, name: str, *windows: Any) -> None:
        """A property of window managers."""
        atom = self.display.intern_atom(name)
        kind = self.display.intern_atom("WINDOW")
        self.root.change_property(atom, kind, 32, [window.id for window in windows])
        self.display.sync()


@pytest.fixture
def desk(xvfb: Screen) -> Iterator[Desk]:
    desk = Desk(xvfb.name)
    yield desk
    desk.display.close()


@pytest.fixture(params=["composite", "place on the screen"])
def composite(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "composite")


@pytest.fixture
def opened(xvfb: Screen) -> Iterator[Open]:
    from capture.backends.x11_follow import WindowSource
    from capture.backends.x11_screen import Desktop

    sources: list[ScreenSource] = []

    def open_window(window: str, *, composite: bool = True) -> ScreenSource:
        request = ScreenRequest(window=window)
        sources.append(WindowSource(Desktop(None), request, composite=composite))
        return sources[-1]

    yield open_window
    for one in sources:
        one.close()


def grab(source: ScreenSource) -> Picture:
    picture = source.grab(thorough=True)
    assert picture is not None
    picture.buffer.release()
    return picture


def colours(picture: Picture) -> np.ndarray:
    """As red, green, blue."""
    return picture.buffer.pixels[:, :, 2::-1]


def all_of(pixels: np.ndarray, colour: int) -> bool:
    return bool((pixels == [colour >> 16, colour >> 8 & 255, colour & 255]).all())


def test_a_window_is_filmed_alone(desk: Desk, opened: Open, composite: bool) -> None:
    desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    source = opened("letters", composite=composite)
    assert (source.width, source.height) == (320, 200)
    assert all_of(colours(grab(source)), RED)
    assert source.grab(thorough=False) is None


def test_what_is_drawn_in_it_is_seen_and_nothing_else(desk: Desk, opened: Open, composite: bool) -> None:
    window = desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    other = desk.window(Rect(600, 50, 100, 100), BLUE, "Other")
    source = opened("letters", composite=composite)
    grab(source)
    desk.fill(other, Rect(0, 0, 50, 50))
    assert source.grab(thorough=False) is None
    desk.fill(window, Rect(10, 32, 40, 16))
    picture = source.grab(thorough=False)
    assert picture is not None
    assert picture.dirty == 1 << 2
    assert all_of(colours(picture)[32:48, 10:50], GREEN)


def test_a_covered_window_is_filmed_as_if_it_were_not(desk: Desk, opened: Open) -> None:
    window = desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    source = opened("letters")
    grab(source)
    desk.window(Rect(0, 0, 500, 500), BLUE, "Lid")
    assert source.grab(thorough=True) is None
    desk.fill(window, Rect(0, 0, 320, 16))
    assert all_of(colours(grab(source))[:16], GREEN)


def test_it_is_followed_where_it_goes(desk: Desk, opened: Open, composite: bool) -> None:
    window = desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    source = opened("letters", composite=composite)
    grab(source)
    window.configure(x=700, y=300)
    desk.fill(window, Rect(0, 0, 320, 16))
    picture = grab(source)
    assert all_of(colours(picture)[:16], GREEN)
    assert all_of(colours(picture)[16:], RED)


def test_its_border_is_left_out(desk: Desk, opened: Open) -> None:
    desk.window(Rect(100, 50, 320, 200), RED, "Letters", border=7)
    source = opened("letters")
    assert (source.width, source.height) == (320, 200)
    assert all_of(colours(grab(source)), RED)


@pytest.mark.parametrize(
    ("size", "inside"),
    [
        ((160, 100), Rect(80, 50, 160, 100)),
        ((640, 400), Rect(0, 0, 320, 200)),
        ((640, 200), Rect(0, 50, 320, 100)),
    ],
)
def test_a_resized_window_keeps_its_proportions_in_the_picture_of_the_first_size(
    desk: Desk, opened: Open, composite: bool, size: tuple[int, int], inside: Rect
) -> None:
    window = desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    source = opened("letters", composite=composite)
    grab(source)
    window.configure(width=size[0], height=size[1])
    desk.display.sync()
    pixels = colours(grab(source))
    assert pixels.shape == (200, 320, 3)
    assert all_of(pixels[inside.y : inside.bottom, inside.x : inside.right], RED)
    black = np.ones((200, 320), dtype=bool)
    black[inside.y : inside.bottom, inside.x : inside.right] = False
    assert all_of(pixels[black], 0)
    window.configure(width=320, height=200)
    desk.fill(window, Rect(0, 0, 320, 200))
    assert all_of(colours(grab(source)), GREEN)


def test_a_hidden_window_keeps_its_last_picture_until_it_is_back(
    desk: Desk, opened: Open, composite: bool
) -> None:
    window = desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    source = opened("letters", composite=composite)
    grab(source)
    assert source.trouble() is None
    window.unmap()
    desk.display.sync()
    assert source.grab(thorough=True) is None
    trouble = source.trouble()
    assert trouble is not None
    assert trouble.code == "window_hidden"
    assert all_of(colours(source.again()), RED)
    window.change_attributes(background_pixel=BLUE)
    window.map()
    desk.display.sync()
    assert all_of(colours(grab(source)), BLUE)


def test_a_closed_window_keeps_its_last_picture(desk: Desk, opened: Open, composite: bool) -> None:
    window = desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    source = opened("letters", composite=composite)
    grab(source)
    window.destroy()
    desk.display.sync()
    assert source.grab(thorough=True) is None
    trouble = source.trouble()
    assert trouble is not None
    assert trouble.code == "window_gone"
    assert source.grab(thorough=True) is None
    assert source.trouble() is None
    assert all_of(colours(source.again()), RED)


def test_the_pointer_is_at_its_place_in_the_window(desk: Desk, opened: Open) -> None:
    desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    source = opened("letters")
    desk.root.warp_pointer(150, 90)
    desk.display.sync()
    (pointer,) = grab(source).sprites
    assert abs(pointer.x - 50) < 32
    assert abs(pointer.y - 40) < 32
    desk.root.warp_pointer(900, 600)
    desk.display.sync()
    assert grab(source).sprites == ()


def test_windows_are_listed_with_what_they_are_called(desk: Desk) -> None:
    window = desk.window(Rect(100, 50, 320, 200), RED, "Letters", "Mail")
    hidden = desk.window(Rect(10, 10, 100, 100), RED, "Hidden")
    hidden.unmap()
    desk.window(Rect(0, 0, 5, 5), RED, "Tiny")
    desk.display.sync()
    (one,) = list_windows()
    assert (one.id, one.title, one.app, one.geometry) == (
        hex(window.id), "Letters", "Mail", Rect(100, 50, 320, 200),
    )  # fmt: skip
    desk.name_list("_NET_CLIENT_LIST", window, hidden)
    assert [one.title for one in list_windows()] == ["Letters", "Hidden"]


def test_the_window_inside_of_a_frame_is_listed_not_the_frame(desk: Desk) -> None:
    frame = desk.window(Rect(100, 50, 320, 200), RED, "Frame")
    inner = frame.create_window(5, 20, 300, 170, 0, X.CopyFromParent)
    inner.set_wm_name("Letters")
    state = desk.display.intern_atom("WM_STATE")
    inner.change_property(state, state, 32, [1, 0])
    inner.map()
    desk.display.sync()
    assert [(one.title, one.geometry) for one in list_windows()] == [("Letters", Rect(105, 70, 300, 170))]


def test_a_window_is_chosen_by_its_id_or_its_whole_title_before_a_part_of_one(
    desk: Desk, opened: Open
) -> None:
    desk.window(Rect(0, 0, 100, 100), RED, "Letters of yesterday")
    second = desk.window(Rect(200, 0, 200, 100), RED, "letters")
    assert opened("Letters").width == 200
    assert opened("yesterday").width == 100
    assert opened(hex(second.id)).width == 200


def test_the_active_window_is_the_one_that_is_named_so_or_has_the_keyboard(desk: Desk, opened: Open) -> None:
    first = desk.window(Rect(0, 0, 100, 100), RED, "First")
    second = desk.window(Rect(200, 0, 200, 100), RED, "Second")
    first.set_input_focus(X.RevertToParent, X.CurrentTime)
    desk.display.sync()
    assert opened("active").width == 100
    desk.name_list("_NET_ACTIVE_WINDOW", second)
    assert opened("active").width == 200


def test_a_window_that_is_not_there_is_refused_with_those_that_are(desk: Desk, opened: Open) -> None:
    desk.window(Rect(0, 0, 100, 100), RED, "Letters")
    for wanted in ("numbers", "0x123456", "0xno"):
        with pytest.raises(NoWindow) as caught:
            opened(wanted)
        assert "Letters" in caught.value.hint


def test_a_window_and_a_region_at_once_are_refused(desk: Desk) -> None:
    from capture.backends import screen_x11

    desk.window(Rect(0, 0, 100, 100), RED, "Letters")
    with pytest.raises(BadRegion):
        screen_x11.open(ScreenRequest(window="letters", region=Rect(0, 0, 50, 50)))


def test_a_window_is_recorded_into_a_file(desk: Desk, tmp_path: Path) -> None:
    window = desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    desk.window(Rect(0, 0, 300, 300), BLUE, "Lid")
    path = tmp_path / "take.mp4"
    options = ["--output", path, "--no-audio", "--window", "letters", "--seconds", "1.2"]
    with Program([sys.executable, "-m", "capture", *options]) as program:
        state = program.event("state", state="recording")
        assert (state["width"], state["height"]) == (320, 200)
        window.destroy()
        desk.display.sync()
        assert program.event("health")["code"] == "window_gone"
        end = program.event("state", state="finished")
    assert end["durationS"] == pytest.approx(1.2, abs=0.1)
    with av.open(str(path), format="mp4") as file:
        last = list(file.decode(video=0))[-1].to_ndarray(format="rgb24").astype(int)
    assert np.abs(last - (255, 0, 0)).max() < 12


def mapped() -> int:
    """Pieces of shared memory that this process has."""
    return Path("/proc/self/maps").read_text().count("/SYSV")


def test_what_was_filmed_and_closed_takes_no_memory_any_more(desk: Desk) -> None:
    """The launcher looks at every window every other second, for as long as it is open."""
    desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    before = mapped()
    for _ in range(3):
        seen = {kind: picture_of(request) for kind, _, request in subjects()}
        assert all(seen.get(kind) for kind in ("display", "window")), seen
    assert mapped() <= before


def test_a_window_without_a_picture_is_looked_at_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that lay below another: its program draws it anew, which takes a moment."""
    window = desk.window(Rect(100, 50, 320, 180), 0, "Letters")
    area = Rect(0, 0, 320, 180)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("capture.thumbnails.time.sleep", lambda _seconds: desk.fill(window, area))
        jpeg = picture_of(ScreenRequest(window=hex(window.id)))
    assert jpeg is not None
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels[90, 160, 1] > 200


def test_a_picture_outlives_whoever_took_it(desk: Desk, opened: Open) -> None:
    desk.window(Rect(100, 50, 320, 200), RED, "Letters")
    source = opened("letters")
    picture = source.grab(thorough=True)
    assert picture is not None
    source.close()
    assert all_of(colours(picture), RED)
    picture.buffer.release()
