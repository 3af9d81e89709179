"""A camera that draws what it sees: for tests, and for machines without one. Taken only when named.

A bright disc, the "person", before a dark wall; the bar along the top edge grows with the frame's number and
begins at the left, so a mirrored picture shows itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capture.camera.model import CameraDevice, CameraFormat, CameraRequest
from capture.camera.reading import Pace, ReadingStream
from capture.ports import CameraStream, Probe

if TYPE_CHECKING:
    from numpy.typing import NDArray

name = "synthetic"

PERSON = (190, 210, 230)  # BGR
WALL = (60, 40, 20)
BAR = (0, 0, 255)


def probe() -> Probe:
    return Probe(usable=True)


def devices() -> list[CameraDevice]:
    return [CameraDevice(name, "Synthetic camera", (CameraFormat("BGR3", 1280, 720, (30.0,)),))]


def open(request: CameraRequest) -> CameraStream:
    return ReadingStream("Synthetic camera", _Drawing(request), (request.width, request.height))


class _Drawing:
    def __init__(self, request: CameraRequest) -> None:
        self._still = _still(request.width, request.height)
        self._pace = Pace(request.fps)
        self._number = 0

    def read(self) -> tuple[float, NDArray[np.uint8]]:
        at = self._pace.wait()
        pixels = self._still.copy()
        height, width = pixels.shape[:2]
        pixels[: height // 16, : 1 + self._number % (width // 2)] = BAR
        self._number += 1
        return at, pixels

    def wake(self) -> None:
        self._pace.wake()

    def close(self) -> None:
        """There is nothing to give back."""


def _still(width: int, height: int) -> NDArray[np.uint8]:
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = WALL
    y, x = np.ogrid[:height, :width]
    pixels[(x - width // 2) ** 2 + (y - height // 2) ** 2 < (height // 3) ** 2] = PERSON
    return pixels
