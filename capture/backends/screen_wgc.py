"""A window, or a display, through Windows Graphics Capture: followed wherever it goes, also when covered.

A window that is resized is made to fit the size that it had first, with black around it.
Unverified on a real system: see docs/platforms.md. Source: see capture/backends/wgc.py.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from capture.backends.arrivals import Arrival, ArrivingSource
from capture.errors import CaptureError, NoWindow, ScreenLost
from capture.health import Health, window_gone, window_hidden
from capture.model import DisplayInfo, ScreenRequest, WindowInfo
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    from capture.backends.wgc import Capture

name = "screen_wgc"


def probe(request: ScreenRequest) -> Probe:
    if sys.platform != "win32":
        return Probe(usable=False, reason="Windows Graphics Capture is part of Windows")
    from capture.backends import wgc

    try:
        _target(request)
        if not wgc.supported():
            return Probe(usable=False, reason="this Windows is older than 10, version 1903")
    except (CaptureError, OSError) as error:
        return Probe(usable=False, reason=str(error))
    return Probe(usable=True)


def open(request: ScreenRequest) -> ScreenSource:
    from capture.backends.wgc import Capture

    handle, is_window = _target(request)
    try:
        capture = Capture(handle, is_window=is_window)
    except OSError as error:
        raise ScreenLost("The window cannot be filmed", str(error), "Choose another one.") from error
    return ArrivingSource(_Feed(capture, handle if is_window else None), request.region, whole=is_window)


def _target(request: ScreenRequest) -> tuple[int, bool]:
    """The handle, and whether it is a window's; BadRegion when there is no such thing."""
    from capture.backends import windows_desktop as desktop

    if request.window is not None:
        window = desktop.find_window(request.window)
        if window is None:
            raise NoWindow("There is no such window", f"No open window is called {request.window!r}.")
        return window.handle, True
    return desktop.find_monitor(request.display).handle, False


def displays() -> list[DisplayInfo]:
    from capture.backends import windows_desktop as desktop

    return [
        DisplayInfo(str(index), one.name, one.area, one.primary)
        for index, one in enumerate(desktop.monitors())
    ]


def windows() -> list[WindowInfo]:
    from capture.backends import windows_desktop as desktop

    return [WindowInfo(str(one.handle), one.title, one.program, one.area) for one in desktop.windows()]


class _Feed:
    """Asked directly: the system keeps the pictures, and asking never waits."""

    def __init__(self, capture: Capture, window: int | None) -> None:
        self._capture, self._window = capture, window
        self._told: str | None = None
        self._closed = False
        self._failure: str | None = None

    def newest(self) -> Arrival | None:
        if self._closed:
            return None
        try:
            return self._capture.newest()
        except OSError as error:
            self._failure = str(error)
            return None

    def worry(self) -> Health | None:
        """A window that is minimised or closed gives no pictures."""
        if self._window is None or self._closed:
            return None
        from capture.backends import windows_desktop as desktop

        worry = None
        if not desktop.exists(self._window):
            worry = window_gone()
        elif desktop.minimised(self._window):
            worry = window_hidden()
        told, self._told = self._told, worry.code if worry else None
        return worry if self._told != told else None

    def lost(self) -> str | None:
        return self._failure

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._capture.close()
