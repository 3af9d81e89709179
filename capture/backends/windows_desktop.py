"""What a Windows desktop shows: its displays and its windows.

Unverified on a real system: see docs/platforms.md.
Source: https://learn.microsoft.com/en-us/windows/win32/api/winuser/ (EnumDisplayMonitors, EnumWindows) and
https://learn.microsoft.com/en-us/windows/win32/api/dwmapi/ne-dwmapi-dwmwindowattribute
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any

from capture.backends import com
from capture.backends.com import FUNCTION
from capture.errors import BadRegion
from capture.model import Rect

_FRAME_BOUNDS, _CLOAKED = 9, 14
_PRIMARY = 1
_PER_MONITOR_V2 = -4  # DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2
_QUERY_LIMITED = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION


class _Rect(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_int32) for name in ("left", "top", "right", "bottom"))

    def area(self) -> Rect:
        return Rect(self.left, self.top, self.right - self.left, self.bottom - self.top)


class _MonitorInfo(ctypes.Structure):
    """MONITORINFOEXW."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("monitor", _Rect),
        ("work", _Rect),
        ("flags", ctypes.c_uint32),
        ("device", ctypes.c_uint16 * 32),
    )


@dataclass(frozen=True, slots=True)
class Monitor:
    handle: int
    name: str
    area: Rect
    primary: bool


@dataclass(frozen=True, slots=True)
class Window:
    handle: int
    title: str
    program: str  # the name of its file, without ".exe"
    area: Rect


def monitors() -> list[Monitor]:
    """The displays, the primary one first, which is how Heddle counts them."""
    user32, found = _user32(), list[Monitor]()

    def add(handle: int, _context: int, _area: int, _data: int) -> int:
        info = _MonitorInfo(size=ctypes.sizeof(_MonitorInfo))
        if user32.GetMonitorInfoW(ctypes.c_void_p(handle), ctypes.byref(info)):
            name = bytes(info.device).decode("utf-16-le").partition("\0")[0]
            found.append(Monitor(handle, name, info.monitor.area(), bool(info.flags & _PRIMARY)))
        return 1

    pointer = ctypes.c_void_p
    callback = FUNCTION(ctypes.c_int32, pointer, pointer, pointer, pointer)(add)
    user32.EnumDisplayMonitors(None, None, callback, None)
    return sorted(found, key=lambda one: not one.primary)


def windows() -> list[Window]:
    """The windows that a person would call so, the one in front first."""
    user32, found = _user32(), list[Window]()

    def add(handle: int, _data: int) -> int:
        title = _title(handle)
        if title and user32.IsWindowVisible(ctypes.c_void_p(handle)) and not _cloaked(handle):
            found.append(Window(handle, title, _program(handle), _bounds(handle)))
        return 1

    callback = FUNCTION(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)(add)
    user32.EnumWindows(callback, None)
    return found


def find_monitor(wanted: str | None) -> Monitor:
    """By its number or name; the primary one for None. BadRegion when there is no such display."""
    found = monitors()
    for index, one in enumerate(found):
        if wanted in (None, str(index), one.name):
            return one
    known = ", ".join(f"{index} ({one.name})" for index, one in enumerate(found)) or "nothing"
    raise BadRegion("There is no such display", f"{wanted!r} is not one of: {known}.", "Name one of these.")


def find_window(wanted: str) -> Window | None:
    """The window with this id, else one whose title holds `wanted`; "active" is the one in front."""
    open_windows = windows()
    if wanted == "active":
        return open_windows[0] if open_windows else None
    exact = (one for one in open_windows if str(one.handle) == wanted)
    similar = (one for one in open_windows if wanted.lower() in one.title.lower())
    return next(exact, None) or next(similar, None)


def exists(handle: int) -> bool:
    return bool(com.library("user32").IsWindow(ctypes.c_void_p(handle)))


def minimised(handle: int) -> bool:
    return bool(com.library("user32").IsIconic(ctypes.c_void_p(handle)))


def _user32() -> Any:
    """With coordinates in pixels on this thread, whatever the display's scale (from Windows 10 1607 on)."""
    user32 = com.library("user32")
    if hasattr(user32, "SetThreadDpiAwarenessContext"):
        user32.SetThreadDpiAwarenessContext(ctypes.c_void_p(_PER_MONITOR_V2))
    return user32


def _program(handle: int) -> str:
    """Empty where Windows does not let us look, as for programs of an administrator."""
    kernel32, number = com.library("kernel32"), ctypes.c_uint32()
    com.library("user32").GetWindowThreadProcessId(ctypes.c_void_p(handle), ctypes.byref(number))
    kernel32.OpenProcess.restype = ctypes.c_void_p
    process = kernel32.OpenProcess(_QUERY_LIMITED, 0, number.value)
    if not process:
        return ""
    text, length = ctypes.create_unicode_buffer(1024), ctypes.c_uint32(1024)
    kernel32.QueryFullProcessImageNameW(ctypes.c_void_p(process), 0, text, ctypes.byref(length))
    kernel32.CloseHandle(ctypes.c_void_p(process))
    return PureWindowsPath(text.value).stem


def _title(handle: int) -> str:
    text = ctypes.create_unicode_buffer(256)
    com.library("user32").GetWindowTextW(ctypes.c_void_p(handle), text, len(text))
    return text.value


def _cloaked(handle: int) -> bool:
    """On another virtual desktop, or asleep in the background."""
    value = ctypes.c_uint32()
    _attribute(handle, _CLOAKED, value)
    return bool(value.value)


def _bounds(handle: int) -> Rect:
    """What is drawn of it, without the invisible frame for resizing."""
    bounds = _Rect()
    _attribute(handle, _FRAME_BOUNDS, bounds)
    return bounds.area()


def _attribute(handle: int, number: int, value: ctypes.Structure | ctypes.c_uint32) -> None:
    com.library("dwmapi").DwmGetWindowAttribute(
        ctypes.c_void_p(handle), number, ctypes.byref(value), ctypes.sizeof(value)
    )
