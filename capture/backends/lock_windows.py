"""The lock of a Windows session, asked of the terminal services each time.

Unverified on a real system: see docs/platforms.md.
Source: https://learn.microsoft.com/en-us/windows/win32/api/wtsapi32/ns-wtsapi32-wtsinfoex_level1_w
(`SessionFlags`: 0 locked, 1 unlocked, from Windows 8 on; Windows 7 had it the other way round)
"""

from __future__ import annotations

import ctypes
from typing import Any

from capture.backends import com
from capture.ports import LockSource

CURRENT_SESSION = 0xFFFFFFFF
SESSION_INFO_EX = 25  # WTS_INFO_CLASS
LOCKED = 0


class InfoEx(ctypes.Structure):
    """The head of WTSINFOEXW with its level 1, which begins at 8: it holds 64 bit times."""

    _fields_ = (
        ("level", ctypes.c_uint32),
        ("padding", ctypes.c_uint32),
        ("session", ctypes.c_uint32),
        ("state", ctypes.c_int32),
        ("flags", ctypes.c_int32),
    )


def open() -> LockSource:
    return WindowsLock(com.library("wtsapi32"))


class WindowsLock:
    """`services` is the system's library, or what stands for it."""

    def __init__(self, services: Any) -> None:
        self._services = services

    def locked(self) -> bool:
        address, size = ctypes.c_void_p(), ctypes.c_uint32()
        told = self._services.WTSQuerySessionInformationW(
            None, CURRENT_SESSION, SESSION_INFO_EX, ctypes.byref(address), ctypes.byref(size)
        )
        if not told or not address.value:
            return False
        try:
            info = InfoEx.from_address(address.value)
            return size.value >= ctypes.sizeof(InfoEx) and info.level == 1 and info.flags == LOCKED
        finally:
            self._services.WTSFreeMemory(address)

    def close(self) -> None:
        """Nothing was taken."""
