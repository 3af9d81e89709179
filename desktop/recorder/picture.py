"""How the picture is put together, as the engine's `start` command says it: layout, bubble, marks.

What it means is the engine's to judge; the names are in docs/reference/events.md.
"""

from collections.abc import Mapping

from desktop.errors import UsageError
from desktop.i18n import tr
from desktop.recorder.fields import given
from desktop.settings import Settings

FIELDS = (
    *("screen", "orFirstDisplay", "layout"),
    *("bubbleShape", "bubbleX", "bubbleY", "bubbleSize", "clicks", "keys"),
)


def picture_fields(
    *,
    no_screen: bool,
    layout: str | None,
    bubble: str | None,
    bubble_at: str | None,
    bubble_size: float | None,
    clicks: bool,
    keys: str | None,
) -> dict[str, object]:
    """The fields that the command line sets; UsageError when it makes no sense."""
    x, y = parse_point(bubble_at) if bubble_at else (None, None)
    values: dict[str, object] = {
        "screen": False if no_screen else None,
        "layout": layout,
        "bubbleShape": bubble,
        "bubbleX": x,
        "bubbleY": y,
        "bubbleSize": bubble_size,
        "clicks": clicks or None,
        "keys": keys,
    }
    return given(values)


def with_settings(fields: Mapping[str, object], config: Settings) -> dict[str, object]:
    """The same, with marks of clicks and keys as the settings say where that is left open."""
    usual = {"clicks": config.clicks or None, "keys": config.keys if config.keys != "off" else None}
    return {**given(usual), **fields}


def parse_point(text: str) -> tuple[float, float]:
    """`x,y` as shares of the picture; UsageError when it is anything else."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        x = y = -1.0
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise UsageError(
            tr("The place of the bubble makes no sense"),
            tr("{given} is not x,y with both from 0 to 1", given=repr(text)),
            tr("For the corner at the bottom right: --bubble-at 1,1"),
        )
    return x, y
