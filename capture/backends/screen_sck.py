"""A Mac's display or window through ScreenCaptureKit: the system says what it redrew, and leaves Heddle's own
windows out of a display's picture.

Unverified on a real system: see docs/platforms.md. Source: see capture/backends/sck.py; what comes with a
picture: https://developer.apple.com/documentation/screencapturekit/scstreamframeinfo.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.backends import sck
from capture.backends.arrivals import Arrival, ArrivingSource, paste
from capture.errors import BadRegion, CaptureError, NoWindow, ScreenLost
from capture.health import Health
from capture.model import DisplayInfo, Rect, ScreenRequest, WindowInfo
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

name = "screen_sck"

QUEUE = 5  # pictures that the system may have out; one of them is ours
_READ_ONLY = 1
_HINT = "Allow it under System Settings, Privacy & Security, Screen Recording, and start Heddle again."


def probe(request: ScreenRequest) -> Probe:
    if sys.platform != "darwin":
        return Probe(usable=False, reason="ScreenCaptureKit is part of macOS")
    try:
        kit = sck.Frameworks()
        _target(kit, sck.shareable(kit), request)
    except (OSError, CaptureError) as error:
        return Probe(usable=False, reason=str(error))
    return Probe(usable=True)


def open(request: ScreenRequest) -> ScreenSource:
    try:
        feed = _Feed(request)
    except OSError as error:
        hint = _HINT if isinstance(error, sck.KitError) and error.denied else ""
        raise ScreenLost("The screen cannot be recorded", str(error), hint) from error
    return ArrivingSource(feed, request.region, whole=request.window is not None)


def displays() -> list[DisplayInfo]:
    kit = sck.Frameworks()
    found = sck.shareable(kit).displays()
    return [
        DisplayInfo(str(index), f"Display {one.displayID()}", _area(one.frame()), primary=index == 0)
        for index, one in enumerate(found)
    ]


def windows() -> list[WindowInfo]:
    found = sck.shareable(sck.Frameworks()).windows()
    return [_describe(one) for one in found if one.title() and one.windowLayer() == 0]


def _describe(window: Any) -> WindowInfo:
    owner = window.owningApplication()
    app = str(owner.applicationName()) if owner is not None else ""
    return WindowInfo(str(window.windowID()), str(window.title()), app, _area(window.frame()))


def _target(kit: sck.Frameworks, content: Any, request: ScreenRequest) -> tuple[Any, int, int]:
    """The filter that films it, and its size in pixels."""
    if request.window is not None:
        return _window(kit, content, request.window)
    number, found = request.display or "0", content.displays()
    if not number.isdigit() or int(number) >= len(found):
        known = ", ".join(str(index) for index in range(len(found)))
        raise BadRegion(
            "There is no such display", f"{number!r} is not one of: {known}.", "Name one of these."
        )
    display = found[int(number)]
    make = kit.kit.SCContentFilter.alloc().initWithDisplay_excludingApplications_exceptingWindows_
    mode = kit.quartz.CGDisplayCopyDisplayMode(display.displayID())
    width, height = kit.quartz.CGDisplayModeGetPixelWidth(mode), kit.quartz.CGDisplayModeGetPixelHeight(mode)
    return make(display, sck.own_programs(content), []), int(width), int(height)


def _window(kit: sck.Frameworks, content: Any, wanted: str) -> tuple[Any, int, int]:
    """By its id, or by a part of its title; "active" is the first one, which lies in front."""
    usable = [one for one in content.windows() if one.title() and one.windowLayer() == 0]
    exact = (one for one in usable if wanted == "active" or str(one.windowID()) == wanted)
    similar = (one for one in usable if wanted.lower() in str(one.title()).lower())
    window = next(exact, None) or next(similar, None)
    if window is None:
        raise NoWindow("There is no such window", f"No open window is called {wanted!r}.")
    made = kit.kit.SCContentFilter.alloc().initWithDesktopIndependentWindow_(window)
    scale = float(made.pointPixelScale()) if hasattr(made, "pointPixelScale") else 1.0  # macOS 14
    size = window.frame().size
    return made, round(size.width * scale), round(size.height * scale)


class _Feed:
    """Samples come on the system's threads; the newest picture waits for the film."""

    def __init__(self, request: ScreenRequest) -> None:
        self._kit = sck.Frameworks()
        self._lock = threading.Lock()
        self._newest: _Picture | None = None
        self._failure: str | None = None
        content_filter, width, height = _target(self._kit, sck.shareable(self._kit), request)
        wanted = _configuration(self._kit, width, height, request.fps)
        screen = self._kit.kit.SCStreamOutputTypeScreen
        self._stream = sck.Stream(self._kit, content_filter, wanted, screen, self)

    def sample(self, buffer: Any) -> None:
        """A picture whose status is not "complete" says that nothing changed, and holds none."""
        found = self._kit.media.CMSampleBufferGetSampleAttachmentsArray(buffer, False)
        info: Mapping[Any, Any] = found[0] if found else {}
        if info.get(self._kit.kit.SCStreamFrameInfoStatus) != self._kit.kit.SCFrameStatusComplete:
            return
        image = self._kit.media.CMSampleBufferGetImageBuffer(buffer)
        if image is None:
            return
        picture = _Picture(
            self._kit.quartz, image, _rects(info.get(self._kit.kit.SCStreamFrameInfoDirtyRects))
        )
        with self._lock:
            missed, self._newest = self._newest, picture
            if missed is not None:
                picture.add(missed.redrawn)

    def stopped(self, reason: str) -> None:
        self._failure = reason

    def newest(self) -> Arrival | None:
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def worry(self) -> Health | None:
        return None

    def lost(self) -> str | None:
        return self._failure

    def close(self) -> None:
        self._stream.close()
        with self._lock:
            self._newest = None


