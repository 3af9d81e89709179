"""BGRA to limited-range BT.709 4:2:0, exactly as the file is tagged, at half of swscale's cost.

OpenCV's own conversion knows only BT.601 and takes the chroma of one pixel in four, which makes coloured text
that scrolls three times as expensive. Here luma is a weighted sum of the planes, and chroma the same of a
picture halved by averaging (so it is sited in the centre). All roundings together are under 1.5 steps of 255.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Weighted = tuple[Any, float]  # a plane, which OpenCV types as one of many, and its weight

KR, KB = 0.2126, 0.0722  # BT.709
KG = 1 - KR - KB
_LUMA = 219 / 255
_CHROMA = 224 / 255
Y_R, Y_G, Y_B = KR * _LUMA, KG * _LUMA, KB * _LUMA
U_R, U_G, U_B = -KR / (1 - KB) / 2 * _CHROMA, -KG / (1 - KB) / 2 * _CHROMA, _CHROMA / 2
V_R, V_G, V_B = _CHROMA / 2, -KG / (1 - KR) / 2 * _CHROMA, -KB / (1 - KR) / 2 * _CHROMA

# Rows converted at once: what they need fits into the second-level cache.
STRIP = 128


class Planes:
    """A 4:2:0 picture in one block of memory, as encoders take it."""

    def __init__(self, width: int, height: int) -> None:
        self.memory = np.zeros((height * 3 // 2, width), dtype=np.uint8)
        flat, size = self.memory.reshape(-1), width * height
        self.y = flat[:size].reshape(height, width)
        self.u = flat[size : size + size // 4].reshape(height // 2, width // 2)
        self.v = flat[size + size // 4 :].reshape(height // 2, width // 2)


class Converter:
    """Holds the scratch memory; belongs to one thread."""

    def __init__(self, width: int) -> None:
        # More OpenCV threads would take cores from the encoder for sums this small.
        cv2.setNumThreads(1)
        rows = STRIP
        self._full = [np.empty((rows, width), dtype=np.uint8) for _ in range(4)]
        self._half = np.empty((rows // 2, width // 2, 4), dtype=np.uint8)
        self._quarter = [np.empty((rows // 2, width // 2), dtype=np.uint8) for _ in range(4)]

    def rows(self, pixels: Pixels, planes: Planes, top: int, bottom: int) -> None:
        """Convert the rows [top, bottom), both even, of a picture as wide as the converter."""
        for first in range(top, bottom, STRIP):
            last = min(first + STRIP, bottom)
            self._strip(pixels[first:last], planes, slice(first, last), slice(first // 2, last // 2))

    def _strip(self, pixels: Pixels, planes: Planes, full: slice, half: slice) -> None:
        count = full.stop - full.start
        blue, green, red, _ = channels = [plane[:count] for plane in self._full]
        cv2.split(pixels, channels)
        _sum(planes.y[full], (green, Y_G), (red, Y_R), (blue, Y_B), 16)
        small = self._half[: count // 2]
        cv2.resize(pixels, (small.shape[1], small.shape[0]), dst=small, interpolation=cv2.INTER_AREA)
        blue, green, red, _ = channels = [plane[: count // 2] for plane in self._quarter]
        cv2.split(small, channels)
        _sum(planes.u[half], (blue, U_B), (green, U_G), (red, U_R), 128)
        _sum(planes.v[half], (red, V_R), (green, V_G), (blue, V_B), 128)


def convert_patch(pixels: Pixels, planes: Planes, x: int, y: int) -> None:
    """Convert a small picture with even sides into `planes` at the even place (x, y)."""
    height, width = pixels.shape[:2]
    blue, green, red, _ = cv2.split(pixels)
    _sum(planes.y[y : y + height, x : x + width], (green, Y_G), (red, Y_R), (blue, Y_B), 16)
    x, y, width, height = x // 2, y // 2, width // 2, height // 2
    blue, green, red, _ = cv2.split(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))
    where = (slice(y, y + height), slice(x, x + width))
    _sum(planes.u[where], (blue, U_B), (green, U_G), (red, U_R), 128)
    _sum(planes.v[where], (red, V_R), (green, V_G), (blue, V_B), 128)


def _sum(
    into: Pixels,
    first: Weighted,
    second: Weighted,
    third: Weighted,
    offset: float,
) -> None:
    """The order matters: the two largest weights first, so that no step leaves 0..255."""
    cv2.addWeighted(first[0], first[1], second[0], second[1], offset, dst=into)
    cv2.addWeighted(into, 1.0, third[0], third[1], 0.0, dst=into)
