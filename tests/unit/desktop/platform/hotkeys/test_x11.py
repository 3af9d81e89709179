"""Global hotkeys on a real X server: pressed by another program's hand, refused where somebody has them."""

import ctypes
import queue
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from desktop.models.actions import Action
from desktop.models.chords import Chord, parse
from desktop.platform.hotkeys.port import Answer
from tests.support.services import Screen, require

if sys.platform != "linux":
    pytest.skip("X11", allow_module_level=True)

from desktop.platform.hotkeys import choosing, x11

WAIT_S = 10.0


def chord(text: str) -> Chord:
    found = parse(text)
    assert found is not None
    return found


class Heard:
    """Keys that are held, and what comes of it."""

    def __init__(self) -> None:
        self.actions: queue.Queue[Action] = queue.Queue()
        self.answers: queue.Queue[Answer] = queue.Queue()
        self.keys = x11.open(self.actions.put, self.answers.put)

    def hold(self, **texts: str) -> Answer:
        self.keys.hold({Action(name): chord(text) for name, text in texts.items()})
        while (answer := self.answer()).asked != texts.keys():
            pass  # about what was held before
        return answer

    def answer(self) -> Answer:
        return self.answers.get(timeout=WAIT_S)

    def next(self) -> Action:
        return self.actions.get(timeout=WAIT_S)


@contextmanager
def listening() -> Iterator[Heard]:
    heard = Heard()
    try:
        yield heard
    finally:
        heard.keys.close()


@pytest.fixture
def heard(xvfb: Screen) -> Iterator[Heard]:
    require("xdotool", "setxkbmap")
    with listening() as one:
        yield one


def hand(*commands: str) -> None:
    subprocess.run(["xdotool", *" ".join(commands).split()], check=True, timeout=WAIT_S)


def test_a_press_is_the_action_whatever_lock_is_on(heard: Heard) -> None:
    answer = heard.hold(record="Ctrl+Shift+L", mute="Alt+F9")
    assert answer.held == {Action.RECORD, Action.MUTE}
    hand("key ctrl+shift+l")
    assert heard.next() is Action.RECORD
    hand("key Num_Lock key Caps_Lock key alt+F9")
    assert heard.next() is Action.MUTE
    hand("key Num_Lock key ctrl+shift+l key Caps_Lock key alt+F9")
    assert [heard.next(), heard.next()] == [Action.RECORD, Action.MUTE]


def test_a_key_that_is_held_down_acts_once(heard: Heard) -> None:
    heard.hold(record="Ctrl+Shift+L", mute="F9")
    subprocess.run(["xset", "r", "rate", "50", "100"], check=True)
    # The second key comes when the first has repeated itself some twenty times.
    hand("keydown ctrl keydown shift keydown l sleep 0.3 keyup l keyup shift keyup ctrl key F9")
    assert [heard.next(), heard.next()] == [Action.RECORD, Action.MUTE]


def test_other_modifiers_are_another_chord(heard: Heard) -> None:
    heard.hold(record="Ctrl+L", mute="Ctrl+Shift+L", pause="F9")
    hand("key ctrl+alt+l key ctrl+shift+l key ctrl+l key shift+F9 key F9")
    assert [heard.next() for _ in range(3)] == [Action.MUTE, Action.RECORD, Action.PAUSE]


def test_what_another_program_has_is_refused_and_comes_once_it_is_free(heard: Heard) -> None:
    with listening() as other:
        other.hold(record="Ctrl+Shift+L")
        answer = heard.hold(record="Ctrl+Shift+L", mute="F9")
        assert answer.held == {Action.MUTE}
        assert "Another program has it" in answer.refused[Action.RECORD]
        hand("key ctrl+shift+l")
        assert other.next() is Action.RECORD
    assert heard.hold(record="Ctrl+Shift+L", mute="F9").refused == {}
    hand("key ctrl+shift+l")
    assert heard.next() is Action.RECORD


def test_keys_that_are_not_wanted_any_more_are_given_back(heard: Heard) -> None:
    heard.hold(record="Ctrl+Shift+L", mute="F9")
    heard.hold(mute="F9")
    with listening() as other:
        assert other.hold(record="Ctrl+Shift+L").held == {Action.RECORD}


def test_another_layout_moves_the_keys(heard: Heard) -> None:
    subprocess.run(["setxkbmap", "us"], check=True)
    heard.hold(record="Ctrl+Shift+Q", mute="F9")
    with ExitStack() as back:
        back.callback(subprocess.run, ["setxkbmap", "us"], check=True)
        subprocess.run(["setxkbmap", "fr"], check=True)
        heard.answer()
        hand("key ctrl+shift+q")  # where the A was
        assert heard.next() is Action.RECORD


def test_keys_work_in_each_of_two_layouts(heard: Heard) -> None:
    subprocess.run(["setxkbmap", "us,ru"], check=True)
    try:
        heard.hold(record="Ctrl+Shift+L")
        for group in (0, 1):
            lock_group(group)
            hand("keydown ctrl keydown shift key 46 keyup shift keyup ctrl")  # xdotool takes keycodes too
            assert heard.next() is Action.RECORD
    finally:
        lock_group(0)
        subprocess.run(["setxkbmap", "us"], check=True)


def lock_group(group: int) -> None:
    """As the key that switches layouts does."""
    library = ctypes.CDLL("libX11.so.6")
    library.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(library.XOpenDisplay(None))
    library.XkbLockGroup(display, 0x100, group)
    library.XCloseDisplay(display)


def test_a_keyboard_without_latin_letters_has_them_where_they_would_be(heard: Heard) -> None:
    subprocess.run(["setxkbmap", "ru"], check=True)
    try:
        assert heard.hold(record="Ctrl+Shift+L").held == {Action.RECORD}
        hand("key ctrl+shift+46")
        assert heard.next() is Action.RECORD
    finally:
        subprocess.run(["setxkbmap", "us"], check=True)


def test_a_key_that_the_keyboard_lacks_is_named(heard: Heard) -> None:
    with listening() as other:
        subprocess.run(["xmodmap", "-e", "keysym Print = NoSymbol"], check=True)
        answer = other.hold(record="Ctrl+Print")
        while Action.RECORD not in answer.refused:
            answer = other.answer()  # it may have looked before it heard of the new keyboard
        assert "Print" in answer.refused[Action.RECORD]


def test_a_server_that_goes_away_is_told(xvfb: Screen) -> None:
    with listening() as heard:
        heard.hold(record="Ctrl+Shift+L")
        xvfb.process.kill()
        assert "broke" in heard.answer().refused[Action.RECORD]


def test_this_session_offers_x11(xvfb: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    backend, why = choosing.choose()
    assert (backend and backend.name, why) == ("x11", "")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert choosing.candidates() == ("portal",)


def test_without_display_and_bus_the_reasons_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    backend, why = choosing.choose()
    assert backend is None
    assert "X display" in why
    assert "D-Bus" in why
