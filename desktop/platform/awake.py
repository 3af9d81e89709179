"""Keeps the computer and its screen awake while something is recorded.

Linux: the desktop's screen saver and logind are asked by D-Bus; what was asked holds while its connection (or
its file descriptor) is open, so a killed app keeps nobody awake. Windows: a thread of its own says so, and is
listened to while it lives. macOS: `caffeinate`, which ends with us.
Windows and macOS are unverified on a real system. Sources:
https://specifications.freedesktop.org/idle-inhibit-spec/latest/
https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
https://learn.microsoft.com/en-us/windows/win32/api/winbase/nf-winbase-setthreadexecutionstate
"""

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from desktop.i18n import tr

APP = "Heddle"
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED, _ES_DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2

Release = Callable[[], None]


class Unavailable(Exception):
    """Nothing here does that; the message says why."""


def hold(reason: str) -> Release:
    """Awake until what it answers is called, from any thread; Unavailable where nobody can be asked. May wait
    seconds for an answer."""
    if sys.platform == "win32":
        return _hold_windows()
    if sys.platform == "darwin":
        return _hold_macos()
    return _hold_linux(reason)


def trouble() -> str:
    """Why it cannot be had here, in words; empty where it can. Holds it for a moment, and waits as `hold`."""
    try:
        hold(tr("Heddle looks whether it can be asked"))()
    except Unavailable as error:
        return tr("Nobody here keeps the computer awake for a program. {why}", why=error)
    return ""


def _hold_linux(reason: str) -> Release:
    held: list[Release] = []
    refused = []
    for ask in (_ask_screen_saver, _ask_logind):
        try:
            held.append(ask(reason))
        except Unavailable as error:
            refused.append(str(error))
    if not held:
        raise Unavailable("; ".join(refused))

    def release() -> None:
        for one in held:
            one()

    return release


def _ask_screen_saver(reason: str) -> Release:
    from desktop.platform import bus  # noqa: PLC0415 - D-Bus is Linux's alone, and jeepney comes with it there

    address = bus.address("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver")
    try:
        session = bus.connect("SESSION")
    except bus.BusError as error:
        raise Unavailable(str(error)) from error
    try:
        (cookie,) = session.call(address, "Inhibit", "ss", (APP, reason))
    except bus.BusError as error:
        session.close()
        raise Unavailable(str(error)) from error

    def release() -> None:
        with contextlib.suppress(bus.BusError):
            session.call(address, "UnInhibit", "u", (cookie,))
        session.close()

    return release


def _ask_logind(reason: str) -> Release:
    from desktop.platform import bus  # noqa: PLC0415 - jeepney comes with it on Linux alone

    address = bus.address(
        "/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager"
    )
    try:
        system = bus.connect("SYSTEM")
    except bus.BusError as error:
        raise Unavailable(str(error)) from error
    try:
        (descriptor,) = system.call(address, "Inhibit", "ssss", ("idle:sleep", APP, reason, "block"))
        number: int = descriptor.to_raw_fd()
    except bus.BusError as error:
        raise Unavailable(str(error)) from error
    finally:
        system.close()  # the descriptor is what holds
    return lambda: os.close(number)


def _hold_macos() -> Release:
    try:
        process = subprocess.Popen(["caffeinate", "-dims", "-w", str(os.getpid())])
    except OSError as error:
        raise Unavailable(str(error)) from error

    def release() -> None:
        process.terminate()
        process.wait()

    return release


def _hold_windows(kernel: Any = None) -> Release:
    kernel = kernel or ctypes.WinDLL("kernel32")  # type: ignore[attr-defined, unused-ignore]  # exists on Windows alone
    over = threading.Event()

    def stay() -> None:
        kernel.SetThreadExecutionState(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED | _ES_DISPLAY_REQUIRED)
        over.wait()
        kernel.SetThreadExecutionState(_ES_CONTINUOUS)

    thread = threading.Thread(target=stay, name="awake", daemon=True)
    thread.start()

    def release() -> None:
        over.set()
        thread.join()

    return release
