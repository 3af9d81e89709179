"""Clicks and keys of an X session, from the server's RECORD extension.

X11 does not tell that a password is being typed: plain typing is reported as such, and shown only when asked.
On Wayland an X server hears X programs alone, so there it is not used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from capture.errors import ScreenLost
from capture.inputs import Click, InputSource, Press, label
from capture.ports import Probe

if sys.platform != "win32":
    from capture.backends.x11_record import BUTTON_PRESS, DeviceEvent, Recording
    from capture.backends.x11_screen import is_x_display
    from capture.backends.xcb import XRequestError

name = "input_x11"

WHEEL = range(4, 8)  # buttons that are turns of the wheel
# Bits of the core protocol's state. Which key is Mod1 and Mod4 is a habit of every desktop, not a rule.
MODIFIERS = ((4, "Ctrl"), (8, "Alt"), (64, "Super"), (1, "Shift"))
NAMED = {
    0x0020: "Space", 0xFF08: "Backspace", 0xFF09: "Tab", 0xFE20: "Tab", 0xFF0D: "Enter", 0xFF13: "Pause",
    0xFF1B: "Esc", 0xFF50: "Home", 0xFF51: "Left", 0xFF52: "Up", 0xFF53: "Right", 0xFF54: "Down",
    0xFF55: "Page Up", 0xFF56: "Page Down", 0xFF57: "End", 0xFF61: "Print", 0xFF63: "Insert", 0xFF67: "Menu",
    0xFF8D: "Enter", 0xFFFF: "Delete", **{0xFFBE + index: f"F{index + 1}" for index in range(24)},
}  # fmt: skip
# Shift, Ctrl, Caps Lock, Meta, Alt, Super, Hyper; level and group shifts; Num Lock and Mode switch.
SILENT = {*range(0xFFE1, 0xFFEF), *range(0xFE01, 0xFE14), 0xFF7E, 0xFF7F}


def probe(display: str | None) -> Probe:
    if sys.platform == "win32":
        return Probe(usable=False, reason="X11 is not for Windows")
    if os.environ.get("WAYLAND_DISPLAY") and not _named(display):
        return Probe(usable=False, reason="On Wayland no program hears the keys of others.")
    try:
        open(display).close()
    except (ScreenLost, XRequestError, OSError) as error:
        return Probe(usable=False, reason=str(error))
    return Probe(usable=True)


def open(display: str | None) -> InputSource:
    return _X11Input(display)


def _named(display: str | None) -> str | None:
    """What names a monitor is no X display: then it is the session's."""
    return display if display and is_x_display(display) else None


class _X11Input:
    def __init__(self, display: str | None) -> None:
        self._recording: Recording | None = Recording(_named(display))
        self._first, self._symbols = self._recording.keyboard()

    def events(self) -> list[Click | Press]:
        found: list[Click | Press] = []
        if self._recording is not None:
            try:
                for event in self._recording.events():
                    found.extend(self._read(event))
            except (ScreenLost, XRequestError):
                self.close()
        return found

    def close(self) -> None:
        if self._recording is not None:
            self._recording.close()
            self._recording = None

    def _read(self, event: DeviceEvent) -> Iterator[Click | Press]:
        if event.kind == BUTTON_PRESS:
            if event.detail not in WHEEL:
                yield Click(event.x, event.y, event.detail)
            return
        if event.kind != 2:
            return
        modifiers = [word for bit, word in MODIFIERS if event.state & bit]
        key, shifted = self._key(event.detail, shift=bool(event.state & 1))
        if key is None:
            return
        if shifted and modifiers[-1:] == ["Shift"]:
            modifiers.pop()  # the sign itself says it: "?" and not "Shift+/"
        yield label(key, modifiers)

    def _key(self, keycode: int, *, shift: bool) -> tuple[str | None, bool]:
        """What a key is called, and whether that already says that Shift is held."""
        index = keycode - self._first
        symbols = self._symbols[index] if 0 <= index < len(self._symbols) else ()
        if not symbols or symbols[0] in SILENT:
            return None, False
        if shift and len(symbols) > 1:
            plain, large = _sign(symbols[0]), _sign(symbols[1])
            if large and plain and large.lower() != plain.lower():
                return large, True
        return _sign(symbols[0]), False


def _sign(symbol: int) -> str | None:
    """A keysym's name or character; the tables are in X11/keysymdef.h."""
    if symbol in NAMED:
        return NAMED[symbol]
    if 0x20 < symbol < 0x7F or 0xA0 < symbol <= 0xFF:
        return chr(symbol)
    if 0xFFAA <= symbol <= 0xFFB9:  # the number pad
        return chr(symbol - 0xFF80)
    return chr(symbol & 0xFFFFFF) if 0x01000100 <= symbol <= 0x0110FFFF else None
