"""Keeps Heddle's own windows out of recordings, where a program has to ask for that itself.

Windows: SetWindowDisplayAffinity leaves a window out of every capture, from version 2004 on; before, it
would be black, so it is not asked. On macOS the recorder leaves them out; X11 has nothing of the kind.
Unverified on a real system: see docs/platforms.md. Source:
https://learn.microsoft.com/en-us/windows/win32/api/winuser/nf-winuser-setwindowdisplayaffinity
"""

import ctypes
import platform
import sys
from typing import Any

_EXCLUDE_FROM_CAPTURE = 0x11
_FIRST_BUILD = 19041  # version 2004


def leave_out(window: int) -> bool:
    """Leaves the window with this native handle out of recordings; whether the system does so now."""
    if sys.platform != "win32" or _build() < _FIRST_BUILD:
        return False
    return bool(_user32().SetWindowDisplayAffinity(ctypes.c_void_p(window), _EXCLUDE_FROM_CAPTURE))


def stays_out(window: int) -> bool:
    """Whether recordings of a display leave this window out, as asked for here or by the recorder (macOS)."""
    return leave_out(window) or sys.platform == "darwin"


def _build() -> int:
    """The third part of "10.0.19045"."""
    parts = platform.version().split(".")
    return int(parts[2]) if len(parts) > 2 and parts[2].isdigit() else 0


def _user32() -> Any:
    return ctypes.WinDLL("user32")  # type: ignore[attr-defined, unused-ignore]  # exists on Windows alone
