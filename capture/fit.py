"""A picture of one size in one of another: as large as it was or smaller, in the middle, black around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

from capture.model import Rect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


def place(width: int, height: int, into: Rect) -> Rect:
    """Where a picture goes in `into`: never enlarged, its sides in proportion, on even rows and columns."""
    scale = min(1.0, into.width / width, into.height / height)
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    x, y = (into.width - wide) // 2 & ~1, (into.height - high) // 2 & ~1
    return Rect(into.x + x, into.y + y, wide, high)


def draw(source: Pixels, target: Pixels, where: Rect) -> None:
    """The whole of `source` at `where` in `target`, black in the rest of it."""
    target[: where.y] = 0
    target[where.bottom :] = 0
    target[where.y : where.bottom, : where.x] = 0
    target[where.y : where.bottom, where.right :] = 0
    inside = target[where.y : where.bottom, where.x : where.right]
    if inside.shape == source.shape:
        inside[:] = source
    else:
        # Each pixel is the mean of what it stands for: text stays readable, and nothing flickers.
        inside[:] = cv2.resize(source, (where.width, where.height), interpolation=cv2.INTER_AREA)
