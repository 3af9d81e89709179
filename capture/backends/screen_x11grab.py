"""An X screen through FFmpeg's `x11grab`: for servers that cannot share memory with us.

PyAV's wheel must be loaded before OpenCV's: see docs/adr/0013-pyav-before-opencv.md. This module loads it,
the engine loads this module first, and `probe` refuses where that order was not kept.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, cast

import av
import av.error
import numpy as np

from capture.area import bounds, filmed, gaps
from capture.backends.copying import CopyingSource
from capture.errors import BadRegion, ScreenLost
from capture.model import Rect, ScreenRequest
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    from av.container import InputContainer
    from numpy.typing import NDArray

if sys.platform != "win32":
    from capture.backends.x11_screen import Desktop, is_x_display
    from capture.backends.xcb import XRequestError

name = "screen_x11grab"

FORMAT = "bgr0"
# It waits until a picture is due at this rate: at once, for the film has a grid of its own.
OFTEN = "1000"


def probe(request: ScreenRequest) -> Probe:
    if not sys.platform.startswith("linux"):
        return Probe(usable=False, reason="x11grab is for X11")
    if request.window is not None:
        return Probe(usable=False, reason="x11grab records displays, not single windows")
    if not in_order(list(sys.modules)):
        return Probe(usable=False, reason="OpenCV was loaded before PyAV, whose x11grab then crashes")
    try:
        source = open(request)
        source.grab(thorough=True)
    except BadRegion:
        return Probe(usable=True)  # `open` says better what is wrong with the wish
    except (ScreenLost, XRequestError, OSError) as error:
        return Probe(usable=False, reason=str(error))
    source.close()
    return Probe(usable=True, limits="Heddle's own windows are in the picture.")


def open(request: ScreenRequest) -> ScreenSource:
    return _GrabSource(request)


def in_order(modules: list[str]) -> bool:
    """Whether PyAV came before OpenCV; `modules` in the order of their loading."""
    return "cv2" not in modules or ("av" in modules and modules.index("av") < modules.index("cv2"))


class _GrabSource(CopyingSource):
    def __init__(self, request: ScreenRequest) -> None:
        desktop = Desktop(request.display)
        try:
            monitors = [one.geometry for one in desktop.monitors(request.display)]
        finally:
            desktop.close()
        self._area = filmed(bounds(monitors), request.region)
        self._gaps = [gap.moved(-self._area.x, -self._area.y) for gap in gaps(self._area, monitors)]
        named = request.display if request.display and is_x_display(request.display) else None
        self._container = _open(named or os.environ.get("DISPLAY", ""), self._area)
        self._pictures = self._container.decode(video=0)
        super().__init__(self._area.width, self._area.height, self._shoot)

    def close(self) -> None:
        self._container.close()

    def _shoot(self, pixels: NDArray[np.uint8]) -> None:
        try:
            frame = next(self._pictures)
        except (av.error.FFmpegError, OSError, StopIteration) as error:
            raise ScreenLost("The screen went away", str(error)) from error
        if frame.format.name != FORMAT:
            raise ScreenLost("This X screen has other pixels", f"They are {frame.format.name}, not {FORMAT}.")
        plane = frame.planes[0]
        rows = np.frombuffer(cast("Any", plane), dtype=np.uint8).reshape(self.height, plane.line_size)
        pixels[:] = rows[:, : self.width * 4].reshape(self.height, self.width, 4)
        for gap in self._gaps:
            pixels[gap.y : gap.bottom, gap.x : gap.right] = 0


def _open(display: str, area: Rect) -> InputContainer:
    options = {
        "framerate": OFTEN,
        "video_size": f"{area.width}x{area.height}",
        "grab_x": str(area.x),
        "grab_y": str(area.y),
        "draw_mouse": "1",
    }
    try:
        return av.open(display, format="x11grab", options=options)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise ScreenLost("There is no X screen here", f"x11grab: {error}") from error
