"""The Windows desktop, or a window, through GDI: works wherever Windows does, and costs the CPU a copy.

Unverified on a real system: see docs/platforms.md.
Source: https://ffmpeg.org/ffmpeg-devices.html#gdigrab
"""

from __future__ import annotations

import sys

from capture.backends.av_screen import open_device, probe_device
from capture.errors import BadRegion, CaptureError
from capture.model import Rect, ScreenRequest
from capture.ports import Probe, ScreenSource

name = "screen_gdigrab"

KIND = "gdigrab"


def probe(request: ScreenRequest) -> Probe:
    if sys.platform != "win32":
        return Probe(usable=False, reason="GDI is part of Windows")
    try:
        return probe_device(_device(request), KIND, _options(request))
    except CaptureError as error:
        return Probe(usable=False, reason=str(error))


def open(request: ScreenRequest) -> ScreenSource:
    # The desktop is cropped by the device; a window may be resized while it is filmed, so it is cropped here.
    region = request.region if request.window else None
    return open_device(_device(request), KIND, _options(request), region, whole=bool(request.window))


def _device(request: ScreenRequest) -> str:
    if request.window is None:
        return "desktop"
    return f"hwnd={request.window}" if request.window.isdigit() else f"title={request.window}"


def _options(request: ScreenRequest) -> dict[str, str]:
    options = {"framerate": str(request.fps), "draw_mouse": "1"}
    if request.window is not None:
        return options
    if request.display not in (None, "0"):
        raise BadRegion(
            "GDI films the whole desktop",
            f"It cannot film display {request.display} alone.",
            "Give a region.",
        )
    if request.region is not None:
        options |= _crop(request.region)
    return options


def _crop(region: Rect) -> dict[str, str]:
    even = region.even()
    size = f"{even.width}x{even.height}"
    return {"offset_x": str(even.x), "offset_y": str(even.y), "video_size": size}
