"""A macOS display through AVFoundation's screen input: for systems older than ScreenCaptureKit's 12.3.

Unverified on a real system: see docs/platforms.md.
Source: https://ffmpeg.org/ffmpeg-devices.html#avfoundation and
https://developer.apple.com/documentation/avfoundation/avcapturescreeninput
"""

from __future__ import annotations

import sys

from capture.backends.av_screen import open_device, probe_device
from capture.errors import BadRegion, CaptureError
from capture.model import ScreenRequest
from capture.ports import Probe, ScreenSource

name = "screen_avfoundation"

KIND = "avfoundation"
_HINT = "Allow it under System Settings, Privacy & Security, Screen Recording, and start again."


def probe(request: ScreenRequest) -> Probe:
    if sys.platform != "darwin":
        return Probe(usable=False, reason="AVFoundation is part of macOS")
    if request.window:
        return Probe(usable=False, reason="AVFoundation films displays, not windows")
    try:
        return probe_device(_device(request), KIND, _options(request))
    except CaptureError as error:
        return Probe(usable=False, reason=str(error))


def open(request: ScreenRequest) -> ScreenSource:
    return open_device(_device(request), KIND, _options(request), request.region, _HINT)


def _device(request: ScreenRequest) -> str:
    """Screens are devices with names of their own; `none` is the microphone."""
    display = request.display or "0"
    if not display.isdigit():
        raise BadRegion(
            "There is no such display", f"{display!r} is not one number.", "Displays are numbered from 0."
        )
    return f"Capture screen {display}:none"


def _options(request: ScreenRequest) -> dict[str, str]:
    return {"framerate": str(request.fps), "capture_cursor": "1", "pixel_format": "bgr0"}
