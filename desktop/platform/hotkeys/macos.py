"""Global hotkeys of macOS: RegisterEventHotKey of Carbon, which needs no permission to watch the keyboard.

The events come with those of the program's main loop, so all of this runs on the main thread, where Qt's is.
Two programs may register the same keys, and both are told; so only what the system itself has is refused.
Keys are told by their place: the letters are those of an American keyboard.
Unverified on a real system: see docs/platforms.md. Source: Carbon's CarbonEvents.h and Events.h
(HIToolbox.framework), as QHotkey and others use them.
"""

import ctypes
import sys
from typing import Any

from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.chords import Chord, Modifier
from desktop.models.hotkeys import Assignments
from desktop.platform.hotkeys.port import Answer, Answered, Keys, Pressed

name = "macos"

SIGNATURE = int.from_bytes(b"HDDL")
DIRECT_OBJECT, TYPE_HOT_KEY = int.from_bytes(b"----"), int.from_bytes(b"hkid")
CLASS_KEYBOARD, HOT_KEY_PRESSED = int.from_bytes(b"keyb"), 5
EXISTS = -9878  # eventHotKeyExistsErr
MODIFIERS = {Modifier.CTRL: 0x0100, Modifier.SHIFT: 0x0200, Modifier.ALT: 0x0800, Modifier.META: 0x1000}
# kVK_… of Events.h.
CODES = {
    "A": 0, "S": 1, "D": 2, "F": 3, "H": 4, "G": 5, "Z": 6, "X": 7, "C": 8, "V": 9, "B": 11, "Q": 12, "W": 13,
    "E": 14, "R": 15, "Y": 16, "T": 17, "1": 18, "2": 19, "3": 20, "4": 21, "6": 22, "5": 23, "=": 24,
    "9": 25, "7": 26, "-": 27, "8": 28, "0": 29, "]": 30, "O": 31, "U": 32, "[": 33, "I": 34, "P": 35,
    "Enter": 36, "L": 37, "J": 38, "'": 39, "K": 40, ";": 41, "\\": 42, ",": 43, "/": 44, "N": 45, "M": 46,
    ".": 47, "Tab": 48, "Space": 49, "`": 50, "Backspace": 51, "Esc": 53, "F17": 64, "F18": 79, "F19": 80,
    "F20": 90, "F5": 96, "F6": 97, "F7": 98, "F3": 99, "F8": 100, "F9": 101, "F11": 103, "F13": 105,
    "F16": 106, "F14": 107, "F10": 109, "F12": 111, "F15": 113, "Home": 115, "PageUp": 116, "Delete": 117,
    "F4": 118, "End": 119, "F2": 120, "PageDown": 121, "F1": 122, "Left": 123, "Right": 124, "Down": 125,
    "Up": 126,
}  # fmt: skip
_ACTIONS = tuple(Action)


class HotKeyID(ctypes.Structure):
    """EventHotKeyID."""

    _fields_ = (("signature", ctypes.c_uint32), ("id", ctypes.c_uint32))


class EventType(ctypes.Structure):
    """EventTypeSpec."""

    _fields_ = (("event_class", ctypes.c_uint32), ("kind", ctypes.c_uint32))


HANDLER = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def probe() -> str:
    """Every Mac has them."""
    return "" if sys.platform == "darwin" else "This is not macOS."


def open(pressed: Pressed, answered: Answered) -> Keys:
    """OSError when Carbon cannot be had."""
    return MacKeys(_carbon(), pressed, answered)


class MacKeys:
    """`carbon` is the system's library, or what stands for it. Used on the main thread alone."""

    one_by_one = True

    def __init__(self, carbon: Any, pressed: Pressed, answered: Answered) -> None:
        self._carbon = carbon
        self._pressed, self._answered = pressed, answered
        self._held: dict[Action, tuple[Chord, ctypes.c_void_p]] = {}
        self._target = carbon.GetApplicationEventTarget()
        self._handler = HANDLER(self._happened)  # the system keeps no reference that Python knows of
        self._installed = ctypes.c_void_p()
        kind = EventType(CLASS_KEYBOARD, HOT_KEY_PRESSED)
        carbon.InstallEventHandler(
            self._target, self._handler, 1, ctypes.byref(kind), None, ctypes.byref(self._installed)
        )

    def hold(self, wanted: Assignments) -> None:
        for action, (chord, key) in list(self._held.items()):
            if wanted.get(action) != chord:
                self._carbon.UnregisterEventHotKey(key)
                del self._held[action]
        refused = {
            action: why
            for action, chord in wanted.items()
            if action not in self._held and (why := self._register(action, chord))
        }
        self._answered(Answer(frozenset(wanted), frozenset(self._held), refused))

    def close(self) -> None:
        for _, key in self._held.values():
            self._carbon.UnregisterEventHotKey(key)
        self._held.clear()
        if self._installed:
            self._carbon.RemoveEventHandler(self._installed)
            self._installed = ctypes.c_void_p()

    def _register(self, action: Action, chord: Chord) -> str:
        code = CODES.get(chord.key)
        if code is None:
            return tr("This keyboard has no key {key}.", key=chord.key)
        modifiers, key = sum(MODIFIERS[one] for one in chord.modifiers), ctypes.c_void_p()
        number = HotKeyID(SIGNATURE, _ACTIONS.index(action) + 1)
        status = self._carbon.RegisterEventHotKey(code, modifiers, number, self._target, 0, ctypes.byref(key))
        if status == EXISTS:
            return tr("The system has it.")
        if status:
            return tr("macOS refused it (error {code}).", code=status)
        self._held[action] = (chord, key)
        return ""

    def _happened(self, _call: int, event: int, _data: int) -> int:
        number = HotKeyID()
        self._carbon.GetEventParameter(
            event, DIRECT_OBJECT, TYPE_HOT_KEY, None, ctypes.sizeof(number), None, ctypes.byref(number)
        )
        if number.signature == SIGNATURE and 0 < number.id <= len(_ACTIONS):
            self._pressed(_ACTIONS[number.id - 1])
        return 0


def _carbon() -> Any:
    carbon = ctypes.CDLL("/System/Library/Frameworks/Carbon.framework/Carbon")
    pointer, word = ctypes.c_void_p, ctypes.c_uint32
    carbon.GetApplicationEventTarget.restype = pointer
    carbon.InstallEventHandler.argtypes = (pointer, HANDLER, ctypes.c_ulong, pointer, pointer, pointer)
    carbon.RemoveEventHandler.argtypes = (pointer,)
    carbon.RegisterEventHotKey.argtypes = (word, word, HotKeyID, pointer, word, pointer)
    carbon.UnregisterEventHotKey.argtypes = (pointer,)
    carbon.GetEventParameter.argtypes = (pointer, word, word, pointer, ctypes.c_ulong, pointer, pointer)
    return carbon
