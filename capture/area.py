"""Which pixels to film: a monitor or the whole screen, and a region of it, with even sides."""

from __future__ import annotations

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


def _bad(region: Rect, screen: Rect, why: str) -> BadRegion:
    where = f"{region.x},{region.y},{region.width},{region.height}"
    return BadRegion(
        "This region cannot be recorded",
        f"The region {where} {why}.",
        f"The screen is {screen.width} x {screen.height} pixels; give x,y,width,height within it.",
    )
