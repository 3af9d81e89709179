"""Cameras through OpenCV's VideoCapture: V4L2 on Linux, DirectShow and Media Foundation on Windows,
AVFoundation on macOS.

Nothing here waits in a queue: the stream's thread reads all the time, and keeps only the newest picture.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import cv2

from capture.backends import system_cameras, v4l2
from capture.camera.finding import HINT, find
from capture.camera.model import CameraDevice, CameraRequest
from capture.camera.reading import Pace, ReadingStream
from capture.errors import NoCamera
from capture.ports import CameraStream, Probe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

name = "camera_opencv"

# Which of OpenCV's own ways, best first. DirectShow opens in a fraction of Media Foundation's time.
WAYS = {
    "linux": (cv2.CAP_V4L2,),
    "win32": (cv2.CAP_DSHOW, cv2.CAP_MSMF),
    "darwin": (cv2.CAP_AVFOUNDATION,),
}
FILE_FPS = 30.0
BROKEN = 10  # pictures in a row; many cameras begin with one or two that are cut off
# DirectShow offers large pictures uncompressed at 5 to 10 a second unless asked for MJPG.
LARGE = 640 * 480


def probe() -> Probe:
    """Whether this OpenCV can read a camera at all; whether there is one, only `devices` knows."""
    built = set(cv2.videoio_registry.getCameraBackends())
    if built.intersection(WAYS.get(sys.platform, ())):
        return Probe(usable=True)
    return Probe(usable=False, reason=f"This OpenCV was built without cameras for {sys.platform}.")


def devices() -> list[CameraDevice]:
    return system_cameras.cameras()


def open(request: CameraRequest) -> CameraStream:
    cameras = devices()
    device = find(cameras, request)
    if Path(device.id).is_file():
        return _open_file(device)
    number = cameras.index(device)
    for way in WAYS.get(sys.platform, ()):
        reader = _Camera(_opened(device, number, way, request))
        if reader.open:
            size = (reader.width, reader.height)
            return ReadingStream(device.name, reader, size if all(size) else (request.width, request.height))
        reader.close()
    raise NoCamera("The camera does not open", f"{device.name}: {_why(device)}", HINT)


class _Camera:
    """A `Reader`. `grab` waits for the device, `retrieve` decodes: the time is taken in between."""

    def __init__(self, capture: cv2.VideoCapture, pace: Pace | None = None) -> None:
        self._capture, self._pace = capture, pace

    @property
    def open(self) -> bool:
        return bool(self._capture.isOpened())

    @property
    def width(self) -> int:
        return int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH))

    @property
    def height(self) -> int:
        return int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))

    def read(self) -> tuple[float, NDArray[np.uint8]]:
        for _ in range(BROKEN):
            at = self._pace.wait() if self._pace is not None else 0.0
            if not self._capture.grab():
                raise OSError("The device gives no more pictures.")
            at = at or time.monotonic()
            good, pixels = self._capture.retrieve()
            if good and pixels is not None:
                if pixels.ndim == 2:
                    pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
                return at, cast("NDArray[np.uint8]", pixels)
        raise OSError(f"{BROKEN} pictures in a row cannot be read.")

    def wake(self) -> None:
        if self._pace is not None:
            self._pace.wake()

    def close(self) -> None:
        self._capture.release()


def _opened(device: CameraDevice, number: int, way: int, request: CameraRequest) -> cv2.VideoCapture:
    """With the format first: drivers choose size and rate among those of the format that is set."""
    # Read once by OpenCV, when the first camera opens; its own is ten seconds. The feed takes two for lost.
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")
    capture = cv2.VideoCapture(device.id if way == cv2.CAP_V4L2 else number, way)
    if not capture.isOpened():
        return capture
    code = _code(device, way, request)
    if code:
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*code))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, request.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, request.height)
    capture.set(cv2.CAP_PROP_FPS, request.fps)
    # A V4L2 device that has only one buffer has none to write to while that one is being decoded, and gives
    # every second picture: two for it. https://github.com/LibreScanner/horus/issues/60
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 2 if way == cv2.CAP_V4L2 else 1)
    return capture


def _code(device: CameraDevice, way: int, request: CameraRequest) -> str:
    """The four letters to ask for; none where the system's own choice is as good."""
    if way == cv2.CAP_V4L2:
        chosen = v4l2.choose_format(device, request)
        return chosen.code if chosen is not None else "MJPG"
    return "MJPG" if way == cv2.CAP_DSHOW and request.width * request.height > LARGE else ""


def _open_file(device: CameraDevice) -> CameraStream:
    """A video in place of a camera, as fast as it was recorded."""
    capture = cv2.VideoCapture(device.id)
    if not capture.isOpened():
        capture.release()
        raise NoCamera("The camera does not open", f"{device.id} is no video that OpenCV reads.", HINT)
    reader = _Camera(capture, Pace(capture.get(cv2.CAP_PROP_FPS) or FILE_FPS))
    return ReadingStream(device.name, reader, (reader.width, reader.height))


def _why(device: CameraDevice) -> str:
    if device.id.startswith("/dev/") and not os.access(device.id, os.R_OK | os.W_OK):
        return f"You may not open {device.id}."
    return "Another program may be using it."
