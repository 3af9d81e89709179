"""What is done to the camera's picture before anyone sees it: mirrored, then its background changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import cv2

from capture.camera.background import Background, open_background
from capture.camera.model import CameraRequest
from capture.health import Health

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Treat:
    """In this order, so that writing in a background picture can be read."""

    def __init__(self, *, mirrored: bool, background: Background | None) -> None:
        self._mirrored, self._background = mirrored, background

    def apply(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self._mirrored:
            pixels = cast("NDArray[np.uint8]", cv2.flip(pixels, 1))
        return pixels if self._background is None else self._background.apply(pixels)

    def close(self) -> None:
        if self._background is not None:
            self._background.close()


def treatment_for(request: CameraRequest, tell: Callable[[Health], None]) -> Treat:
    """BackgroundRefused when a background is asked for that cannot be had."""
    if request.background is None:
        return Treat(mirrored=request.mirrored, background=None)
    background = open_background(request.background, request.model, tell)
    return Treat(mirrored=request.mirrored, background=background)
