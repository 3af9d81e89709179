"""Any screen of any system through mss: portable, with the pointer in the picture, twice as expensive."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.area import filmed
from capture.backends.copying import CopyingSource
from capture.errors import BadRegion, ScreenLost
from capture.model import Rect, ScreenRequest
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

name = "screen_mss"


def probe(request: ScreenRequest) -> Probe:
    try:
        source = _MssSource(request)
    except ScreenLost as error:
        return Probe(usable=False, reason=str(error))
    source.close()
    return Probe(usable=True)


def open(request: ScreenRequest) -> ScreenSource:  # noqa: A001 - the word of the port
    return _MssSource(request)


class _MssSource(CopyingSource):
    def __init__(self, request: ScreenRequest) -> None:
        import mss  # noqa: PLC0415
        import mss.exception  # noqa: PLC0415

        self._error: type[Exception] = mss.exception.ScreenShotError
        options: dict[str, Any] = {"with_cursor": True}
        if request.display and ":" in request.display:
            options["display"] = request.display
        elif os.name == "posix" and not os.environ.get("DISPLAY") and os.uname().sysname != "Darwin":
            raise ScreenLost("There is no screen here", "DISPLAY is not set.", "Name the display to record.")
        try:
            self._mss = mss.MSS(**options)
            area = filmed(_monitor(self._mss.monitors, request.display), request.region)
        except self._error as error:
            raise ScreenLost("There is no screen here", str(error)) from error
        self._box = {"left": area.x, "top": area.y, "width": area.width, "height": area.height}
        # Where a point of the desktop is several pixels, the picture is larger than what was asked for.
        first = self._grab()
        super().__init__(first.shape[1] & ~1, first.shape[0] & ~1, self._shoot)

    def close(self) -> None:
        self._mss.close()

    def _shoot(self, pixels: NDArray[np.uint8]) -> None:
        pixels[:] = self._grab()[: self.height, : self.width]

    def _grab(self) -> NDArray[np.uint8]:
        try:
            shot = self._mss.grab(self._box)
        except self._error as error:
            raise ScreenLost("The screen went away", str(error)) from error
        return np.frombuffer(shot.raw, dtype=np.uint8).reshape(shot.height, shot.width, 4)


def _monitor(monitors: list[dict[str, int]], display: str | None) -> Rect:
    """The first entry is the whole desktop, the monitors follow; ours are counted from 0."""
    index = 0
    if display and ":" not in display:
        if not display.isdigit() or int(display) >= len(monitors) - 1:
            known = ", ".join(str(number) for number in range(len(monitors) - 1))
            raise BadRegion("There is no such monitor", f"{display!r} is not one of: {known}.", "Name one.")
        index = int(display) + 1
    elif not display and len(monitors) > 1:
        index = 1
    one = monitors[index]
    return Rect(one["left"], one["top"], one["width"], one["height"])
