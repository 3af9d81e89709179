"""The camera's bubble: where it lies on what is filmed, how large, which shape. No Qt.

What the person sees is what is recorded: the window with the camera lies where the recorder draws the bubble.
Where the system leaves windows out of recordings, nothing more is to be done. Where it does not (X11), the
window would be filmed too. So it is a little smaller than the drawn bubble, which hides it wholly; and while
it is dragged the recorder draws none, so that the film shows the window itself.
"""

import json
import math
import os
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop.models.region import Box
from uploader.paths import home

SIZES = (0.2, 0.3, 0.45)  # small, medium, large: sides as shares of the picture's height
_SMALLEST, _LARGEST = 0.1, 0.8
_POSSIBLE = (0.05, 1.0)  # what the recorder takes
_WHEEL = 1.1  # larger or smaller with each notch


class Arrangement(StrEnum):
    """How screen and camera share the picture, in the recorder's words (docs/reference/events.md)."""

    SCREEN = "screen"  # no camera
    BUBBLE = "bubble"  # the camera in a bubble over the screen
    CAMERA = "camera"  # no screen
    SWAPPED = "swapped"  # the screen, small, over the camera


class Shape(StrEnum):
    CIRCLE = "circle"
    ROUNDED = "rounded"


class Grip(StrEnum):
    """Who shows the bubble in the film while it is moved where windows are filmed."""

    REST = "rest"  # the recorder; the window lies below
    ASKED = "asked"  # the recorder was asked to draw none, and has not said so yet
    FREE = "free"  # the window, wherever it is dragged


@dataclass(frozen=True, slots=True)
class Bubble:
    """`x` and `y` are its centre and `size` its side, as in the recorder's layouts: shares of the picture."""

    x: float = 0.11
    y: float = 0.81
    size: float = SIZES[1]
    shape: Shape = Shape.CIRCLE
    mirrored: bool = True
    arrangement: Arrangement = Arrangement.BUBBLE

    def place(self, area: Box) -> Box:
        """Where it lies on what is filmed: the very pixels that the recorder draws on."""
        side = max(2, min(round(self.size * area.height), area.height, area.width))
        x = min(max(0, round(self.x * area.width - side / 2)), area.width - side)
        y = min(max(0, round(self.y * area.height - side / 2)), area.height - side)
        return Box(area.x + x, area.y + y, side, side)

    def moved_to(self, x: int, y: int, area: Box) -> "Bubble":
        """With its corner at this pixel of the desktop, or as near as it can lie."""
        now = self.place(area)
        x = min(max(x, area.x), area.x + area.width - now.width)
        y = min(max(y, area.y), area.y + area.height - now.height)
        across, down = x + now.width / 2 - area.x, y + now.height / 2 - area.y
        return replace(self, x=_share(across / area.width), y=_share(down / area.height))

    def resized(self, notches: int) -> "Bubble":
        """Larger by so many turns of the wheel; smaller where negative."""
        return self.with_size(self.size * _WHEEL**notches)

    def with_size(self, size: float) -> "Bubble":
        return replace(self, size=round(min(max(size, _SMALLEST), _LARGEST), 4))

    def layout_fields(self) -> dict[str, object]:
        """For the recorder's `start` and `layout`."""
        return {
            "layout": str(self.arrangement),
            "bubbleShape": str(self.shape),
            "bubbleX": self.x,
            "bubbleY": self.y,
            "bubbleSize": self.size,
        }


def seen(arrangement: Arrangement, *, filmed: bool, placed: bool) -> bool:
    """Whether the window is shown. `filmed`: a recording shows it now. `placed`: it lies where we say.

    With the screen small over the camera, a filmed window would be one more picture of the camera.
    """
    if arrangement is Arrangement.SCREEN:
        return False
    return not filmed or (placed and arrangement is not Arrangement.SWAPPED)


def inset(area: Box, film_height: int) -> int:
    """Pixels by which a window that is filmed is smaller on each side than the bubble that hides it: what
    rounding can move, where the film is smaller than what it shows, and the soft edge."""
    return math.ceil(1.5 * max(1.0, area.height / film_height if film_height else 1.0)) + 1


def covers(before: Bubble, after: Bubble) -> bool:
    """Whether the bubble after a change lies over all of that before it: then it is drawn before the window
    follows, and else the window changes first."""
    return after.size > before.size or (after.size == before.size and after.shape is Shape.ROUNDED)


class Remembered:
    """The bubble of the next recording: one small JSON file, written in one step."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or home() / "bubble.json"

    def load(self) -> Bubble:
        """As it was last; as it is at first, where that makes no sense."""
        try:
            values = json.loads(self._path.read_text(encoding="utf-8"))
            return _from_json(values)
        except (OSError, ValueError, TypeError, AttributeError):
            return Bubble()

    def save(self, bubble: Bubble) -> None:
        """What cannot be written is as it was at the next start."""
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(asdict(bubble)) + "\n", encoding="utf-8")
            temporary.replace(self._path)
        except OSError:
            return


def _from_json(values: dict[str, Any]) -> Bubble:
    known = {one.name: values[one.name] for one in fields(Bubble) if one.name in values}
    found = Bubble(**known)
    x, y, size = float(found.x), float(found.y), float(found.size)
    if not (0 <= x <= 1 and 0 <= y <= 1 and _POSSIBLE[0] <= size <= _POSSIBLE[1]):
        raise ValueError("outside of the picture")
    return Bubble(
        x, y, size, Shape(found.shape), found.mirrored is not False, Arrangement(found.arrangement)
    )  # fmt: skip


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 5)
