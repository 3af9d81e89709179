"""Pictures cut into a circle or a rounded rectangle with a thin light ring around it.

Masks are made once per size; a frame then costs two passes over its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from capture.layout import Shape, crop
from capture.scale import shrink

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

CORNER = 0.12  # radius of a rounded corner as a share of the shorter side
RING = 1 / 90  # width of the ring, likewise
LIGHT = 245


class Cutout:
    """One shape in one size, in pixels."""

    def __init__(self, width: int, height: int, shape: Shape) -> None:
        self.width, self.height = width, height
        short = min(width, height)
        distance = _distance(width, height, short / 2 if shape is Shape.CIRCLE else short * CORNER)
        whole = np.clip(0.5 - distance, 0, 1)
        inside = np.clip(0.5 - distance - max(1.5, short * RING), 0, 1)
        # A cut picture is `pixels * weight + ring`, with the shape's own alpha coming from the ring.
        weight = np.round(255 * inside).astype(np.uint8)
        self._weight = cv2.merge([weight, weight, weight, np.zeros_like(weight)])
        light = np.round(LIGHT * (whole - inside)).astype(np.uint8)
        self._ring = cv2.merge([light, light, light, np.round(255 * whole).astype(np.uint8)])

    def cut(self, pixels: Pixels) -> Pixels:
        """The middle of a BGR or BGRA picture in this shape, as premultiplied BGRA of this size."""
        height, width = pixels.shape[:2]
        part = crop(width, height, self.width / self.height)
        small = shrink(pixels[part.y : part.bottom, part.x : part.right], self.width, self.height)
        if small.shape[2] == 3:
            small = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2BGRA), dtype=np.uint8)
        cut = cv2.multiply(small, self._weight, scale=1 / 255)
        return np.asarray(cv2.add(cut, self._ring, dst=cut), dtype=np.uint8)


def _distance(width: int, height: int, radius: float) -> NDArray[np.float32]:
    """How far the centre of each pixel lies outside of a rounded rectangle that fills the picture."""
    x = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - radius)
    y = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - radius)
    across, down = np.meshgrid(x, y)
    outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    return np.asarray(outside + np.minimum(np.maximum(across, down), 0) - radius, dtype=np.float32)
