"""Clicks and keys: heard from a real X server, drawn where they belong, and only what was asked for."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from capture.clicks import LASTS_S as RING_S
from capture.clicks import Rings
from capture.errors import BadCommand
from capture.inputmarks import InputMarks
from capture.inputs import Click, InputRequest, InputSource, Keys, Press, parse_inputs
from capture.keycaps import LASTS_S, KeyCaps, draw
from tests.support.processes import wait_until
from tests.support.services import Screen

linux = pytest.mark.skipif(sys.platform != "linux", reason="X11")


class Hand:
    """Presses keys and buttons of an X server, as a person would."""

    def __init__(self, name: str) -> None:
        self.display = Display(name)

    def click(self, x: int, y: int, button: int = 1) -> None:
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self.display, X.ButtonPress, button)
        xtest.fake_input(self.display, X.ButtonRelease, button)
        self.display.sync()

    def press(self, *keys: str) -> None:
        codes = [self.display.keysym_to_keycode(XK.string_to_keysym(key)) for key in keys]
        assert all(codes), f"this keyboard has not all of {keys}"
        for code in codes:
            xtest.fake_input(self.display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()


@pytest.fixture
def hand(xvfb: Screen) -> Iterator[Hand]:
    hand = Hand(xvfb.name)
    yield hand
    hand.display.close()


@pytest.fixture
def listener(xvfb: Screen) -> Iterator[InputSource]:
    from capture.backends import input_x11

    assert input_x11.probe(xvfb.name).usable
    source = input_x11.open(xvfb.name)
    yield source
    source.close()


def heard(source: InputSource, count: int) -> list[Click | Press]:
    found: list[Click | Press] = []

    def enough() -> bool:
        found.extend(source.events())
        return len(found) >= count

    wait_until(enough, timeout_s=10, what=f"{count} events")
    return found


@linux
def test_clicks_are_heard_with_their_place_and_the_wheel_is_not(hand: Hand, listener: InputSource) -> None:
    hand.click(100, 50)
    hand.click(100, 50, button=4)
    hand.click(30, 40, button=3)
    assert heard(listener, 2) == [Click(100, 50, 1), Click(30, 40, 3)]


@linux
@pytest.mark.parametrize(
    ("keys", "press"),
    [
        (("Control_L", "Shift_L", "p"), Press("Ctrl+Shift+P", plain=False)),
        (("Control_L", "c"), Press("Ctrl+C", plain=False)),
        (("Alt_L", "F4"), Press("Alt+F4", plain=False)),
        (("Escape",), Press("Esc", plain=False)),
        (("a",), Press("a", plain=True)),
        (("Shift_L", "a"), Press("A", plain=True)),
        (("Shift_L", "1"), Press("!", plain=True)),
        (("Shift_L", "Tab"), Press("Shift+Tab", plain=False)),
        (("space",), Press("Space", plain=True)),
    ],
)
def test_keys_are_heard_as_people_call_them(
    hand: Hand, listener: InputSource, keys: tuple[str, ...], press: Press
) -> None:
    hand.press(*keys)
    assert heard(listener, 1) == [press]


@linux
def test_a_server_that_went_away_reports_nothing_more(
    listener: InputSource, xvfb: Screen, hand: Hand
) -> None:
    hand.press("a")
    heard(listener, 1)
    listener.close()
    listener.close()
    assert listener.events() == []


@linux
def test_without_a_server_the_reason_is_told() -> None:
    from capture.backends import input_x11

    assert "No X server" in input_x11.probe(":4242").reason


@linux
def test_on_wayland_only_a_named_x_server_is_heard(xvfb: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.backends import input_x11

    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "Wayland" in input_x11.probe(None).reason
    assert "Wayland" in input_x11.probe("0").reason
    assert input_x11.probe(xvfb.name).usable


@linux
def test_who_hears_clicks_and_keys_is_listed(xvfb: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.devices import LISTINGS, list_devices

    inputs = {"inputs": LISTINGS["inputs"]}
    assert list_devices(inputs) == {"inputs": [{"id": "input_x11", "name": "Clicks and keys"}]}
    monkeypatch.setenv("DISPLAY", ":4242")
    (entry,) = list_devices(inputs)["inputs"]
    assert "No X server" in entry["reason"]


class Script:
    """An input whose events the test sets."""

    def __init__(self, *events: Click | Press) -> None:
        self.waiting = list(events)

    def events(self) -> list[Click | Press]:
        now, self.waiting = self.waiting, []
        return now

    def close(self) -> None:
        """Nothing to give back."""


def marks(script: Script, request: InputRequest) -> InputMarks:
    return InputMarks(script, request, (1920, 1080), lambda x, y: (x - 100, y) if x >= 100 else None)


def test_a_ring_spreads_from_the_click_and_is_gone_after_300_ms() -> None:
    drawn = marks(Script(Click(500, 300, 1), Click(20, 20, 1)), InputRequest(clicks=True))
    first, *rest = drawn.sprites(10.0)
    assert rest == [], "a click beside the picture is not drawn"
    (later,) = drawn.sprites(10.0 + RING_S / 2)
    for sprite in (first, later):
        middle = (sprite.x + sprite.pixels.shape[1] // 2, sprite.y + sprite.pixels.shape[0] // 2)
        assert middle == (400, 300)
        assert (sprite.pixels[..., :3] <= sprite.pixels[..., 3:]).all()
    assert later.pixels.shape > first.pixels.shape
    assert later.pixels.max() < first.pixels.max()
    assert first.serial != later.serial
    assert drawn.sprites(10.0 + RING_S) == []


def test_buttons_have_colours_of_their_own() -> None:
    rings = Rings(1080)
    for button in (1, 3):
        rings.add(0.0, 100, 100, button)
    left, right = (sprite.pixels.reshape(-1, 4).max(0) for sprite in rings.sprites(0.0))
    assert left[2] > left[0]
    assert right[0] > right[2]


def test_plain_typing_is_shown_only_when_all_keys_are_asked_for() -> None:
    presses = (Press("h", plain=True), Press("Ctrl+S", plain=False))
    for keys, count in ((Keys.OFF, 0), (Keys.SHORTCUTS, 1), (Keys.ALL, 2)):
        drawn = marks(Script(*presses), InputRequest(keys=keys))
        drawn.sprites(0.0)
        assert len(drawn._caps._caps) == count


def test_caps_stay_until_a_while_after_the_last_press_and_cost_nothing_meanwhile() -> None:
    caps = KeyCaps(1920, 1080)
    caps.add(0.0, "Ctrl+C", plain=False)
    (first,) = caps.sprites(0.0)
    assert caps.sprites(1.0)[0] is first
    assert abs(first.x + first.pixels.shape[1] / 2 - 960) <= 1
    assert 900 < first.y < 1080 - first.pixels.shape[0]
    caps.add(1.0, "Ctrl+V", plain=False)
    (both,) = caps.sprites(1.0)
    assert both.pixels.shape[1] > first.pixels.shape[1] * 1.8
    assert caps.sprites(1.0 + LASTS_S) == []


def test_typing_fills_one_cap_and_a_repeated_key_is_counted() -> None:
    caps = KeyCaps(1920, 1080)
    for letter in "hi":
        caps.add(0.0, letter, plain=True)
    for _ in range(3):
        caps.add(0.1, "Tab", plain=False)
    caps.sprites(0.1)
    assert caps._text == ("hi", "Tab  \N{MULTIPLICATION SIGN}3")


def test_caps_are_dark_with_light_words_and_premultiplied() -> None:
    cap = draw(("Ctrl+Shift+P",), 40)
    assert cap.shape[0] == 76
    assert (cap[..., :3] <= cap[..., 3:]).all()
    assert (cap[..., :3].min(2) > 240).sum() > 200
    assert cap[0, 0, 3] == 0


@pytest.mark.parametrize(
    ("values", "request_"),
    [
        ({}, InputRequest()),
        ({"clicks": True, "keys": True}, InputRequest(True, Keys.SHORTCUTS)),
        ({"keys": "all"}, InputRequest(False, Keys.ALL)),
        ({"keys": False}, InputRequest()),
    ],
)
def test_what_is_shown_is_chosen_by_two_fields(values: dict[str, Any], request_: InputRequest) -> None:
    assert parse_inputs(values) == request_


@pytest.mark.parametrize("values", [{"clicks": "yes"}, {"keys": "some"}, {"keys": 3}])
def test_a_wrong_field_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(BadCommand):
        parse_inputs(values)


@linux
@pytest.mark.parametrize("backend", ["x11", "mss"])
def test_a_click_and_a_shortcut_are_in_the_recorded_picture(
    recorder: Any, hand: Hand, xvfb: Screen, tmp_path: Path, backend: str
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, backend=backend, display=xvfb.name, audio=False, clicks=True, keys=True)
    recorder.record_until(0.7)
    before = recorder.session._counters.grabbed
    hand.click(200, 150)
    hand.press("Control_L", "s")
    pressed = recorder.session._clock.media_time()
    recorder.until(lambda: recorder.session._counters.grabbed > before + 3, "pictures of the marks")
    recorder.record_until(pressed + RING_S + 0.3)
    recorder.session.stop()
    recorder.finish()
    with av.open(str(path), format="mp4") as file:
        pictures = [frame.to_ndarray(format="bgr24").astype(int) for frame in file.decode(video=0)]
    height, width = pictures[0].shape[:2]
    around = [picture[130:171, 180:221] for picture in pictures]
    amber = [int((area[..., 2] - area[..., 0] > 60).sum()) for area in around]
    assert amber[0] == 0
    assert max(amber) > 50
    assert amber[-1] == 0, "the ring is gone"
    caps = [picture[int(height * 0.85) :, width // 4 : -width // 4] for picture in pictures]
    assert max((one.min(2) > 180).sum() for one in caps) > 20, "the words on the caps"


def test_a_source_that_knows_no_place_is_told_of_and_keys_are_shown_all_the_same(
    recorder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture import registry

    class Fake:
        name = "fake"

        def open(self, display: str | None) -> InputSource:
            assert display == "still"
            return Script(Click(10, 10, 1), Press("Esc", plain=False))

    monkeypatch.setattr(registry, "choose_input", lambda display: registry.Chosen(Fake()))
    path = tmp_path / "take.mp4"
    recorder.start(path, display="still", audio=False, clicks=True, keys=True, seconds=0.5)
    recorder.finish()
    (health,) = recorder.named("health")
    assert health["code"] == "no_marks"
    with av.open(str(path), format="mp4") as file:
        first = next(file.decode(video=0)).to_ndarray(format="bgr24")
    still, caps = first[:300], first[300:350, 280:360]
    assert np.ptp(still[:, 250:300].astype(int), axis=0).max() < 24, "no ring anywhere"
    assert (caps.min(2) > 180).sum() > 5


def test_without_anyone_who_hears_the_take_goes_on(
    recorder: Any, film: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":4242")
    recorder.start(tmp_path / "take.mp4", audio=False, keys=True, seconds=0.4)
    recorder.finish()
    assert "no_marks" in [health["code"] for health in recorder.named("health")]
    assert film(tmp_path / "take.mp4").video_frames > 2
