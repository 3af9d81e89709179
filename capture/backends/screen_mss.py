"""Any screen of any system through mss: portable, with the pointer in the picture, twice as expensive."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.area import bounds, filmed, gaps, within
from capture.backends.copying import CopyingSource
from capture.errors import BadRegion, ScreenLost
from capture.model import DisplayInfo, Rect, ScreenRequest, WindowInfo
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

name = "screen_mss"


def probe(request: ScreenRequest) -> Probe:
    if request.window is not None:
        return Probe(usable=False, reason="mss records displays, not single windows")
    try:
        source = _MssSource(request)
    except ScreenLost as error:
        return Probe(usable=False, reason=str(error))
    source.close()
    return Probe(usable=True, limits="Heddle's own windows are in the picture.")


def open(request: ScreenRequest) -> ScreenSource:
    return _MssSource(request)


def displays() -> list[DisplayInfo]:
    """ScreenLost when there is no screen."""
    import mss
    import mss.exception

    try:
        with mss.MSS() as screen:
            monitors = screen.monitors[1:]
    except mss.exception.ScreenShotError as error:
        raise ScreenLost("There is no screen here", str(error)) from error
    return [
        DisplayInfo(
            str(index), str(one.get("name") or f"Display {index + 1}"), _rect(one), primary=index == 0
        )
        for index, one in enumerate(monitors)
    ]


def windows() -> list[WindowInfo]:
    """mss knows none."""
    return []


class _MssSource(CopyingSource):
    def __init__(self, request: ScreenRequest) -> None:
        import mss
        import mss.exception

        self._error: type[Exception] = mss.exception.ScreenShotError
        options: dict[str, Any] = {"with_cursor": True}
        if request.display and ":" in request.display:
            options["display"] = request.display
        elif os.name == "posix" and not os.environ.get("DISPLAY") and os.uname().sysname != "Darwin":
            raise ScreenLost("There is no screen here", "DISPLAY is not set.", "Name the display to record.")
        try:
            self._mss = mss.MSS(**options)
            monitors = _monitors(self._mss.monitors, request.display)
            area = filmed(bounds(monitors), request.region)
        except self._error as error:
            raise ScreenLost("There is no screen here", str(error)) from error
        self._box = {"left": area.x, "top": area.y, "width": area.width, "height": area.height}
        # Where a point of the desktop is several pixels, the picture is larger than what was asked for.
        first = self._grab()
        super().__init__(first.shape[1] & ~1, first.shape[0] & ~1, self._shoot)
        # Gaps between monitors are only known where a point is one pixel.
        same = first.shape[:2] == (area.height, area.width)
        self._gaps = [gap.moved(-area.x, -area.y) for gap in gaps(area, monitors)] if same else []

    def find(self, x: float, y: float) -> tuple[float, float] | None:
        scale = self.width / self._box["width"]
        left, top = (x - self._box["left"]) * scale, (y - self._box["top"]) * scale
        return within(left, top, self.width, self.height)

    def close(self) -> None:
        self._mss.close()

    def _shoot(self, pixels: NDArray[np.uint8]) -> None:
        pixels[:] = self._grab()[: self.height, : self.width]
        for gap in self._gaps:
            pixels[gap.y : gap.bottom, gap.x : gap.right] = 0

    def _grab(self) -> NDArray[np.uint8]:
        try:
            shot = self._mss.grab(self._box)
        except self._error as error:
            raise ScreenLost("The screen went away", str(error)) from error
        return np.frombuffer(shot.raw, dtype=np.uint8).reshape(shot.height, shot.width, 4)


def _monitors(monitors: list[dict[str, int]], display: str | None) -> list[Rect]:
    """The first entry is the whole desktop, the monitors follow; ours are counted from 0."""
    if (display and ":" in display) or len(monitors) == 1:
        return [_rect(monitors[0])]
    parts = [_rect(one) for one in monitors[1:]]
    if display == "all":
        return parts
    chosen = []
    for wanted in (display or "0").split(","):
        number = wanted.strip()
        if not number.isdigit() or int(number) >= len(parts):
            known = ", ".join(str(index) for index in range(len(parts)))
            raise BadRegion("There is no such monitor", f"{number!r} is not one of: {known}.", "Name one.")
        chosen.append(parts[int(number)])
    return chosen


def _rect(one: dict[str, int]) -> Rect:
    return Rect(one["left"], one["top"], one["width"], one["height"])
