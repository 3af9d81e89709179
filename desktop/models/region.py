"""A rectangle that a person draws over the screens, in pixels of the desktop as the system counts them.

Where screens are scaled by different factors, only pixels are a common measure: each screen's corner is where
the system says, and its points are `scale` pixels each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Flag

from desktop.models.sources import Item

SMALLEST = 16  # the engine records nothing below, in pixels
_ROUNDED = 1  # pixels by which a screen of so many points may seem larger than it is


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen as a window toolkit knows it: its corner in pixels, its size in points of `scale` pixels."""

    x: int
    y: int
    width: float
    height: float
    scale: float = 1.0

    @property
    def box(self) -> "Box":
        """All of it, in pixels."""
        return Box(self.x, self.y, round(self.width * self.scale), round(self.height * self.scale))

    def to_pixels(self, x: float, y: float) -> tuple[int, int]:
        """A point of the toolkit's desktop, on this screen or beside it."""
        return round(self.x + (x - self.x) * self.scale), round(self.y + (y - self.y) * self.scale)

    def to_points(self, x: float, y: float) -> tuple[float, float]:
        """The other way, counted from this screen's corner."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale


@dataclass(frozen=True, slots=True)
class Box:
    """In pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def holds(self, other: "Box") -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def overlap(self, other: "Box") -> int:
        """Pixels that both have."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0, width) * max(0, height)


class Edge(Flag):
    """What of a rectangle is held; none of it moves the whole."""

    NONE = 0
    LEFT = 1
    TOP = 2
    RIGHT = 4
    BOTTOM = 8


def bounds(boxes: Sequence[Box]) -> Box:
    """The smallest that holds all of them."""
    x, y = min(one.x for one in boxes), min(one.y for one in boxes)
    return Box(x, y, max(one.right for one in boxes) - x, max(one.bottom for one in boxes) - y)


def between(one: tuple[int, int], other: tuple[int, int], area: Box) -> Box:
    """The rectangle with these two corners, inside of `area` and not below the smallest."""
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return inside(Box(left, top, right - left, bottom - top), area)


def inside(box: Box, area: Box) -> Box:
    """As large as it may be, moved as little as need be."""
    width = min(max(box.width, SMALLEST), area.width)
    height = min(max(box.height, SMALLEST), area.height)
    x = min(max(box.x, area.x), area.right - width)
    y = min(max(box.y, area.y), area.bottom - height)
    return Box(x, y, width, height)


def moved(box: Box, across: int, down: int, area: Box) -> Box:
    """The whole, by so many pixels, as far as there is room."""
    return inside(replace(box, x=box.x + across, y=box.y + down), area)


def stretched(box: Box, edge: Edge, across: int, down: int, area: Box) -> Box:
    """With the held edges moved by so many pixels; the others stay where they are."""
    left, top, right, bottom = box.x, box.y, box.right, box.bottom
    if Edge.LEFT in edge:
        left = min(max(left + across, area.x), right - SMALLEST)
    if Edge.RIGHT in edge:
        right = max(min(right + across, area.right), left + SMALLEST)
    if Edge.TOP in edge:
        top = min(max(top + down, area.y), bottom - SMALLEST)
    if Edge.BOTTOM in edge:
        bottom = max(min(bottom + down, area.bottom), top + SMALLEST)
    return Box(left, top, right - left, bottom - top)


def edge_at(box: Box, x: int, y: int, reach: int) -> Edge | None:
    """What a press at this pixel holds: edges within `reach`, the whole inside, None outside."""
    if not (box.x - reach <= x <= box.right + reach and box.y - reach <= y <= box.bottom + reach):
        return None
    edge = Edge.NONE
    if abs(x - box.x) <= reach:
        edge |= Edge.LEFT
    elif abs(x - box.right) <= reach:
        edge |= Edge.RIGHT
    if abs(y - box.y) <= reach:
        edge |= Edge.TOP
    elif abs(y - box.bottom) <= reach:
        edge |= Edge.BOTTOM
    return edge


def for_engine(box: Box, displays: Sequence[Item]) -> tuple[str, tuple[int, int, int, int]]:
    """(display, region) of the engine's `start`: of the display that holds all of it, else of all."""
    places = [(one.id, Box(one.place.x, one.place.y, one.place.width, one.place.height))
              for one in displays if one.usable and one.place]  # fmt: skip
    if not places:
        return "", (box.x, box.y, box.width, box.height)
    for id_, place in places:
        held = _clipped(box, place)
        if held is not None:
            return id_, (held.x - place.x, held.y - place.y, held.width, held.height)
    whole = bounds([place for _, place in places])
    return "all", (box.x - whole.x, box.y - whole.y, box.width, box.height)


def _clipped(box: Box, place: Box) -> Box | None:
    """The part of it on a display, where that is all of it but what rounding to points may have added."""
    x, y = max(box.x, place.x), max(box.y, place.y)
    held = Box(x, y, min(box.right, place.right) - x, min(box.bottom, place.bottom) - y)
    lost = x - box.x, y - box.y, box.right - held.right, box.bottom - held.bottom
    return held if max(lost) <= _ROUNDED else None


def from_engine(display: str, region: tuple[int, int, int, int], displays: Sequence[Item]) -> Box | None:
    """The other way; None where that display is gone."""
    places = {one.id: Box(one.place.x, one.place.y, one.place.width, one.place.height)
              for one in displays if one.usable and one.place}  # fmt: skip
    if not places:
        return None
    base = bounds(list(places.values())) if display == "all" else places.get(display or next(iter(places)))
    return Box(base.x + region[0], base.y + region[1], region[2], region[3]) if base else None
