"""A Windows display through FFmpeg's `ddagrab`: Direct3D's desktop duplication, the pointer drawn by the GPU.

Pictures stay on the graphics card until one differs: `ddagrab` repeats its last texture while nothing is
presented, so a repeated texture is a still screen and is not downloaded. Its own `dup_frames=0` says the same
by not returning at all, which would leave a thread that nobody can end inside FFmpeg.

Unverified on a real system: see docs/platforms.md.
Source: https://ffmpeg.org/ffmpeg-filters.html#ddagrab and
https://learn.microsoft.com/en-us/windows/win32/direct3ddxgi/desktop-dup-api
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.area import filmed
from capture.backends.arrivals import ArrivingSource, PulledFeed, Reader, paste
from capture.errors import BadRegion, CaptureError, ScreenLost
from capture.model import Rect, ScreenRequest
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

name = "screen_ddagrab"

FILTER = "ddagrab"


def probe(request: ScreenRequest) -> Probe:
    if sys.platform != "win32":
        return Probe(usable=False, reason="desktop duplication is part of Windows")
    if request.window is not None:
        return Probe(usable=False, reason="desktop duplication films displays, not single windows")
    import av.filter
    from av.error import FFmpegError

    if FILTER not in av.filter.filters_available:
        return Probe(usable=False, reason="this FFmpeg was built without ddagrab")
    try:
        _Duplication(_output(request), request.fps, None).close()
    except (CaptureError, OSError, FFmpegError) as error:
        return Probe(usable=False, reason=f"the display cannot be duplicated: {error}")
    return Probe(usable=True)


def open(request: ScreenRequest) -> ScreenSource:
    from av.error import FFmpegError

    try:
        output, fps = _output(request), request.fps
        area = _area(output, fps, request.region)
        feed = PulledFeed(lambda: _Duplication(output, fps, area), (FFmpegError,), FILTER)
    except (FFmpegError, OSError) as error:
        raise ScreenLost(
            "The display cannot be duplicated",
            str(error),
            "Unlock it, close other recorders, or record another display.",
        ) from error
    return ArrivingSource(feed, None)


def _output(request: ScreenRequest) -> int:
    """Heddle counts from the primary display, DXGI in an order of its own: the display's name is in both."""
    from capture.backends import dxgi, windows_desktop

    monitor = windows_desktop.find_monitor(request.display)
    try:
        return dxgi.output_names().index(monitor.name)
    except ValueError:
        raise BadRegion(
            "This display cannot be duplicated", f"{monitor.name} hangs on a second graphics card."
        ) from None


def _area(output: int, fps: int, region: Rect | None) -> Rect | None:
    """Where to crop on the graphics card. The display's size is known only once it is opened."""
    if region is None:
        return None
    whole = _Duplication(output, fps, None)
    try:
        width, height = whole.size()
    finally:
        whole.close()
    return filmed(Rect(0, 0, width, height), region)


class _Duplication(Reader):
    """One opened duplication. Windows allows a process one per display: close it before the next."""

    def __init__(self, output: int, fps: int, area: Rect | None) -> None:
        import av.filter

        options = {"output_idx": str(output), "framerate": str(fps), "draw_mouse": "1", "output_fmt": "bgra"}
        if area is not None:
            options |= {
                "offset_x": str(area.x),
                "offset_y": str(area.y),
                "video_size": f"{area.width}x{area.height}",
            }
        graph: Any = av.filter.Graph()
        graph.link_nodes(graph.add(FILTER, **options), graph.add("buffersink")).configure()
        self._graph: Any = graph
        self._texture = 0
        self._frame: Any = None  # kept, so that its texture's address is not given to the next one

    def size(self) -> tuple[int, int]:
        frame = self._graph.vpull()
        return frame.width, frame.height

    def read(self) -> _Downloaded | None:
        try:
            frame = self._graph.vpull()
        except BlockingIOError:  # nothing was presented for half a frame
            return None
        texture = frame.planes[0].buffer_ptr
        if texture == self._texture:
            return None
        self._texture, self._frame = texture, frame
        return _Downloaded(frame.reformat(format="bgra"))

    def close(self) -> None:
        self._graph = self._frame = None  # the filter gives the display back when it is freed


class _Downloaded:
    """A picture in main memory. Windows says nothing of what was redrawn through this filter."""

    redrawn: Sequence[Rect] | None = None

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.width, self.height = int(frame.width), int(frame.height)

    def copy(self, area: Rect, target: NDArray[np.uint8]) -> None:
        plane = self._frame.planes[0]
        rows = np.frombuffer(plane, dtype=np.uint8).reshape(-1, plane.line_size)[: self.height]
        paste(rows[:, : self.width * 4].reshape(self.height, self.width, 4), area, target)
