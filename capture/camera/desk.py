"""The engine's one camera, shared by the take and the preview: a device opens only once.

Calls may come from any thread: a take is opened on another one than commands are obeyed on. Each returns at
once, for the camera itself is opened and closed on the feed's thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from capture.camera.feed import CameraFeed
from capture.camera.finding import Open, open_stream
from capture.camera.model import CameraFrame, CameraRequest
from capture.camera.treatment import treatment_for
from capture.health import Health
from capture.ports import CameraSource
from capture.preview import PreviewWriter

PREVIEW_WIDTH = 640
PREVIEW_HEIGHT = 640  # room for pictures that stand upright


class CameraDesk:
    """`open` for a take, `preview` for a window; the camera closes when neither wants it."""

    def __init__(self, tell: Callable[[Health], None], open_camera: Open = open_stream) -> None:
        self._tell, self._open_camera = tell, open_camera
        self._feed: CameraFeed | None = None
        self._ending: CameraFeed | None = None  # lets go of the device in its own time
        self._lent: _Lent | None = None
        self._show: _Show | None = None
        self._lock = threading.RLock()

    def open(self, request: CameraRequest) -> CameraSource:
        """The camera for a take, as it is treated for it; the preview shows the same from now on.

        BackgroundRefused when the wished background cannot be had. A camera that is not there is no error:
        it is told as health, and looked for.
        """
        with self._lock:
            self._lent = _Lent(self._have(request), self._give_back)
            return self._lent

    def preview(self, request: CameraRequest | None) -> dict[str, Any]:
        """Show pictures, of the take's camera if there is a take; None ends it. What to tell the window."""
        with self._lock:
            if request is None:
                self._end_preview()
                return {"on": False}
            feed = self._feed if self._lent is not None and self._feed is not None else self._have(request)
            if self._show is None:
                self._show = _Show()
                feed.show = self._show
            return {"on": True, "name": str(self._show.writer.path), "camera": feed.request.camera}

    def treat(self, request: CameraRequest) -> None:
        """Treat the pictures of that camera, if it is the open one, as the request says from now on.

        BackgroundRefused, with nothing changed, when the wished background cannot be had.
        """
        with self._lock:
            feed = self._feed
            if feed is not None and feed.request != request and _same_device(feed.request, request):
                feed.treat(request, treatment_for(request, self._tell))

    def close(self) -> None:
        """End everything; idempotent."""
        with self._lock:
            self._lent = None
            self._end_preview()
            ending = self._ending
        if ending is not None:
            ending.close()

    def _have(self, request: CameraRequest) -> CameraFeed:
        """A feed as asked for: the present one, or a new one that opens after the present one has let go."""
        present = self._feed
        if present is not None and present.request == request:
            return present
        treatment = treatment_for(request, self._tell)
        before = self._end_feed()
        self._feed = CameraFeed(
            request,
            treatment,
            self._tell,
            before=None if before is None else before.close,
            open_camera=self._open_camera,
        )
        self._feed.show = self._show
        return self._feed

    def _end_preview(self) -> None:
        show, self._show = self._show, None
        if show is not None:
            if self._feed is not None:
                self._feed.show = None
            show.close()
        self._end_unused()

    def _give_back(self, lent: _Lent) -> None:
        with self._lock:
            if lent is self._lent:
                self._lent = None
                self._end_unused()

    def _end_unused(self) -> None:
        if self._lent is None and self._show is None:
            self._end_feed()

    def _end_feed(self) -> CameraFeed | None:
        """The feed that may still hold the device."""
        if self._feed is not None:
            self._feed.show = None
            self._feed.end()
            self._ending, self._feed = self._feed, None
        return self._ending


def _same_device(one: CameraRequest, other: CameraRequest) -> bool:
    return one == replace(other, mirrored=one.mirrored, background=one.background, model=one.model)


class _Show:
    """Each picture of the feed, in a size for a window, into memory that the window maps."""

    def __init__(self) -> None:
        self.writer = PreviewWriter(PREVIEW_WIDTH, PREVIEW_HEIGHT)
        self._lock = threading.Lock()
        self._closed = False

    def __call__(self, frame: CameraFrame) -> None:
        with self._lock:
            if not self._closed:
                self._write(frame)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self.writer.close()

    def _write(self, frame: CameraFrame) -> None:
        height, width = frame.pixels.shape[:2]
        scale = min(1.0, PREVIEW_WIDTH / width, PREVIEW_HEIGHT / height)
        width, height = max(1, int(width * scale)), max(1, int(height * scale))
        small = cv2.resize(frame.pixels, (width, height), interpolation=cv2.INTER_AREA)
        with self.writer.begin(width, height) as room:
            shown = np.frombuffer(room, np.uint8).reshape(height, width, 4)
            cv2.cvtColor(small, cv2.COLOR_BGR2BGRA, dst=shown)
            del shown  # it holds `room`
        self.writer.commit(frame.at)


class _Lent:
    """The take's hold on the feed."""

    def __init__(self, feed: CameraFeed, give_back: Callable[[_Lent], None]) -> None:
        self._feed, self._give_back = feed, give_back

    @property
    def name(self) -> str:
        return self._feed.name

    @property
    def width(self) -> int:
        return self._feed.width

    @property
    def height(self) -> int:
        return self._feed.height

    def latest(self) -> CameraFrame | None:
        return self._feed.latest()

    def failed(self) -> str | None:
        return self._feed.failed()

    def close(self) -> None:
        self._give_back(self)
