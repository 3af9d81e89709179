"""Which pixels to film: monitors or the whole screen, and a region of them, with even sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from capture.errors import BadRegion
from capture.model import MIN_SIDE, Rect


def filmed(screen: Rect, region: Rect | None) -> Rect:
    """The place of the picture on the desktop; `region` counts from the screen's top left corner.

    BadRegion when nothing of it, or too little to be a video, lies on the screen.
    """
    wanted = screen
    if region is not None:
        moved = Rect(screen.x + region.x, screen.y + region.y, region.width, region.height)
        inside = moved.clip(screen)
        if inside is None:
            raise _bad(region, screen, "lies outside of the screen")
        wanted = inside
    wanted = wanted.even()
    if wanted.width < MIN_SIDE or wanted.height < MIN_SIDE:
        raise _bad(region or wanted, screen, f"is smaller than {MIN_SIDE} pixels")
    return wanted


def bounds(parts: Sequence[Rect]) -> Rect:
    """The smallest rectangle that holds all of them."""
    x, y = min(part.x for part in parts), min(part.y for part in parts)
    return Rect(x, y, max(part.right for part in parts) - x, max(part.bottom for part in parts) - y)


def gaps(area: Rect, parts: Iterable[Rect]) -> list[Rect]:
    """What none of the parts covers."""
    left = [area]
    for part in parts:
        left = [piece for whole in left for piece in _without(whole, part)]
    return left


def _without(whole: Rect, hole: Rect) -> list[Rect]:
    common = whole.clip(hole)
    if common is None:
        return [whole]
    pieces = (
        Rect(whole.x, whole.y, whole.width, common.y - whole.y),
        Rect(whole.x, common.bottom, whole.width, whole.bottom - common.bottom),
        Rect(whole.x, common.y, common.x - whole.x, common.height),
        Rect(common.right, common.y, whole.right - common.right, common.height),
    )
    return [piece for piece in pieces if piece.width and piece.height]


def within(x: float, y: float, width: int, height: int) -> tuple[float, float] | None:
    """The place if it lies in a picture of this size."""
    return (x, y) if 0 <= x < width and 0 <= y < height else None


def _bad(region: Rect, screen: Rect, why: str) -> BadRegion:
    where = f"{region.x},{region.y},{region.width},{region.height}"
    return BadRegion(
        "This region cannot be recorded",
        f"The region {where} {why}.",
        f"The screen is {screen.width} x {screen.height} pixels; give x,y,width,height within it.",
    )
