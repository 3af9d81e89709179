"""Global hotkeys of Windows: RegisterHotKey, whose messages go to the thread that asked.

Unverified on a real system: see docs/platforms.md. Source:
https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-registerhotkey and
https://learn.microsoft.com/windows/win32/inputdev/virtual-key-codes.
"""

import ctypes
import queue
import sys
import threading
from typing import Any

from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.chords import Chord, Modifier
from desktop.models.hotkeys import Assignments
from desktop.platform.hotkeys.port import Answer, Answered, Keys, Pressed

name = "windows"

WM_HOTKEY, WM_WAKE = 0x0312, 0x8000  # WM_APP
NO_REPEAT = 0x4000
ALREADY_REGISTERED = 1409
_START_S = 5.0
MODIFIERS = {Modifier.ALT: 1, Modifier.CTRL: 2, Modifier.SHIFT: 4, Modifier.META: 8}
NAMED = {
    "Space": 0x20, "Tab": 0x09, "Enter": 0x0D, "Esc": 0x1B, "Backspace": 0x08, "Delete": 0x2E, "Insert": 0x2D,
    "Home": 0x24, "End": 0x23, "PageUp": 0x21, "PageDown": 0x22, "Left": 0x25, "Up": 0x26, "Right": 0x27,
    "Down": 0x28, "Print": 0x2C, "Pause": 0x13, "Menu": 0x5D,
    **{f"F{number}": 0x6F + number for number in range(1, 25)},
}  # fmt: skip
_ACTIONS = tuple(Action)


class Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_long), ("y", ctypes.c_long))


class Msg(ctypes.Structure):
    """MSG of winuser.h."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("w_param", ctypes.c_size_t),
        ("l_param", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("point", Point),
    )


def probe() -> str:
    """Every Windows has them."""
    return "" if sys.platform == "win32" else "This is not Windows."


def open(pressed: Pressed, answered: Answered) -> Keys:
    """Starts the thread."""
    return WindowsKeys(_library("user32"), _library("kernel32"), pressed, answered)


class WindowsKeys:
    """`user32` and `kernel32` are the system's libraries, or what stands for them."""

    one_by_one = True

    def __init__(self, user32: Any, kernel32: Any, pressed: Pressed, answered: Answered) -> None:
        self._user32, self._kernel32 = user32, kernel32
        self._pressed, self._answered = pressed, answered
        self._asked: queue.SimpleQueue[Assignments | None] = queue.SimpleQueue()
        self._held: dict[Action, Chord] = {}
        self._ready = threading.Event()
        self._number = 0  # of the thread, as Windows counts
        self._thread = threading.Thread(target=self._run, name="hotkeys", daemon=True)
        self._thread.start()
        self._ready.wait(_START_S)

    def hold(self, wanted: Assignments) -> None:
        self._ask(dict(wanted))

    def close(self) -> None:
        if self._thread.is_alive():
            self._ask(None)
            self._thread.join(_START_S)

    def _ask(self, wanted: Assignments | None) -> None:
        self._asked.put(wanted)
        self._user32.PostThreadMessageW(self._number, WM_WAKE, 0, 0)

    def _run(self) -> None:
        message = Msg()
        # Looking for a message makes the queue that others post to.
        self._user32.PeekMessageW(ctypes.byref(message), None, 0, 0, 0)
        self._number = self._kernel32.GetCurrentThreadId()
        self._ready.set()
        while self._user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == WM_HOTKEY and 0 < message.w_param <= len(_ACTIONS):
                self._pressed(_ACTIONS[message.w_param - 1])
            elif message.message == WM_WAKE and not self._obey():
                break
        self._exchange({})

    def _obey(self) -> bool:
        """Does what was asked; False when that is to end."""
        while not self._asked.empty():
            wanted = self._asked.get_nowait()
            if wanted is None:
                return False
            refused = self._exchange(wanted)
            self._answered(Answer(frozenset(wanted), frozenset(self._held), refused))
        return True

    def _exchange(self, wanted: Assignments) -> dict[Action, str]:
        """Holds these and no others; what was refused, and why."""
        for action, chord in list(self._held.items()):
            if wanted.get(action) != chord:
                self._user32.UnregisterHotKey(None, _number(action))
                del self._held[action]
        refused = {}
        for action, chord in wanted.items():
            if action not in self._held:
                if why := self._register(action, chord):
                    refused[action] = why
                else:
                    self._held[action] = chord
        return refused

    def _register(self, action: Action, chord: Chord) -> str:
        key = self._key(chord.key)
        if key is None:
            return tr("This keyboard has no key {key}.", key=chord.key)
        modifiers = NO_REPEAT | sum(MODIFIERS[one] for one in chord.modifiers)
        if self._user32.RegisterHotKey(None, _number(action), modifiers, key):
            return ""
        code = self._kernel32.GetLastError()
        if code == ALREADY_REGISTERED:
            return tr("Another program has it.")
        return tr("Windows refused it (error {code}).", code=code)

    def _key(self, key: str) -> int | None:
        if key in NAMED:
            return NAMED[key]
        if key.isalnum():
            return ord(key)
        found = int(self._user32.VkKeyScanW(ord(key)))
        return found & 0xFF if found & 0xFFFF != 0xFFFF else None


def _number(action: Action) -> int:
    return _ACTIONS.index(action) + 1


def _library(name: str) -> Any:
    return ctypes.WinDLL(name)  # type: ignore[attr-defined, unused-ignore]  # exists on Windows alone
