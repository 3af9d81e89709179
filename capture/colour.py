"""BGRA to limited-range BT.709 4:2:0, exactly as the file is tagged, at half of swscale's cost.

OpenCV's own conversion knows only BT.601 and takes the chroma of one pixel in four, which makes coloured text
that scrolls three times as expensive. Here luma is a weighted sum of the planes, and chroma the difference
of a colour from it, both halved by averaging (so it is sited in the centre). All roundings together are under
1.5 steps of 255.
"""

from __future__ import annotations

from collections.abc import Sequence
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
# Chroma from a colour and the limited luma: U = U_B * blue - U_Y * (Y - 16) + 128, V alike from red.
U_B, U_Y = _CHROMA / 2 / (1 - KB), _CHROMA / _LUMA / 2 / (1 - KB)
V_R, V_Y = _CHROMA / 2 / (1 - KR), _CHROMA / _LUMA / 2 / (1 - KR)

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
        self._full = [np.empty((STRIP, width), dtype=np.uint8) for _ in range(4)]
        self._half = [np.empty((STRIP // 2, width // 2), dtype=np.uint8) for _ in range(3)]

    def rows(self, pixels: Pixels, planes: Planes, top: int, bottom: int) -> None:
        """Convert the rows [top, bottom), both even, of a picture as wide as the converter."""
        for first in range(top, bottom, STRIP):
            last = min(first + STRIP, bottom)
            self._strip(pixels[first:last], planes, slice(first, last), slice(first // 2, last // 2))

    def _strip(self, pixels: Pixels, planes: Planes, full: slice, half: slice) -> None:
        count = full.stop - full.start
        channels = [plane[:count] for plane in self._full]
        cv2.split(pixels, channels)
        blue, green, red, _ = channels
        _sum(planes.y[full], (green, Y_G), (red, Y_R), (blue, Y_B), 16)
        _chroma(planes, half, (blue, planes.y[full], red), [plane[: count // 2] for plane in self._half])


def convert_patch(pixels: Pixels, planes: Planes, x: int, y: int) -> None:
    """Convert a small picture with even sides into `planes` at the even place (x, y)."""
    height, width = pixels.shape[:2]
    blue, green, red, _ = cv2.split(pixels)
    _sum(planes.y[y : y + height, x : x + width], (green, Y_G), (red, Y_R), (blue, Y_B), 16)
    rows, columns = slice(y // 2, (y + height) // 2), slice(x // 2, (x + width) // 2)
    luma = planes.y[y : y + height, x : x + width]
    _chroma(planes, (rows, columns), (blue, luma, red), [None] * 3)


def _chroma(planes: Planes, where: Any, full: Sequence[Any], scratch: Sequence[Pixels | None]) -> None:
    """Average blue, luma and red over 2x2 pixels, one plane after the other: OpenCV needs four times as long
    for interleaved channels."""
    blue, luma, red = (_halve(plane, into) for plane, into in zip(full, scratch, strict=True))
    cv2.addWeighted(blue, U_B, luma, -U_Y, 128 + 16 * U_Y, dst=planes.u[where])
    cv2.addWeighted(red, V_R, luma, -V_Y, 128 + 16 * V_Y, dst=planes.v[where])


def _halve(plane: Any, into: Pixels | None = None) -> Any:
    """Averages of 2x2 pixels."""
    height, width = plane.shape
    return cv2.resize(plane, (width // 2, height // 2), dst=into, interpolation=cv2.INTER_AREA)


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
