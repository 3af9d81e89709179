"""Single windows of an X screen: what they are called, where they are, and their pictures of their own.

From the protocol texts: core X11 and COMPOSITE 0.4; names of properties from the Extended Window Manager
Hints 1.5 and the Inter-Client Communication Conventions 2.0.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from capture.backends.xcb import Connection, Extension, XRequestError
from capture.errors import NoWindow
from capture.model import MIN_SIDE, Rect, WindowInfo

_CHANGE_ATTRIBUTES, _GET_ATTRIBUTES, _GET_GEOMETRY, _QUERY_TREE = 2, 3, 14, 15
_INTERN_ATOM, _GET_PROPERTY, _TRANSLATE, _GET_FOCUS, _FREE_PIXMAP = 16, 20, 40, 43, 54
_EVENT_MASK, _STRUCTURE_NOTIFY = 0x800, 0x20000
_VIEWABLE, _INPUT_OUTPUT = 2, 1
_PROPERTY_WORDS = 16_384
_DEEPEST = 4  # how far below a frame the window of a program lies at most

# Destroyed, unmapped, mapped, reparented, moved or resized.
STRUCTURE_EVENTS = frozenset({17, 18, 19, 21, 22})


@dataclass(frozen=True, slots=True)
class Place:
    """A window as it is now. `border` belongs to its pixmap, not to its picture."""

    width: int
    height: int
    border: int
    depth: int
    viewable: bool
    x: int  # of the inside's corner on the root window
    y: int


class Composite:
    """COMPOSITE: a window is drawn into memory of its own, so that it has a picture even where others lie
    over it."""

    def __init__(self, connection: Connection, extension: Extension) -> None:
        self._c, self._x = connection, extension
        connection.ask(extension.opcode, 0, struct.pack("=II", 0, 4))

    def redirect(self, window: int) -> None:
        """The server goes on showing it on the screen. Ends with the connection."""
        self._c.tell(self._x.opcode, 1, struct.pack("=IB3x", window, 0))

    def pixmap(self, window: int) -> int:
        """The window's memory, valid until it is resized or hidden; XRequestError while it is hidden."""
        pixmap = self._c.new_id()
        self._c.tell(self._x.opcode, 6, struct.pack("=II", window, pixmap))
        return pixmap

    def free(self, pixmap: int) -> None:
        self._c.tell_later(_FREE_PIXMAP, 0, struct.pack("=I", pixmap))


