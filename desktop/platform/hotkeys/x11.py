"""Global hotkeys of an X session: passive grabs on the root window, which one program alone can have.

Core protocol of X11, GrabKey. A connection of our own, so that a refused grab is an answer and no error of
Qt's; the server gives the keys back when it ends, however it ends.
"""

import os
import struct
import sys
from functools import partial

from capture.backends.xcb import Connection, XRequestError
from capture.errors import ScreenLost
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.chords import Chord
from desktop.models.hotkeys import Assignments
from desktop.platform.hotkeys import x11_keyboard
from desktop.platform.hotkeys.port import Answer, Answered, Keys, Pressed
from desktop.platform.hotkeys.waiting import Waiting
from desktop.sentences import say

name = "x11"

_GRAB_KEY, _UNGRAB_KEY, _GET_INPUT_FOCUS = 33, 34, 43
_KEY_PRESS, _KEY_RELEASE, _MAPPING_NOTIFY = 2, 3, 34
_ASYNC = 1
_POINTER_MAPPING = 2
_BAD_ACCESS = 10

Place = tuple[int, int]  # keycode and modifier bits


def probe() -> str:
    """Whether an X server answers."""
    if sys.platform in {"win32", "darwin"}:
        return "X11 is not for this system."
    if not os.environ.get("DISPLAY"):
        return tr("There is no X display.")
    try:
        Connection(None).close()
    except ScreenLost as error:
        return say(error.detail)
    return ""


def open(pressed: Pressed, answered: Answered) -> Keys:
    """OSError when no X server answers."""
    try:
        return _X11Keys(Connection(None), pressed, answered)
    except ScreenLost as error:
        raise OSError(say(error.detail)) from error


class _X11Keys:
    """All but the constructor, `hold` and `close` runs on the thread that waits."""

    one_by_one = True

    def __init__(self, connection: Connection, pressed: Pressed, answered: Answered) -> None:
        self._c = connection
        self._pressed, self._answered = pressed, answered
        self._keyboard = x11_keyboard.read(connection)
        self._wanted: Assignments = {}
        self._places: dict[Action, Place] = {}
        self._released = (0, 0)  # keycode and time
        self._waiting = Waiting(connection.fileno(), self._guarded_read, self._lost)

    def hold(self, wanted: Assignments) -> None:
        self._waiting.ask(partial(self._hold, dict(wanted)))

    def close(self) -> None:
        self._waiting.close()
        self._c.close()

    def _hold(self, wanted: Assignments) -> None:
        self._wanted = wanted
        places = {action: self._keyboard.place(chord) for action, chord in wanted.items()}
        try:
            for action, held in list(self._places.items()):
                if places.get(action) != held:
                    self._release(self._places.pop(action))
            refused = {}
            for action, place in places.items():
                if action not in self._places and (why := self._grab(action, place, wanted[action])):
                    refused[action] = why
            self._c.ask(_GET_INPUT_FOCUS, 0)  # sends what waits: what was given back is free after the answer
        except ScreenLost as error:
            raise OSError(say(error.detail)) from error
        self._answered(Answer(frozenset(wanted), frozenset(self._places), refused))

    def _grab(self, action: Action, place: Place | None, chord: Chord) -> str:
        """Takes a key with all states of the locks; why it could not, with nothing taken."""
        if place is None:
            return tr("This keyboard has no key {key}.", key=chord.key)
        try:
            for bits in self._keyboard.with_locks(place[1]):
                body = struct.pack("=IHBBB3x", self._c.root.window, bits, place[0], _ASYNC, _ASYNC)
                self._c.tell(_GRAB_KEY, 0, body)
        except XRequestError as error:
            self._release(place)
            if error.code == _BAD_ACCESS:
                return tr("Another program has it.")
            return str(error)
        self._places[action] = place
        return ""

    def _release(self, place: Place) -> None:
        """What is not ours stays with who has it."""
        for bits in self._keyboard.with_locks(place[1]):
            self._c.tell_later(_UNGRAB_KEY, place[0], struct.pack("=IHxx", self._c.root.window, bits))

    def _guarded_read(self) -> None:
        try:
            # Again until there are none: whatever asks the server something reads events that came meanwhile.
            while events := self._c.events():
                for event in events:
                    self._read(event)
        except ScreenLost as error:
            raise OSError(say(error.detail)) from error

    def _read(self, event: bytes) -> None:
        # The highest bit marks what a program made up: nobody but a person presses our keys.
        kind, keycode = event[0], event[1]
        (at,) = struct.unpack_from("=I", event, 4)
        if kind == _KEY_RELEASE:
            self._released = (keycode, at)
        elif kind == _KEY_PRESS and self._released != (keycode, at):  # equal: a key that repeats itself
            (state,) = struct.unpack_from("=H", event, 28)
            self._press(keycode, state)
        elif kind == _MAPPING_NOTIFY and event[4] != _POINTER_MAPPING:
            self._learn()

    def _press(self, keycode: int, state: int) -> None:
        bits = state & sum(self._keyboard.bits.values())
        for action, place in self._places.items():
            if place == (keycode, bits):
                self._pressed(action)
                return

    def _learn(self) -> None:
        """Another layout: the same chords lie elsewhere now."""
        keyboard = x11_keyboard.read(self._c)
        if keyboard == self._keyboard:
            return
        for place in self._places.values():
            self._release(place)
        self._places.clear()
        self._keyboard = keyboard
        if self._wanted:
            self._hold(self._wanted)

    def _lost(self, why: str) -> None:
        self._answered(Answer(frozenset(self._wanted), refused=dict.fromkeys(self._wanted, why)))
