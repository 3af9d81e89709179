"""Cameras through FFmpeg's devices: `v4l2`, `dshow`, `avfoundation`.

First on Windows, where it opens a camera by its name and OpenCV only by a number. The options are those of
https://ffmpeg.org/ffmpeg-devices.html; Windows and macOS are written from there and not run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import av
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

name = "camera_pyav"

OPEN_S, READ_S = 10.0, 3.0
# FFmpeg's names for V4L2's formats.
INPUT_FORMATS = {"MJPG": "mjpeg", "NV12": "nv12", "YUYV": "yuyv422"}
LARGE = 640 * 480
FILE_FPS = 30.0
BROKEN = 10  # pictures in a row; many cameras begin with one or two that are cut off


def probe() -> Probe:
    wanted = system_cameras.DEVICE_FORMATS.get(sys.platform, "")
    # V4L2 is listed as "video4linux2,v4l2".
    if any(wanted in names.split(",") for names in av.formats_available):
        return Probe(usable=True)
    cameras = wanted or f"cameras for {sys.platform}"
    return Probe(usable=False, reason=f"This FFmpeg was built without {cameras}.")


def devices() -> list[CameraDevice]:
    return system_cameras.cameras()


def open(request: CameraRequest) -> CameraStream:
    device = find(devices(), request)
    is_file = Path(device.id).is_file()
    last: Exception | None = None
    for options in ({},) if is_file else device_options(device, request):
        try:
            reader = _Camera(_opened(device, options, is_file=is_file), paced=is_file)
            return ReadingStream(device.name, reader, reader.size)
        except (av.error.FFmpegError, OSError, ValueError, IndexError) as error:
            last = error
    raise NoCamera("The camera does not open", f"{device.name}: {last}", HINT) from last


def device_options(
    device: CameraDevice, request: CameraRequest, platform: str = sys.platform
) -> list[dict[str, str]]:
    """What to ask for, then with less and less: FFmpeg refuses a size or rate that a device does not list."""
    size, rate = f"{request.width}x{request.height}", str(request.fps)
    if platform == "win32":
        codec = {"vcodec": "mjpeg"} if request.width * request.height > LARGE else {}
        full = {"video_size": size, "framerate": rate, "rtbufsize": "64M"}
        return [{**full, **codec}, full, {"video_size": size}, {}]
    if platform == "darwin":
        full = {"video_size": size, "framerate": rate, "pixel_format": "nv12"}
        return [full, {"video_size": size, "framerate": rate}, {"framerate": rate}, {}]
    chosen = v4l2.choose_format(device, request)
    if chosen is None:
        return [{"video_size": size, "framerate": rate}, {"video_size": size}, {}]
    exact = {"input_format": INPUT_FORMATS[chosen.code], "video_size": f"{chosen.width}x{chosen.height}"}
    return [{**exact, "framerate": rate}, exact, {}]


class _Camera:
    """A `Reader`. One decoding thread: more would each hold a picture back."""

    def __init__(self, container: Any, *, paced: bool) -> None:
        self._container = container
        self._stream = container.streams.video[0]
        self._stream.thread_type = "NONE"
        self.size = (self._stream.codec_context.width, self._stream.codec_context.height)
        self._pace = Pace(float(self._stream.average_rate or FILE_FPS)) if paced else None
        self._frames = self._decode()

    def read(self) -> tuple[float, NDArray[np.uint8]]:
        try:
            at, frame = next(self._frames)
        except StopIteration:
            raise OSError("The device gives no more pictures.") from None
        return at, _bgr(frame)

    def wake(self) -> None:
        if self._pace is not None:
            self._pace.wake()

    def close(self) -> None:
        self._frames.close()
        self._container.close()

    def _decode(self) -> Generator[tuple[float, Any], None, None]:
        broken = 0
        for packet in self._container.demux(self._stream):
            at = time.monotonic()
            try:
                frames, broken = packet.decode(), 0
            except av.error.InvalidDataError:
                broken += 1
                if broken >= BROKEN:
                    raise
                continue
            for frame in frames:
                yield (self._pace.wait() if self._pace is not None else at), frame


def _bgr(frame: Any) -> NDArray[np.uint8]:
    """Raw formats by OpenCV, at a fraction of swscale's cost; the others by swscale."""
    if frame.format.name == "nv12":
        return cast("NDArray[np.uint8]", cv2.cvtColor(frame.to_ndarray(), cv2.COLOR_YUV2BGR_NV12))
    if frame.format.name == "yuyv422":
        return cast("NDArray[np.uint8]", cv2.cvtColor(frame.to_ndarray(), cv2.COLOR_YUV2BGR_YUYV))
    return cast("NDArray[np.uint8]", frame.to_ndarray(format="bgr24"))


def _opened(device: CameraDevice, options: dict[str, str], *, is_file: bool) -> Any:
    if is_file:
        return av.open(device.id)
    device_format = system_cameras.DEVICE_FORMATS[sys.platform]
    named = f"video={device.id}" if device_format == "dshow" else device.id
    flags = {"fflags": "nobuffer", **options}
    return av.open(named, format=device_format, options=flags, timeout=(OPEN_S, READ_S))
