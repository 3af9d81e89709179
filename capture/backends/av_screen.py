"""A screen that FFmpeg reads as a device (`gdigrab`, `avfoundation`), by a thread for each screen."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.backends.arrivals import ArrivingSource, PulledFeed, Reader, paste
from capture.errors import ScreenLost
from capture.model import Rect
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

OPEN_S = 10.0
NAP_S = 0.002  # a device without a picture says so at once


class AvPicture:
    """A decoded frame in main memory, of any format; BGRA and BGR0 are copied as they are."""

    redrawn: Sequence[Rect] | None = None

    def __init__(self, frame: Any) -> None:
        self._frame = frame if frame.format.name in ("bgra", "bgr0") else frame.reformat(format="bgra")
        self.width, self.height = int(frame.width), int(frame.height)

    def copy(self, area: Rect, target: NDArray[np.uint8]) -> None:
        plane = self._frame.planes[0]
        rows = np.frombuffer(plane, dtype=np.uint8).reshape(self.height, abs(plane.line_size))
        if plane.line_size < 0:  # bitmaps lie on their heads
            rows = rows[::-1]
        paste(rows[:, : self.width * 4].reshape(self.height, self.width, 4), area, target)


class DeviceReader(Reader):
    """An opened device, its first video stream."""

    def __init__(self, device: str, kind: str, options: dict[str, str]) -> None:
        import av

        self._container: Any = av.open(device, format=kind, options=options, timeout=(OPEN_S, None))
        self._frames: Any = None

    def read(self) -> AvPicture | None:
        if self._frames is None:
            self._frames = self._container.decode(video=0)
        try:
            frame = next(self._frames)
        except BlockingIOError:
            self._frames = None  # the generator ended with its exception
            time.sleep(NAP_S)  # it said at once that there is none
            return None
        except StopIteration:
            raise OSError("the device ended") from None
        return AvPicture(frame)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._container.close()


def unusable(kind: str) -> str | None:
    """Why FFmpeg's input device `kind` cannot be asked; None when it is there."""
    import av

    return None if kind in av.formats_available else f"this FFmpeg was built without {kind}"


def probe_device(device: str, kind: str, options: dict[str, str]) -> Probe:
    from av.error import FFmpegError

    reason = unusable(kind)
    if reason:
        return Probe(usable=False, reason=reason)
    try:
        DeviceReader(device, kind, options).close()
    except (FFmpegError, OSError) as error:
        return Probe(usable=False, reason=f"{kind} does not open {device}: {error}")
    return Probe(usable=True)


def open_device(
    device: str,
    kind: str,
    options: dict[str, str],
    region: Rect | None,
    hint: str = "",
    *,
    whole: bool = False,
) -> ScreenSource:
    from av.error import FFmpegError

    try:
        feed = PulledFeed(lambda: DeviceReader(device, kind, options), (FFmpegError, OSError), kind)
    except (FFmpegError, OSError) as error:
        raise ScreenLost("The screen cannot be opened", f"{kind}: {error}", hint) from error
    return ArrivingSource(feed, region, whole=whole)