class _Picture:
    """A CVPixelBuffer of the system's. It is locked while it is copied, and kept until the next one came."""

    def __init__(self, quartz: Any, image: Any, redrawn: Sequence[Rect] | None) -> None:
        self._quartz, self._image = quartz, image
        self.redrawn = redrawn
        self.width, self.height = (
            int(quartz.CVPixelBufferGetWidth(image)),
            int(quartz.CVPixelBufferGetHeight(image)),
        )

    def add(self, redrawn: Sequence[Rect] | None) -> None:
        """What a picture that nobody took had redrawn."""
        known = self.redrawn is not None and redrawn is not None
        self.redrawn = [*(self.redrawn or ()), *(redrawn or ())] if known else None

    def copy(self, area: Rect, target: NDArray[np.uint8]) -> None:
        quartz = self._quartz
        if quartz.CVPixelBufferLockBaseAddress(self._image, _READ_ONLY):
            raise ScreenLost("The screen went away", "macOS took its picture back.")
        try:
            row = int(quartz.CVPixelBufferGetBytesPerRow(self._image))
            memory = quartz.CVPixelBufferGetBaseAddress(self._image).as_buffer(row * self.height)
            rows = np.frombuffer(memory, dtype=np.uint8).reshape(self.height, row)
            paste(rows[:, : self.width * 4].reshape(self.height, self.width, 4), area, target)
        finally:
            quartz.CVPixelBufferUnlockBaseAddress(self._image, _READ_ONLY)


def _configuration(kit: sck.Frameworks, width: int, height: int, fps: int) -> Any:
    """BGRA in sRGB, as all other screens give it, with the pointer drawn by the system."""
    wanted = kit.kit.SCStreamConfiguration.alloc().init()
    wanted.setWidth_(width)
    wanted.setHeight_(height)
    wanted.setPixelFormat_(sck.BGRA)
    wanted.setColorSpaceName_(kit.quartz.kCGColorSpaceSRGB)
    wanted.setMinimumFrameInterval_(kit.media.CMTimeMake(1, fps))
    wanted.setShowsCursor_(True)
    wanted.setScalesToFit_(True)
    wanted.setQueueDepth_(QUEUE)
    return wanted


def _rects(found: Any) -> list[Rect] | None:
    """Rectangles come as dictionaries or as values that hold one; None, for all, when they cannot be read."""
    if found is None:
        return None
    try:
        return [_rect(one) for one in found]
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _rect(one: Any) -> Rect:
    if hasattr(one, "rectValue"):
        return _area(one.rectValue())
    x, y, width, height = (float(one[key]) for key in ("X", "Y", "Width", "Height"))
    return _enclosing(x, y, width, height)


def _area(rect: Any) -> Rect:
    return _enclosing(rect.origin.x, rect.origin.y, rect.size.width, rect.size.height)


def _enclosing(x: float, y: float, width: float, height: float) -> Rect:
    left, top = int(x // 1), int(y // 1)
    return Rect(left, top, int(-(-(x + width) // 1)) - left, int(-(-(y + height) // 1)) - top)
