"""How screen and camera share the picture, and where the bubble lies.

Places and sizes are shares of the picture, so that a layout means the same at every resolution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from capture.fields import bad
from capture.model import Rect

E = TypeVar("E", bound=StrEnum)

SIZE_RANGE = (0.05, 1.0)
# How much of a camera's picture may be cut off so that the rest fills the frame; else it gets black borders.
MOST_CROPPED = 0.26


class Arrangement(StrEnum):
    SCREEN = "screen"  # no camera
    BUBBLE = "bubble"  # the camera in a bubble over the screen
    CAMERA = "camera"  # no screen
    SWAPPED = "swapped"  # the screen, small, over the camera


class Shape(StrEnum):
    CIRCLE = "circle"
    ROUNDED = "rounded"


@dataclass(frozen=True, slots=True)
class Layout:
    """`x` and `y` are the centre of the bubble, 0..1; it is moved to lie wholly inside, so (1, 1) is the
    corner at the bottom right. `size` is its side as a share of the picture's height."""

    arrangement: Arrangement = Arrangement.BUBBLE
    shape: Shape = Shape.CIRCLE
    x: float = 0.11
    y: float = 0.81
    size: float = 0.3

    def place(self, width: int, height: int, aspect: float = 1.0) -> Rect:
        """The bubble in a picture of this size, in pixels; `aspect` is its width over its height."""
        high = max(2, min(round(self.size * height), height, round(width / aspect)))
        wide = max(2, min(round(high * aspect), width))
        x = min(max(0, round(self.x * width - wide / 2)), width - wide)
        y = min(max(0, round(self.y * height - high / 2)), height - high)
        return Rect(x, y, wide, high)


def parse_layout(values: dict[str, Any], before: Layout | None = None) -> Layout:
    """The layout fields of a command; what they leave open stays as it was. BadCommand names a wrong one."""
    before = before or Layout()
    return replace(
        before,
        arrangement=_word(values, "layout", before.arrangement),
        shape=_word(values, "bubbleShape", before.shape),
        x=_share(values, "bubbleX", before.x, (0.0, 1.0)),
        y=_share(values, "bubbleY", before.y, (0.0, 1.0)),
        size=_share(values, "bubbleSize", before.size, SIZE_RANGE),
    )


def describe_layout(layout: Layout) -> dict[str, str | float]:
    """The fields that `parse_layout` takes."""
    return {
        "layout": str(layout.arrangement),
        "bubbleShape": str(layout.shape),
        "bubbleX": layout.x,
        "bubbleY": layout.y,
        "bubbleSize": layout.size,
    }


def crop(width: int, height: int, aspect: float) -> Rect:
    """The middle of a picture of this size that has this aspect."""
    wide, high = min(width, max(1, round(height * aspect))), min(height, max(1, round(width / aspect)))
    return Rect((width - wide) // 2, (height - high) // 2, wide, high)


def fill(width: int, height: int, into: Rect) -> tuple[Rect, Rect]:
    """What of a camera's picture is shown, and where in `into`: all of `into`, if not too much is cut off."""
    part = crop(width, height, into.width / into.height)
    if part.width * part.height >= width * height * (1 - MOST_CROPPED):
        return part, into
    place = crop(into.width, into.height, width / height)
    return Rect(0, 0, width, height), Rect(into.x + place.x, into.y + place.y, place.width, place.height)


def _word(values: dict[str, Any], field: str, default: E) -> E:
    value = values.get(field)
    if value is None:
        return default
    try:
        return type(default)(value)
    except ValueError:
        known = ", ".join(type(default))
        raise bad(field, f"one of {known}") from None


def _share(values: dict[str, Any], field: str, default: float, limits: tuple[float, float]) -> float:
    value = values.get(field)
    if value is None:
        return default
    low, high = limits
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or not low <= value <= high:
        raise bad(field, f"a number from {low:g} to {high:g}")
    return float(value)
