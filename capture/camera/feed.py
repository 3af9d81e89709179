"""The camera as everyone else sees it: opened, mirrored, watched, and fetched back when it was lost.

    device -> (reading thread) newest picture -> (this thread) mirror, background -> latest()

A camera never holds up or ends a take. Whatever goes wrong with it is told and tried again each second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from capture.camera.finding import Open, open_stream, pinned
from capture.camera.model import CameraFrame, CameraRequest
from capture.errors import CaptureError
from capture.health import Health, camera_back, camera_lost, no_camera
from capture.ports import CameraStream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLOSE_S = 4.0  # above `Patience.stall_s` and the closing of a stream
OPENING = "The camera is being opened."

Tell = Callable[[Health], None]


class Treatment(Protocol):
    """What is done to each picture; called from the feed's thread alone, `close` after the last one."""

    def apply(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a camera may take, in seconds."""

    first_s: float = 5.0  # until the first picture: some measure the light first
    stall_s: float = 2.0  # between two pictures
    retry_s: float = 1.0  # between two looks for one that is lost


class CameraFeed:
    """A `CameraSource` that is there at once, and has pictures as soon as the camera has.

    `tell` gets health; `show`, if set, each treated picture. Both are called from the feed's thread.
    """

    def __init__(
        self,
        request: CameraRequest,
        treatment: Treatment,
        tell: Tell,
        *,
        before: Callable[[], None] | None = None,
        open_camera: Open = open_stream,
        patience: Patience | None = None,
    ) -> None:
        """`before` runs first, on the feed's thread: whatever has to let go of the device."""
        self.name = request.camera
        self.request = request
        self.show: Callable[[CameraFrame], None] | None = None
        self._treatment, self._tell, self._before = treatment, tell, before
        self._coming: Treatment | None = None  # takes the place of the treatment at the next picture
        self._exchange = threading.Lock()
        self._ended = False
        self._open_camera, self._patience = open_camera, patience or Patience()
        self._newest: CameraFrame | None = None
        self._serial = 0
        self._failure: str | None = OPENING
        self._told_missing = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heddle-camera", daemon=True)
        self._thread.start()

    @property
    def width(self) -> int:
        newest = self._newest
        return self.request.width if newest is None else newest.pixels.shape[1]

    @property
    def height(self) -> int:
        newest = self._newest
        return self.request.height if newest is None else newest.pixels.shape[0]

    def latest(self) -> CameraFrame | None:
        return self._newest

    def failed(self) -> str | None:
        return self._failure

    def treat(self, request: CameraRequest, treatment: Treatment) -> None:
        """Treat pictures otherwise from the next one on, as `request` says; the feed closes the treatment."""
        with self._exchange:
            unused, self._coming = self._coming, treatment
            self.request = request
            if self._ended:
                unused, self._coming = treatment, None
        if unused is not None:
            unused.close()
        if self._failure is not None:
            self._newest = None  # what stands still while the camera is gone was treated as it was before

    def end(self) -> None:
        """Let go of the camera soon, without waiting for it."""
        self._closing.set()

    def close(self) -> None:
        """Let go of the camera; idempotent. A driver that hangs is left behind after some seconds."""
        self._closing.set()
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        try:
            if self._before is not None:
                self._before()
                self._before = None  # it holds what came before this feed
            request = self.request
            while not self._closing.is_set():
                stream = self._open(request)
                if stream is None:
                    self._closing.wait(self._patience.retry_s)
                    continue
                request = pinned(request, stream)
                self._follow(stream)
        finally:
            with self._exchange:
                self._ended = True
            self._exchange_treatment()
            self._treatment.close()

    def _exchange_treatment(self) -> None:
        with self._exchange:
            coming, self._coming = self._coming, None
        if coming is not None:
            self._treatment.close()
            self._treatment = coming

    def _open(self, request: CameraRequest) -> CameraStream | None:
        try:
            return self._open_camera(request)
        except CaptureError as error:
            self._missing(error.detail or error.title, error.hint)
        except Exception as error:  # noqa: BLE001 - a broken driver must not end the looking
            self._missing(f"{type(error).__name__}: {error}", "")
        return None

    def _missing(self, detail: str, hint: str) -> None:
        if self._failure == OPENING:
            self._tell(no_camera(detail, hint))
            self._told_missing = True
        self._failure = detail

    def _follow(self, stream: CameraStream) -> None:
        """Pass on pictures until there are no more."""
        serial, reason = 0, None
        try:
            while not self._closing.is_set():
                patience = self._patience.stall_s if serial else self._patience.first_s
                frame = stream.newer(serial, patience)
                if frame is None:
                    reason = stream.failed() or f"It gave no picture for {patience:g} s."
                    break
                serial = frame.serial
                self._pass_on(stream.name, frame)
        except Exception as error:  # noqa: BLE001 - a picture that cannot be treated must not end the looking
            reason = f"{type(error).__name__}: {error}"
        stream.close()
        if not self._closing.is_set():
            self._lost(stream.name, reason or "It gives no pictures.")

    def _pass_on(self, name: str, raw: CameraFrame) -> None:
        self._exchange_treatment()
        self._serial += 1
        frame = CameraFrame(self._serial, raw.at, self._treatment.apply(raw.pixels))
        self._newest = frame
        if self._failure is not None:
            self.name, self._failure = name, None
            if self._told_missing:
                self._told_missing = False
                self._tell(camera_back(name))
        show = self.show
        if show is not None:
            show(frame)

    def _lost(self, name: str, reason: str) -> None:
        if self._failure is None:
            self._tell(camera_lost(name, reason))
            self._told_missing = True
        elif self._failure == OPENING:
            self._missing(f"{name}: {reason}", "")
        self._failure = reason
        self._closing.wait(self._patience.retry_s)
