"""A screen source that hangs, fails or comes back in another size never ends the film."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from Xlib.display import Display

from capture.backends.copying import CopyingSource
from capture.errors import ScreenChanged, ScreenLost, ScreenRefused
from capture.model import Picture
from capture.watchdog import Limits, WatchedSource
from tests.support.processes import Program, wait_until
from tests.support.services import Screen, open_screen

QUICK = Limits(stall_s=0.3, retry_s=0.01, give_up_s=30)


class Page(CopyingSource):
    """One colour, which `shade` changes; `hang` holds up the next grab, `error` breaks it."""

    def __init__(self, shade: int = 40, size: tuple[int, int] = (64, 48)) -> None:
        super().__init__(*size, self._draw)
        self.shade = shade
        self.closed = threading.Event()
        self.free = threading.Event()
        self.free.set()
        self.error: Exception | None = None

    def close(self) -> None:
        self.closed.set()

    def _draw(self, pixels: np.ndarray) -> None:
        self.free.wait(30)
        if self.error is not None:
            raise self.error
        pixels[:] = self.shade


Watch = Callable[..., WatchedSource]


@pytest.fixture
def watch(no_leaks: None) -> Iterator[Watch]:
    opened: list[WatchedSource] = []
    pages: list[Page] = []

    def start(*sources: Page | Exception, limits: Limits = QUICK) -> WatchedSource:
        rest = iter(sources)

        def reopen() -> Page:
            one = next(rest)
            if isinstance(one, Exception):
                raise one
            return one

        pages.extend(one for one in sources if isinstance(one, Page))
        opened.append(WatchedSource(reopen(), reopen, limits))
        return opened[-1]

    yield start
    for page in pages:
        page.free.set()
    for one in opened:
        one.close()


def shade(picture: Picture) -> int:
    value = int(picture.buffer.pixels[24, 32, 0])
    picture.buffer.release()
    return value


def until_picture(source: WatchedSource) -> Picture:
    def grab() -> Picture | None:
        shade(source.again())  # legal all the time
        return source.grab(thorough=False)

    return wait_until(grab, timeout_s=20, what="a picture")


def until_trouble(source: WatchedSource) -> str:
    def look() -> str | None:
        assert source.grab(thorough=False) is None
        return trouble_of(source)

    return wait_until(look, timeout_s=20, what="word of trouble")


def trouble_of(source: WatchedSource) -> str | None:
    trouble = source.trouble()
    return trouble.code if trouble else None


def test_a_source_that_works_is_passed_through(watch: Watch) -> None:
    page = Page()
    source = watch(page)
    assert (source.width, source.height) == (64, 48)
    picture = source.grab(thorough=True)
    assert picture is not None
    assert shade(picture) == 40
    assert source.grab(thorough=False) is None
    page.shade = 41
    changed = source.grab(thorough=False)
    assert changed is not None
    assert (shade(changed), trouble_of(source)) == (41, None)
    source.close()
    source.close()
    assert page.closed.is_set()


class Sleeper(Page):
    """Says when nothing happened; counts how often it was looked at all the same."""

    def __init__(self) -> None:
        super().__init__()
        self.looks, self.still = 0, False
        self.lost: ScreenLost | None = None

    def grab(self, *, thorough: bool) -> Picture | None:
        self.looks += 1
        return super().grab(thorough=thorough)

    def quiet(self) -> bool:
        if self.lost is not None:
            raise self.lost
        return self.still


def test_a_screen_that_says_it_is_quiet_is_left_alone_until_a_thorough_look(watch: Watch) -> None:
    page = Sleeper()
    source = watch(page)
    page.still = True
    shade(until_first(source))
    looks = page.looks
    assert source.grab(thorough=False) is None
    assert page.looks == looks
    source.grab(thorough=True)
    assert page.looks == looks + 1
    page.still, page.shade = False, 90
    assert shade(until_picture(source)) == 90


def test_one_that_is_lost_while_it_seems_quiet_is_opened_again(watch: Watch) -> None:
    page = Sleeper()
    source = watch(page, Page(90))
    shade(until_first(source))
    page.error = page.lost = ScreenLost("It went away")
    assert shade(until_picture(source)) == 90


def test_one_that_hangs_is_replaced_and_its_last_picture_shown_meanwhile(watch: Watch) -> None:
    stuck = Page(40)
    source = watch(stuck, Page(90))
    assert shade(until_first(source)) == 40
    stuck.free.clear()
    assert source.grab(thorough=False) is None
    assert shade(source.again()) == 40
    assert until_trouble(source) == "screen_stalled"
    assert shade(until_picture(source)) == 90
    assert trouble_of(source) == "screen_back"
    assert not stuck.closed.is_set()
    stuck.free.set()
    assert stuck.closed.wait(20)


def test_one_that_is_only_slow_goes_on(watch: Watch) -> None:
    slow = Page(40)
    source = watch(slow, limits=Limits(stall_s=60))
    until_first(source)
    slow.free.clear()
    slow.shade = 50
    assert source.grab(thorough=False) is None
    slow.free.set()
    assert shade(until_picture(source)) == 50
    assert trouble_of(source) is None


def test_one_that_fails_is_opened_again_as_often_as_it_takes(watch: Watch) -> None:
    broken = Page(40)
    source = watch(broken, ScreenLost("Not yet"), OSError("Nor now"), Page(90))
    until_first(source)
    broken.error = ScreenLost("Gone")
    assert source.grab(thorough=False) is None
    assert trouble_of(source) == "screen_away"
    assert shade(until_picture(source)) == 90
    assert trouble_of(source) == "screen_back"
    assert broken.closed.is_set()


def test_one_that_comes_back_in_another_size_is_shown_in_the_first_one(watch: Watch) -> None:
    broken = Page(40)
    source = watch(broken, Page(90, size=(32, 96)))
    until_first(source)
    broken.error = ScreenLost("Gone")
    picture = until_picture(source)
    pixels = picture.buffer.pixels[:, :, 0]
    assert pixels.shape == (48, 64)
    assert (pixels[:, 24:40] == 90).all()
    assert (pixels[:, :24] == 0).all()
    assert (pixels[:, 40:] == 0).all()


def test_one_that_has_another_size_now_is_opened_again_at_once(watch: Watch) -> None:
    changed = Page(40)
    source = watch(changed, Page(90, size=(32, 96)), limits=Limits(retry_s=60.0))
    until_first(source)
    changed.error = ScreenChanged("Smaller")
    pixels = until_picture(source).buffer.pixels[:, :, 0]
    assert (pixels[:, 24:40] == 90).all()
    assert trouble_of(source) == "display_changed"
    assert trouble_of(source) is None


def test_one_that_changed_before_its_first_picture_is_opened_again_for_that(watch: Watch) -> None:
    changed = Page(40)
    changed.error = ScreenChanged("Smaller")
    picture = watch(changed, Page(90, size=(32, 96))).grab(thorough=True)
    assert picture is not None
    assert (picture.buffer.pixels[:, 24:40, 0] == 90).all()
    picture.buffer.release()


def test_after_a_while_it_is_given_up(watch: Watch) -> None:
    broken = Page()
    source = watch(broken, *[ScreenLost("No")] * 500, limits=Limits(retry_s=0.01, give_up_s=0.2))
    until_first(source)
    broken.error = ScreenLost("Gone")
    with pytest.raises(ScreenLost, match="went away"):
        until_picture(source)


def test_what_somebody_ended_is_not_opened_again(watch: Watch) -> None:
    page = Page()
    source = watch(page)
    until_first(source)
    page.error = ScreenRefused("The sharing was ended")
    with pytest.raises(ScreenRefused):
        until_picture(source)


@pytest.mark.parametrize("hangs", [True, False])
def test_what_never_gave_a_picture_is_an_error(watch: Watch, hangs: bool) -> None:
    page = Page()
    source = watch(page)
    if hangs:
        page.free.clear()
    else:
        page.error = ScreenLost("Gone")
    with pytest.raises(ScreenLost):
        source.grab(thorough=True)


def until_first(source: WatchedSource) -> Picture:
    picture = source.grab(thorough=True)
    assert picture is not None
    return picture


def paint(name: str, colour: int) -> Display:
    display = Display(name)
    root = display.screen().root
    root.change_attributes(background_pixel=colour)
    root.clear_area(0, 0, 0, 0)
    display.sync()
    return display


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_a_killed_x_server_that_comes_back_is_filmed_again(xvfb: Screen, tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    paint(xvfb.name, 0xFF0000).close()
    with Program([sys.executable, "-m", "capture", "--output", path, "--no-audio"]) as program:
        program.event("state", state="recording")
        xvfb.process.kill()
        xvfb.process.wait()
        program.event("health", code="screen_away")
        with open_screen(640, 360, xvfb.name):
            display = paint(xvfb.name, 0x0000FF)
            program.event("health", code="screen_back", timeout_s=30)
            before = program.event("stats")["timeS"]
            program.first(
                lambda line: line.get("event") == "stats" and line["timeS"] > before + 1,
                timeout_s=30,
                what="another second",
            )
            program.interrupt()
            end = program.event("state", state="finished", timeout_s=30)
            display.close()
    with av.open(str(path), format="mp4") as file:
        pictures = [frame.to_ndarray(format="rgb24").astype(int) for frame in file.decode(video=0)]
    assert end["encoded"] == len(pictures)
    # The pointer stands in the middle of both.
    assert np.abs(pictures[0][:300] - (255, 0, 0)).max() < 12
    assert np.abs(pictures[-1][200:300, 340:940] - (0, 0, 255)).max() < 12
    assert pictures[-1][:150].max() < 12
