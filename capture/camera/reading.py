"""A device read on a thread of its own, of which only the newest picture is kept."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from capture.camera.model import CameraFrame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLOSE_S = 1.0


class Reader(Protocol):
    """An opened device. All calls come from the reading thread, but for `wake`, which may come from any."""

    def read(self) -> tuple[float, NDArray[np.uint8]]:
        """The next picture (BGR, an array of its own) and the monotonic time it came at; waits for it.

        An OSError or any other says in words why there are no more.
        """
        ...

    def wake(self) -> None:
        """Let a `read` that waits come back soon, if that is possible."""
        ...

    def close(self) -> None: ...


class ReadingStream:
    """A `CameraStream` over a `Reader`, which it closes."""

    def __init__(self, name: str, reader: Reader, size: tuple[int, int]) -> None:
        self.name = name
        self._reader = reader
        self._size = size
        self._newest: CameraFrame | None = None
        self._failure: str | None = None
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="heddle-camera-read", daemon=True)
        self._thread.start()

    @property
    def width(self) -> int:
        return self._size[0]

    @property
    def height(self) -> int:
        return self._size[1]

    def latest(self) -> CameraFrame | None:
        return self._newest

    def newer(self, than: int, timeout_s: float) -> CameraFrame | None:
        """A frame whose serial is above `than`; None at once when the device failed."""

        def come() -> bool:
            newest = self._newest
            return newest is not None and newest.serial > than

        with self._changed:
            self._changed.wait_for(lambda: come() or self._failure or self._closing, timeout_s)
            return self._newest if come() else None

    def failed(self) -> str | None:
        return self._failure

    def close(self) -> None:
        """A driver that hangs in its read is left behind; its thread gives the device back one day."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._reader.wake()
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        serial = 0
        try:
            while not self._closing:
                at, pixels = self._reader.read()
                serial += 1
                self._publish(CameraFrame(serial, at, pixels))
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, it means that the camera is gone
            self._fail(str(error) or type(error).__name__)
        finally:
            self._reader.close()

    def _publish(self, frame: CameraFrame) -> None:
        with self._changed:
            self._newest = frame
            self._size = (frame.pixels.shape[1], frame.pixels.shape[0])
            self._changed.notify_all()

    def _fail(self, reason: str) -> None:
        with self._changed:
            self._failure = reason
            self._changed.notify_all()


class Pace:
    """Waits between pictures of what knows no time of its own: a file, a drawing."""

    def __init__(self, fps: float) -> None:
        self._step = 1.0 / fps
        self._due = time.monotonic()
        self._awake = threading.Event()

    def wait(self) -> float:
        """The time of the next picture, once it has come. OSError after `wake`."""
        self._due = max(self._due + self._step, time.monotonic() - self._step)
        if self._awake.wait(max(0.0, self._due - time.monotonic())):
            raise InterruptedError("The camera was closed.")
        return time.monotonic()

    def wake(self) -> None:
        self._awake.set()
