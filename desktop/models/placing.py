"""Where the control bar goes: out of the picture where there is room, else into a corner of it."""

from collections.abc import Sequence

from desktop.models.region import Box, inside


def place(size: tuple[int, int], filmed: Box | None, screens: Sequence[Box], gap: int) -> tuple[Box, bool]:
    """Where a window of this size goes, and whether it is in the picture. All in pixels; `filmed` is None
    where nobody knows what is filmed. Below what is filmed comes first, then above, beside it, and another
    screen."""
    if not screens:
        return Box(0, 0, *size), True
    home = _home(filmed, screens)
    for spot in _around(size, filmed, gap) if filmed else ():
        spot_here = inside(spot, home)
        if filmed and not spot_here.overlap(filmed):
            return spot_here, False
    for screen in screens:
        if filmed and not screen.overlap(filmed):
            return _bottom(size, screen, gap), False
    return _bottom(size, home, gap), True


def _home(filmed: Box | None, screens: Sequence[Box]) -> Box:
    """The screen that shows most of it; the first one comes first."""
    return max(screens, key=lambda one: one.overlap(filmed)) if filmed else screens[0]


def _around(size: tuple[int, int], filmed: Box, gap: int) -> list[Box]:
    width, height = size
    x = filmed.x + (filmed.width - width) // 2
    y = filmed.y + (filmed.height - height) // 2
    return [
        Box(x, filmed.bottom + gap, width, height),
        Box(x, filmed.y - gap - height, width, height),
        Box(filmed.right + gap, y, width, height),
        Box(filmed.x - gap - width, y, width, height),
    ]


def _bottom(size: tuple[int, int], screen: Box, gap: int) -> Box:
    """In the middle at the bottom: menus are at the top, and what is explained is in between."""
    width, height = size
    return Box(screen.x + (screen.width - width) // 2, screen.bottom - gap - height, width, height)
