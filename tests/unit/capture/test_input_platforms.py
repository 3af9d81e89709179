"""Input on Windows and macOS, against stand-ins that answer as the vendors' pages say."""

import ctypes
from typing import Any

from capture.backends import input_macos, input_windows
from capture.backends.input_macos import KEYS, MacInput
from capture.backends.input_windows import WindowsInput
from capture.inputs import Click, Press


class User32:
    """GetAsyncKeyState as documented: the high bit while a key is down, the low bit once after a press."""

    def __init__(self) -> None:
        self.down: set[int] = set()
        self.tapped: set[int] = set()

    def GetAsyncKeyState(self, code: int) -> int:
        state = (-0x8000 if code in self.down else 0) | (1 if code in self.tapped else 0)
        self.tapped.discard(code)
        return state

    def GetCursorPos(self, pointer: Any) -> int:
        point = ctypes.cast(pointer, ctypes.POINTER(input_windows.Point)).contents
        point.x, point.y = -20, 30
        return 1

    def MapVirtualKeyW(self, code: int, kind: int) -> int:
        assert kind == 2
        return code if 0x30 <= code <= 0x5A else 0


def test_windows_reports_each_press_once_with_its_modifiers() -> None:
    user32 = User32()
    source = WindowsInput(user32)
    user32.down = {0x11, 0xA2, 0x53}
    assert source.events() == [Press("Ctrl+S", plain=False)]
    assert source.events() == []
    user32.down = set()
    user32.tapped = {0x41}
    assert source.events() == [Press("a", plain=True)]
    user32.down = {0x01}
    assert source.events() == [Click(-20, 30, 1)]
    user32.down = {0x10, 0x70}
    assert source.events() == [Press("Shift+F1", plain=False)]


def test_windows_leaves_out_what_was_pressed_before() -> None:
    user32 = User32()
    user32.tapped = {0x41}
    assert WindowsInput(user32).events() == []


class Services:
    """The parts of CoreGraphics and Carbon that are asked."""

    def __init__(self) -> None:
        self.keys: set[int] = set()
        self.buttons: set[int] = set()
        self.flags, self.secure, self.released = 0, False, 0

    def CGEventSourceButtonState(self, state: int, button: int) -> bool:
        return state == 1 and button in self.buttons

    def CGEventSourceKeyState(self, state: int, key: int) -> bool:
        return state == 1 and key in self.keys

    def CGEventSourceFlagsState(self, state: int) -> int:
        return self.flags if state == 1 else 0

    def IsSecureEventInputEnabled(self) -> bool:
        return self.secure

    def CGEventCreate(self, source: None) -> int:
        return 7 if source is None else 0

    def CGEventGetLocation(self, event: int) -> input_macos.Point:
        assert event == 7
        return input_macos.Point(10.4, 20.6)

    def CFRelease(self, event: int) -> None:
        self.released += event == 7


def test_macos_reports_each_press_once_and_gives_back_what_it_made() -> None:
    services = Services()
    source = MacInput(services)
    services.keys, services.flags = {0x01}, 1 << 20 | 1 << 17
    assert source.events() == [Press("Cmd+Shift+S", plain=False)]
    assert source.events() == []
    services.keys, services.flags, services.buttons = set(), 0, {1}
    assert source.events() == [Click(10, 21, 3)]
    assert services.released == 1


def test_macos_reports_no_key_while_a_password_is_typed() -> None:
    services = Services()
    source = MacInput(services)
    services.secure, services.keys = True, {0x00}
    assert source.events() == []


def test_key_codes_of_macos_are_those_of_the_header() -> None:
    header = {0x00: "a", 0x0B: "b", 0x08: "c", 0x12: "1", 0x1D: "0", 0x1F: "o", 0x23: "p", 0x25: "l"}
    header |= {0x2A: "\\", 0x2B: ",", 0x2C: "/", 0x2D: "n", 0x2E: "m", 0x2F: ".", 0x27: "'", 0x32: "`"}
    assert {code: KEYS[code] for code in header} == header


def test_elsewhere_they_say_what_they_are_not() -> None:
    import sys

    for backend, system in ((input_windows, "win32"), (input_macos, "darwin")):
        if sys.platform != system:
            assert not backend.probe(None).usable
