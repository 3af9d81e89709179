"""Filming an X screen: monitors, regions of them, or one window."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from capture.area import bounds, filmed, gaps, within
from capture.errors import BadRegion, NoWindow, ScreenChanged, ScreenLost
from capture.health import display_trouble
from capture.model import DisplayInfo, Rect, ScreenRequest, Sprite, WindowInfo
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from capture.pool import Buffer

if sys.platform != "win32":
    from capture.backends.x11_film import ShmSource
    from capture.backends.x11_follow import WindowSource
    from capture.backends.x11_screen import Desktop, Pointer, Watch
    from capture.backends.x11_window import Windows
    from capture.backends.xcb import XRequestError

name = "screen_x11"

LIMITS = "X11 cannot leave Heddle's own windows out of the picture of a display."


def probe(request: ScreenRequest) -> Probe:
    if sys.platform == "win32":
        return Probe(usable=False, reason="X11 is not for Windows")
    try:
        source = open(request)
    except (BadRegion, NoWindow):
        # The screen is there; `open` says better than a list of rejections what is wrong with the wish.
        return Probe(usable=True, limits=LIMITS)
    except (ScreenLost, XRequestError, OSError) as error:
        return Probe(usable=False, reason=str(error))
    source.close()
    return Probe(usable=True, limits="" if request.window else LIMITS)


def open(request: ScreenRequest) -> ScreenSource:
    desktop = Desktop(request.display)
    try:
        if request.window is not None:
            return WindowSource(desktop, request)
        return _RootSource(desktop, request)
    except BaseException:
        desktop.close()
        raise


def displays() -> list[DisplayInfo]:
    """ScreenLost when there is no X server."""
    desktop = Desktop(None)
    try:
        return desktop.displays()
    finally:
        desktop.close()


def windows() -> list[WindowInfo]:
    """ScreenLost when there is no X server."""
    desktop = Desktop(None)
    try:
        return Windows(desktop.connection).all()
    finally:
        desktop.close()


class _RootSource(ShmSource):
    """Monitors, in the place they have on the desktop. What lies between them is black."""

    def __init__(self, desktop: Desktop, request: ScreenRequest) -> None:
        super().__init__(desktop)
        monitors = desktop.monitors(request.display)
        self._request, self._names = request, [one.name for one in monitors]
        places = [one.geometry for one in monitors]
        self._area = filmed(bounds(places), request.region)
        self._gaps = [gap.moved(-self._area.x, -self._area.y) for gap in gaps(self._area, places)]
        self._begin(self._area.width, self._area.height)
        self._spare: NDArray[np.uint8] | None = None  # for a screen that has become smaller
        self._watch = Watch(desktop)
        self._pointer = Pointer(desktop)

    def find(self, x: float, y: float) -> tuple[float, float] | None:
        return within(x - self._area.x, y - self._area.y, self.width, self.height)

    def _hear(self) -> None:
        heard = self._watch.hear()
        for rect in heard.damaged:
            self._damaged(rect.moved(-self._area.x, -self._area.y))
        if heard.cursor_changed:
            self._pointer.reload()
        if heard.resized:
            self._look_again()

    def _look_again(self) -> None:
        """ScreenChanged where the same monitors, and what was chosen of them, lie elsewhere now."""
        self._pending = self._all
        area = self._area_now()
        if area is not None and area != self._area:
            raise ScreenChanged("The screen has another size or place now")
        if self._desktop.visible(self._area) != self._area:
            self._trouble = display_trouble(
                "What is recorded, or a part of it, is not there any more, and black.",
                "Choose another screen for the next recording, or connect it again.",
            )

    def _area_now(self) -> Rect | None:
        """None where the monitors are gone: a number may be that of another one now, which nobody chose."""
        try:
            monitors = self._desktop.monitors(self._request.display)
            if self._request.display != "all" and [one.name for one in monitors] != self._names:
                return None
            return filmed(bounds([one.geometry for one in monitors]), self._request.region)
        except BadRegion:
            return None

    def _pointer_now(self) -> Sprite | None:
        return self._pointer.now(self._area)

    def _shoot(self, buffer: Buffer, top: int, bottom: int) -> bool:
        area = Rect(self._area.x, self._area.y + top, self.width, bottom - top)
        try:
            self._shm.get_image(area, self._shared(buffer), top * self._stride)
        except XRequestError:
            self._shoot_visible(buffer, area, top)
        for gap in self._gaps:
            buffer.pixels[max(gap.y, top) : max(min(gap.bottom, bottom), top), gap.x : gap.right] = 0
        return True

    def _shoot_visible(self, buffer: Buffer, area: Rect, top: int) -> None:
        """The screen is smaller than it was: what is left of it, and black around it."""
        visible = self._desktop.visible(area)
        target: NDArray[np.uint8] = buffer.pixels[top : top + area.height]
        target[:] = 0
        if visible is None:
            return
        if self._spare is None:
            self._spare = self._new_pixels()
        try:
            self._shm.get_image(visible, self._segments[self._spare.ctypes.data][1], 0)
        except XRequestError:
            return  # it changed again; the next grab sees that
        size = visible.width * visible.height * 4
        left, row = visible.x - area.x, visible.y - area.y
        target[row : row + visible.height, left : left + visible.width] = self._spare.reshape(-1)[
            :size
        ].reshape(visible.height, visible.width, 4)
