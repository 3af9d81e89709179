"""The lock of a macOS session, asked of the window server each time.

The key is not in Apple's headers, but has been in the dictionary of every system since OS X 10.6 while the
screen is locked, and what screen savers and chat programs go by.
Unverified on a real system: see docs/platforms.md.
Source: https://developer.apple.com/documentation/coregraphics/cgsessioncopycurrentdictionary()
"""

from __future__ import annotations

import ctypes
from typing import Any

from capture.ports import LockSource

KEY = b"CGSSessionScreenIsLocked"
_UTF8 = 0x08000100
_FRAMEWORKS = "/System/Library/Frameworks"


def open() -> LockSource:
    return MacLock(_services())


class MacLock:
    """`services` is the system's library, or what stands for it."""

    def __init__(self, services: Any) -> None:
        self._services = services
        self._key = services.CFStringCreateWithCString(None, KEY, _UTF8)

    def locked(self) -> bool:
        session = self._services.CGSessionCopyCurrentDictionary()
        if not session:
            return False  # there is no window server, as over ssh
        try:
            value = self._services.CFDictionaryGetValue(session, self._key)
            return bool(value and self._services.CFBooleanGetValue(value))
        finally:
            self._services.CFRelease(session)

    def close(self) -> None:
        if self._key:
            self._services.CFRelease(self._key)
            self._key = None


def _services() -> Any:
    """ApplicationServices brings CoreGraphics and CoreFoundation."""
    library: Any = ctypes.CDLL(f"{_FRAMEWORKS}/ApplicationServices.framework/ApplicationServices")
    pointer = ctypes.c_void_p
    for function, result, arguments in (
        (library.CGSessionCopyCurrentDictionary, pointer, ()),
        (library.CFStringCreateWithCString, pointer, (pointer, ctypes.c_char_p, ctypes.c_uint32)),
        (library.CFDictionaryGetValue, pointer, (pointer, pointer)),
        (library.CFBooleanGetValue, ctypes.c_bool, (pointer,)),
        (library.CFRelease, None, (pointer,)),
    ):
        function.restype, function.argtypes = result, arguments
    return library
