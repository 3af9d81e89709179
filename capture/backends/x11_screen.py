"""What the X server knows beside pixels: its monitors, what was drawn on, and the pointer."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field

from capture.backends.x11_protocol import (
    CursorImage,
    Damage,
    Fixes,
    Pointing,
    RandR,
    Shm,
    pointer_position,
    root_size,
)
from capture.backends.x11_window import STRUCTURE_EVENTS, Composite
from capture.backends.xcb import Connection, XRequestError
from capture.errors import BadRegion, ScreenLost
from capture.model import DisplayInfo, Rect, Sprite

_X_DISPLAY = re.compile(r"^[^ ]*:\d+(\.\d+)?$")


def is_x_display(display: str) -> bool:
    """ ":1" and "host:0.0" name an X display, anything else a monitor."""
    return bool(_X_DISPLAY.match(display))


class Desktop:
    """The connection and the extensions that the server has."""

    def __init__(self, display: str | None) -> None:
        self.connection = Connection(display if display and is_x_display(display) else None)
        try:
            self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def _prepare(self) -> None:
        root = self.connection.root
        if root.depth not in (24, 32) or root.bits_per_pixel != 32:
            raise ScreenLost("This X screen has other pixels", f"It has {root.depth} bits of colour, not 24.")
        fixes = self.connection.extension("XFIXES")
        self.fixes = Fixes(self.connection, fixes) if fixes else None
        randr = self.connection.extension("RANDR")
        self.randr = RandR(self.connection, randr) if randr else None
        pointing = self.connection.extension("XInputExtension")
        self.pointing = Pointing(self.connection, pointing) if pointing else None

    def shm(self) -> Shm:
        extension = self.connection.extension("MIT-SHM")
        if extension is None:
            raise ScreenLost("This X screen cannot share pictures", "The server has no MIT-SHM.")
        return Shm(self.connection, extension)

    def damage(self, window: int | None = None) -> Damage | None:
        """Of the whole screen, or of one window."""
        extension = self.connection.extension("DAMAGE")
        return Damage(self.connection, extension, self.fixes, window) if extension and self.fixes else None

    def composite(self) -> Composite | None:
        """None where windows have no pictures of their own (COMPOSITE before 0.2 counts as none)."""
        extension = self.connection.extension("Composite")
        return Composite(self.connection, extension) if extension else None

    def monitors(self, display: str | None) -> list[DisplayInfo]:
        """The monitors that `display` numbers or names, the first one if it is silent. "all" are those that
        show something, the name of an X display is everything it has. BadRegion for one that is not there."""
        if display and is_x_display(display):
            return [DisplayInfo("0", "screen", root_size(self.connection), primary=True)]
        monitors = self.displays()
        if not display:
            return monitors[:1]
        if display == "all":
            return monitors
        return [_named(monitors, wanted.strip()) for wanted in display.split(",")]

    def visible(self, area: Rect) -> Rect | None:
        """The part of `area` that the screen still has."""
        return area.clip(root_size(self.connection))

    def close(self) -> None:
        self.connection.close()

    def displays(self) -> list[DisplayInfo]:
        """The monitors, the primary one first."""
        found: list[tuple[str, Rect, bool]] = []
        if self.randr is not None:
            with contextlib.suppress(XRequestError):  # RANDR before 1.5
                found = [one for one in self.randr.monitors() if one[1].width and one[1].height]
        found = found or [("screen", root_size(self.connection), True)]
        # The primary one comes first; where none is marked so, the first one is what a recording takes.
        return [
            DisplayInfo(str(index), title, rect, primary=index == 0)
            for index, (title, rect, _) in enumerate(found)
        ]


def _named(monitors: list[DisplayInfo], wanted: str) -> DisplayInfo:
    for one in monitors:
        if wanted in (one.id, one.name):
            return one
    known = ", ".join(f"{one.id} ({one.name})" for one in monitors)
    raise BadRegion("There is no such monitor", f"{wanted!r} is not one of: {known}.", "Name one of these.")


@dataclass(slots=True)
class Heard:
    """What the server reported since the last time."""

    damaged: list[Rect] = field(default_factory=list)
    cursor_changed: bool = False
    resized: bool = False
    restructured: bool = False  # the watched window was moved, resized, hidden, shown or closed


class Watch:
    """Listens to the server. `trusted` says whether damage reports tell everything."""

    def __init__(self, desktop: Desktop, window: int | None = None) -> None:
        """Damage is that of the screen, or of one window."""
        self._connection = desktop.connection
        self._fixes, self._randr = desktop.fixes, desktop.randr
        self._damage = desktop.damage(window)
        self.trusted = self._damage is not None
        if self._randr is not None:
            self._randr.watch()
        if self._fixes is not None:
            self._fixes.watch_cursor()
        self._told_of_motion = desktop.pointing is not None and desktop.pointing.complete
        if desktop.pointing is not None and self._told_of_motion:
            desktop.pointing.watch()
        self._kept: list[bytes] = []
        self._moved = False

    def distrust(self) -> None:
        self.trusted = False

    def stirs(self) -> bool:
        """Whether anything may have happened since the last `hear`; always where the server does not tell."""
        if not self.trusted or not self._told_of_motion:
            return True
        self._kept += self._connection.events()
        return bool(self._kept) or self._moved

    def pointer_is_looked_for(self) -> None:
        """What the pointer did until now is about to be seen."""
        self._moved = False

    def hear(self) -> Heard:
        kinds = {event[0] & 0x7F for event in (*self._kept, *self._connection.events())}
        self._kept.clear()
        heard = Heard()
        self._moved = self._moved or Pointing.event in kinds
        if self._damage is not None and self.trusted and self._damage.event in kinds:
            heard.damaged = self._damage.take()
        heard.cursor_changed = self._fixes is not None and self._fixes.cursor_event in kinds
        heard.resized = self._randr is not None and self._randr.event in kinds
        heard.restructured = not STRUCTURE_EVENTS.isdisjoint(kinds)
        return heard


class Pointer:
    """The pointer in the coordinates of the picture."""

    def __init__(self, desktop: Desktop) -> None:
        self._connection, self._fixes = desktop.connection, desktop.fixes
        self._image: CursorImage | None = None
        self._stale = True

    def reload(self) -> None:
        """It looks different now."""
        self._stale = True

    def now(self, area: Rect, window: int | None = None, scale: float = 1.0) -> Sprite | None:
        """As it lies over `area`, which counts from the corner of the root or of `window`, and is shown at
        `scale`. None while it is elsewhere, or unknown to the server."""
        if self._fixes is None:
            return None
        position = pointer_position(self._connection, window)
        if position is None:
            return None
        if self._stale or self._image is None:
            self._image, self._stale = self._fixes.cursor(), False
        image = self._image
        x = round((position[0] - area.x) * scale) - image.hot_x
        y = round((position[1] - area.y) * scale) - image.hot_y
        cursor = Sprite(x, y, image.serial, image.pixels)
        shown = Rect(0, 0, round(area.width * scale), round(area.height * scale))
        return cursor if image.pixels.size and cursor.rect.clip(shown) else None