class Windows:
    """The windows of a screen."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection
        self._atoms: dict[str, int] = {}

    def place(self, window: int) -> Place | None:
        """None when there is no such window (any more)."""
        try:
            attributes = self._c.ask(_GET_ATTRIBUTES, 0, struct.pack("=I", window))
            geometry = self._c.ask(_GET_GEOMETRY, 0, struct.pack("=I", window))
            x, y = self._position(window)
        except XRequestError:
            return None
        if struct.unpack_from("=H", attributes, 12)[0] != _INPUT_OUTPUT:
            return None
        width, height, border = struct.unpack_from("=HHH", geometry, 16)
        return Place(width, height, border, geometry[1], attributes[26] == _VIEWABLE, x, y)

    def watch(self, window: int) -> None:
        """Have the server report when it is moved, resized, hidden, shown or closed."""
        body = struct.pack("=III", window, _EVENT_MASK, _STRUCTURE_NOTIFY)
        self._c.tell(_CHANGE_ATTRIBUTES, 0, body)

    def find(self, wanted: str) -> int:
        """The window that `wanted` means: a number (0x...), "active", or a part of a title.

        NoWindow with the titles there are when it means none.
        """
        window = _number(wanted)
        if window is not None:
            if self.place(window) is None:
                raise NoWindow(
                    "There is no such window", f"The screen has no window {wanted}.", _hint(self.all())
                )
            return window
        if wanted == "active":
            return self._active()
        known = self.all()
        words = wanted.casefold()
        for exact in (True, False):
            for one in known:
                title = one.title.casefold()
                if title == words or (not exact and words in title):
                    return int(one.id, 16)
        raise NoWindow("There is no such window", f"No window's title holds {wanted!r}.", _hint(known))

    def all(self) -> list[WindowInfo]:
        """The programs' windows, hidden ones too where there is a window manager."""
        root = self._c.root.window
        listed = self._words(root, "_NET_CLIENT_LIST")
        found = [self._describe(window) for window in listed or self._by_tree(root)]
        return [one for one in found if one is not None]

    def _describe(self, window: int) -> WindowInfo | None:
        place = self.place(window)
        if place is None or place.width < MIN_SIDE or place.height < MIN_SIDE:
            return None
        title = self._text(window, "_NET_WM_NAME", "utf-8") or self._text(window, "WM_NAME", "latin-1")
        # Name and class, each with a zero byte behind it.
        app = self._text(window, "WM_CLASS", "latin-1").rstrip("\0").rpartition("\0")[2]
        if not title and not app:
            return None
        return WindowInfo(f"0x{window:x}", title, app, Rect(place.x, place.y, place.width, place.height))

    def _active(self) -> int:
        named = self._words(self._c.root.window, "_NET_ACTIVE_WINDOW")
        window = named[0] if named else 0
        if not window:  # no window manager: whoever has the keyboard
            window = struct.unpack_from("=I", self._c.ask(_GET_FOCUS, 0), 8)[0]
        place = self.place(window) if window > 1 and window != self._c.root.window else None
        if place is None:
            raise NoWindow("No window is active", "No window has the keyboard.", _hint(self.all()))
        return window

    def _by_tree(self, root: int) -> Iterator[int]:
        """Without a list by a window manager: the shown top windows, or what they frame."""
        for top in self._children(root):
            place = self.place(top)
            if place is not None and place.viewable:
                yield self._framed(top, _DEEPEST) or top

    def _framed(self, window: int, depth: int) -> int | None:
        """The window in it that a window manager manages, which it marks with WM_STATE."""
        if self._words(window, "WM_STATE"):
            return window
        if not depth:
            return None
        below = (self._framed(child, depth - 1) for child in self._children(window))
        return next((child for child in below if child is not None), None)

    def _children(self, window: int) -> list[int]:
        try:
            reply = self._c.ask(_QUERY_TREE, 0, struct.pack("=I", window))
        except XRequestError:
            return []
        return list(struct.unpack_from(f"={struct.unpack_from('=H', reply, 16)[0]}I", reply, 32))

    def _position(self, window: int) -> tuple[int, int]:
        body = struct.pack("=IIhh", window, self._c.root.window, 0, 0)
        x, y = struct.unpack_from("=hh", self._c.ask(_TRANSLATE, 0, body), 12)
        return x, y

    def _words(self, window: int, name: str) -> list[int]:
        raw, width = self._property(window, name)
        return [word for (word,) in struct.iter_unpack("=I", raw)] if width == 32 else []

    def _text(self, window: int, name: str, encoding: str) -> str:
        raw, width = self._property(window, name)
        return raw.decode(encoding, "replace") if width == 8 else ""

    def _property(self, window: int, name: str) -> tuple[bytes, int]:
        """The value and the bits of one item of it, 0 when there is none."""
        body = struct.pack("=IIIII", window, self._atom(name), 0, 0, _PROPERTY_WORDS)
        try:
            reply = self._c.ask(_GET_PROPERTY, 0, body)
        except XRequestError:
            return b"", 0
        width = reply[1]
        length = struct.unpack_from("=I", reply, 16)[0] * width // 8
        return reply[32 : 32 + length], width

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            raw = name.encode()
            reply = self._c.ask(_INTERN_ATOM, 0, struct.pack("=HH", len(raw), 0) + raw)
            self._atoms[name] = struct.unpack_from("=I", reply, 8)[0]
        return self._atoms[name]


def _number(wanted: str) -> int | None:
    try:
        return int(wanted, 16) if wanted.lower().startswith("0x") else None
    except ValueError:
        return None


def _hint(known: list[WindowInfo]) -> str:
    titles = ", ".join(f"{one.title or one.app} ({one.id})" for one in known[:10])
    return f"The windows are: {titles}." if titles else "No window is open."
