"""What of the screen is recorded, read from a `start` command."""

from __future__ import annotations

from typing import Any

from capture.fields import bad, flag, typed, whole
from capture.model import MIN_SIDE, Rect, ScreenRequest

FPS_RANGE = (1, 120)
MAX_HEIGHT = 16_384


def parse_screen(values: dict[str, Any]) -> ScreenRequest:
    """The fields `display`, `orFirstDisplay`, `region`, `window`, `height` and `fps`; BadCommand says which
    one is wrong."""
    return ScreenRequest(
        display=_display(values.get("display")),
        region=_region(values.get("region")),
        fps=whole(values, "fps", 30, *FPS_RANGE),
        window=_window(values),
        height=whole(values, "height", 0, MIN_SIDE, MAX_HEIGHT) or None,
        or_first=flag(values, "orFirstDisplay", default=False),
    )


def _display(display: Any) -> str | None:
    if display is None or isinstance(display, str):
        return display or None
    several = display if isinstance(display, list) else [display]
    if several and all(type(one) in (int, str) for one in several):
        return ",".join(map(str, several))
    raise bad("display", "an X display, the number or name of a monitor, several of these, or 'all'")


def _window(values: dict[str, Any]) -> str | None:
    window = values.get("window")
    if type(window) is int:
        return hex(window)
    return typed(values, "window", str, None) or None


def _region(region: Any) -> Rect | None:
    if region is None:
        return None
    if not isinstance(region, list) or len(region) != 4 or not all(type(value) is int for value in region):
        raise bad("region", "[x, y, width, height] in pixels")
    if region[2] <= 0 or region[3] <= 0:
        raise bad("region", "wider and higher than nothing")
    return Rect(*region)
