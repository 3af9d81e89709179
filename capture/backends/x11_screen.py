"""What the X server knows beside pixels: its monitors, what was drawn on, and the pointer."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field

from capture.backends.x11_protocol import (
    CursorImage,
    Damage,
    Fixes,
    RandR,
    Shm,
    pointer_position,
    root_size,
)
from capture.backends.xcb import Connection, XRequestError
from capture.errors import BadRegion, ScreenLost
from capture.model import Rect, Sprite

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

    def shm(self) -> Shm:
        extension = self.connection.extension("MIT-SHM")
        if extension is None:
            raise ScreenLost("This X screen cannot share pictures", "The server has no MIT-SHM.")
        return Shm(self.connection, extension)

    def damage(self) -> Damage | None:
        extension = self.connection.extension("DAMAGE")
        return Damage(self.connection, extension, self.fixes) if extension and self.fixes else None

    def screen(self, display: str | None) -> Rect:
        """The monitor that `display` numbers or names, the first one if it is silent, all of them together
        for the name of an X display."""
        if display and is_x_display(display):
            return root_size(self.connection)
        monitors = self._monitors()
        if not display:
            return monitors[0][1]
        for index, (title, rect) in enumerate(monitors):
            if display in (str(index), title):
                return rect
        known = ", ".join(f"{index} ({title})" for index, (title, _) in enumerate(monitors))
        raise BadRegion(
            "There is no such monitor", f"{display!r} is not one of: {known}.", "Name one of these."
        )

    def visible(self, area: Rect) -> Rect | None:
        """The part of `area` that the screen still has."""
        return area.clip(root_size(self.connection))

    def close(self) -> None:
        self.connection.close()

    def _monitors(self) -> list[tuple[str, Rect]]:
        if self.randr is not None:
            with contextlib.suppress(XRequestError):  # RANDR before 1.5
                monitors = [one for one in self.randr.monitors() if one[1].width and one[1].height]
                if monitors:
                    return monitors
        return [("screen", root_size(self.connection))]


@dataclass(slots=True)
class Heard:
    """What the server reported since the last time."""

    damaged: list[Rect] = field(default_factory=list)
    cursor_changed: bool = False
    resized: bool = False


class Watch:
    """Listens to the server. `trusted` says whether damage reports tell everything."""

    def __init__(self, desktop: Desktop) -> None:
        self._connection = desktop.connection
        self._fixes, self._randr = desktop.fixes, desktop.randr
        self._damage = desktop.damage()
        self.trusted = self._damage is not None
        if self._randr is not None:
            self._randr.watch()
        if self._fixes is not None:
            self._fixes.watch_cursor()

    def distrust(self) -> None:
        self.trusted = False

    def hear(self) -> Heard:
        kinds = {event[0] & 0x7F for event in self._connection.events()}
        heard = Heard()
        if self._damage is not None and self.trusted and self._damage.event in kinds:
            heard.damaged = self._damage.take()
        heard.cursor_changed = self._fixes is not None and self._fixes.cursor_event in kinds
        heard.resized = self._randr is not None and self._randr.event in kinds
        return heard


class Pointer:
    """The pointer in the coordinates of the picture."""

    def __init__(self, desktop: Desktop, area: Rect) -> None:
        self._connection, self._fixes, self._area = desktop.connection, desktop.fixes, area
        self._image: CursorImage | None = None
        self._stale = True

    def reload(self) -> None:
        """It looks different now."""
        self._stale = True

    def now(self) -> Sprite | None:
        """None while it is elsewhere, or unknown to the server."""
        if self._fixes is None:
            return None
        position = pointer_position(self._connection)
        if position is None:
            return None
        if self._stale or self._image is None:
            self._image, self._stale = self._fixes.cursor(), False
        image = self._image
        x = position[0] - image.hot_x - self._area.x
        y = position[1] - image.hot_y - self._area.y
        cursor = Sprite(x, y, image.serial, image.pixels)
        inside = image.pixels.size and cursor.rect.clip(Rect(0, 0, self._area.width, self._area.height))
        return cursor if inside else None
