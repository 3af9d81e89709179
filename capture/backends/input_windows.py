"""Clicks and keys on Windows: the state of each key, asked at every picture.

No hook is installed: one would lie in the way of all input of the desktop, ours is only to look. The low bit
of GetAsyncKeyState tells of presses shorter than a picture. Windows does not tell that a password is typed.
Written from https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getasynckeystate and
https://learn.microsoft.com/windows/win32/inputdev/virtual-key-codes; unverified, see docs/platforms.md.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from typing import Any

from capture.backends import com
from capture.inputs import Click, InputSource, Press, label
from capture.ports import Probe

name = "input_windows"

DOWN, PRESSED = 0x8000, 0x0001
BUTTONS = {0x01: 1, 0x04: 2, 0x02: 3}  # virtual key to the button's number, the main one first
MODIFIERS = ((0x11, "Ctrl"), (0x12, "Alt"), (0x5B, "Win"), (0x5C, "Win"), (0x10, "Shift"))
# Shift, Ctrl, Alt, both alone and by their side; Caps Lock, Num Lock, Scroll Lock, the Windows keys.
SILENT = {0x10, 0x11, 0x12, 0x14, 0x5B, 0x5C, 0x90, 0x91, *range(0xA0, 0xA6)}
NAMED = {
    0x08: "Backspace", 0x09: "Tab", 0x0D: "Enter", 0x13: "Pause", 0x1B: "Esc", 0x20: "Space", 0x21: "Page Up",
    0x22: "Page Down", 0x23: "End", 0x24: "Home", 0x25: "Left", 0x26: "Up", 0x27: "Right", 0x28: "Down",
    0x2C: "Print", 0x2D: "Insert", 0x2E: "Delete", 0x5D: "Menu",
    **{0x70 + index: f"F{index + 1}" for index in range(24)},
}  # fmt: skip
TO_CHARACTER = 2  # MAPVK_VK_TO_CHAR
_CHARACTER = 0xFFFF  # the rest of MapVirtualKey's answer marks dead keys


class Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_long), ("y", ctypes.c_long))


def probe(display: str | None) -> Probe:  # noqa: ARG001 - Windows has one desktop
    if sys.platform != "win32":
        return Probe(usable=False, reason="this is not Windows")
    return Probe(usable=True)


def open(display: str | None) -> InputSource:  # noqa: ARG001 - the shape of the port
    return WindowsInput(_user32())


class WindowsInput:
    """`user32` is the system's library, or what stands for it."""

    def __init__(self, user32: Any) -> None:
        self._user32 = user32
        self._held: set[int] = set()
        self.events()  # presses from before the take are nobody's business

    def events(self) -> list[Click | Press]:
        found: list[Click | Press] = []
        for code in range(1, 255):
            state = self._user32.GetAsyncKeyState(code) & 0xFFFF
            held = bool(state & DOWN)
            if state & PRESSED or (held and code not in self._held):
                found.extend(self._read(code))
            self._held = self._held | {code} if held else self._held - {code}
        return found

    def close(self) -> None:
        """Nothing was taken."""

    def _read(self, code: int) -> Iterator[Click | Press]:
        if code in BUTTONS:
            point = Point()
            if self._user32.GetCursorPos(ctypes.byref(point)):
                yield Click(point.x, point.y, BUTTONS[code])
            return
        key = self._key(code)
        if key is not None:
            yield label(key, self._modifiers())

    def _modifiers(self) -> list[str]:
        held = [word for code, word in MODIFIERS if self._user32.GetAsyncKeyState(code) & DOWN]
        return list(dict.fromkeys(held))

    def _key(self, code: int) -> str | None:
        if code in SILENT:
            return None
        if code in NAMED:
            return NAMED[code]
        character = self._user32.MapVirtualKeyW(code, TO_CHARACTER) & _CHARACTER
        return chr(character).lower() if character > 0x20 else None


def _user32() -> Any:
    library: Any = com.library("user32")
    library.GetAsyncKeyState.argtypes, library.GetAsyncKeyState.restype = (ctypes.c_int,), ctypes.c_short
    library.GetCursorPos.argtypes = (ctypes.POINTER(Point),)
    return library
