"""The cameras that this system lists, by the system's own means.

Linux: sysfs and ioctls (`v4l2`). Windows and macOS: FFmpeg's device lists
(https://ffmpeg.org/ffmpeg-devices.html#dshow, #avfoundation). DirectShow's is in the order of
CLSID_VideoInputDeviceCategory, which OpenCV's DSHOW numbers follow too. Written from that documentation; not
run on those systems.
"""

from __future__ import annotations

import sys

from capture.backends import v4l2
from capture.camera.model import CameraDevice

# FFmpeg's name for the cameras of a system.
_SCREENS = "Capture screen"  # AVFoundation lists screens among the cameras
DEVICE_FORMATS = {"win32": "dshow", "darwin": "avfoundation", "linux": "v4l2"}


def cameras(platform: str = sys.platform) -> list[CameraDevice]:
    """In the system's order, the first one first."""
    if platform.startswith("linux"):
        return v4l2.cameras()
    return _listed(DEVICE_FORMATS.get(platform, ""))


def _listed(device_format: str) -> list[CameraDevice]:
    import av  # a list is asked for before any codec is loaded
    from av.device import enumerate_input_devices

    try:
        found = enumerate_input_devices(device_format)
    except (ValueError, OSError, av.error.FFmpegError):
        return []
    return [
        CameraDevice(one.name, one.description or one.name)
        for one in found
        if "video" in (one.media_types or ["video"]) and not one.description.startswith(_SCREENS)
    ]
