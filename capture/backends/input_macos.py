"""Clicks and keys on macOS: the state of each key, asked at every picture.

While a password is typed the system says so (`IsSecureEventInputEnabled`), and no key is reported. Reading
keys needs the permission Input Monitoring, which the system asks for once. A press shorter than a picture is
missed: an event tap would see it, but needs a run loop of its own.
Written from https://developer.apple.com/documentation/coregraphics/cgeventsource/keystate(_:key:),
https://developer.apple.com/documentation/coregraphics/cgpreflightlisteneventaccess(), and the key codes of
HIToolbox/Events.h; unverified, see docs/platforms.md.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from typing import Any

from capture.inputs import Click, InputSource, Press, label
from capture.ports import Probe

name = "input_macos"

HID_STATE = 1  # kCGEventSourceStateHIDSystemState
BUTTONS = {0: 1, 1: 3, 2: 2}  # left, right, middle to the button's number
MODIFIERS = ((1 << 18, "Ctrl"), (1 << 19, "Option"), (1 << 20, "Cmd"), (1 << 17, "Shift"))  # CGEventFlags
# By place on an ANSI keyboard, which is how the system numbers them.
LETTERS = {
    code: letter
    for code, letter in enumerate("asdfhgzxcv\0bqweryt123465=97-80]ou[ip\0lj'k;\\,/nm.")
    if letter != "\0"
}
NAMED = {
    0x24: "Enter", 0x30: "Tab", 0x31: "Space", 0x33: "Backspace", 0x35: "Esc", 0x4C: "Enter", 0x73: "Home",
    0x74: "Page Up", 0x75: "Delete", 0x77: "End", 0x79: "Page Down", 0x7B: "Left", 0x7C: "Right",
    0x7D: "Down", 0x7E: "Up", 0x7A: "F1", 0x78: "F2", 0x63: "F3", 0x76: "F4", 0x60: "F5", 0x61: "F6",
    0x62: "F7", 0x64: "F8", 0x65: "F9", 0x6D: "F10", 0x67: "F11", 0x6F: "F12",
}  # fmt: skip
KEYS = {**LETTERS, **NAMED, 0x32: "`"}


class Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_double), ("y", ctypes.c_double))


def probe(display: str | None) -> Probe:  # noqa: ARG001 - macOS has one desktop
    if sys.platform != "darwin":
        return Probe(usable=False, reason="this is not macOS")
    if not _services().CGPreflightListenEventAccess():
        _services().CGRequestListenEventAccess()
        return Probe(usable=False, reason="Input Monitoring is not allowed; see System Settings, Privacy.")
    return Probe(usable=True)


def open(display: str | None) -> InputSource:  # noqa: ARG001 - the shape of the port
    return MacInput(_services())


class MacInput:
    """`services` is the system's library, or what stands for it."""

    def __init__(self, services: Any) -> None:
        self._services = services
        self._held: set[tuple[str, int]] = set()
        self.events()  # what is held when the take begins was pressed before

    def events(self) -> list[Click | Press]:
        services = self._services
        now = {("button", one) for one in BUTTONS if services.CGEventSourceButtonState(HID_STATE, one)}
        if not services.IsSecureEventInputEnabled():
            now |= {("key", one) for one in KEYS if services.CGEventSourceKeyState(HID_STATE, one)}
        fresh, self._held = sorted(now - self._held), now
        return [event for kind, code in fresh for event in self._read(kind, code)]

    def close(self) -> None:
        """Nothing was taken."""

    def _read(self, kind: str, code: int) -> Iterator[Click | Press]:
        if kind == "button":
            x, y = self._pointer()
            yield Click(round(x), round(y), BUTTONS[code])
            return
        flags = self._services.CGEventSourceFlagsState(HID_STATE)
        yield label(KEYS[code], [word for bit, word in MODIFIERS if flags & bit])

    def _pointer(self) -> tuple[float, float]:
        """In points, of which a Retina screen has one for four pixels."""
        event = self._services.CGEventCreate(None)
        point = self._services.CGEventGetLocation(event)
        self._services.CFRelease(event)
        return point.x, point.y


def _services() -> Any:
    """ApplicationServices brings CoreGraphics and CoreFoundation, Carbon the word about passwords."""
    graphics: Any = ctypes.CDLL(
        "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"
    )
    carbon = ctypes.CDLL("/System/Library/Frameworks/Carbon.framework/Carbon")
    graphics.IsSecureEventInputEnabled = carbon.IsSecureEventInputEnabled
    pointer, number = ctypes.c_void_p, ctypes.c_uint32
    for function, result, arguments in (
        (graphics.CGEventSourceButtonState, ctypes.c_bool, (ctypes.c_int32, number)),
        (graphics.CGEventSourceKeyState, ctypes.c_bool, (ctypes.c_int32, ctypes.c_uint16)),
        (graphics.CGEventSourceFlagsState, ctypes.c_uint64, (ctypes.c_int32,)),
        (graphics.CGEventCreate, pointer, (pointer,)),
        (graphics.CGEventGetLocation, Point, (pointer,)),
        (graphics.CFRelease, None, (pointer,)),
        (graphics.CGPreflightListenEventAccess, ctypes.c_bool, ()),
        (graphics.CGRequestListenEventAccess, ctypes.c_bool, ()),
        (graphics.IsSecureEventInputEnabled, ctypes.c_bool, ()),
    ):
        function.restype, function.argtypes = result, arguments
    return graphics
