"""The few requests of X11 and its extensions that filming a screen takes, packed by hand.

From the protocol texts: core X11, MIT-SHM 1.1, XFIXES 5, DAMAGE 1.1, RANDR 1.5; what concerns single windows
is in `x11_window`. Numbers are little or big endian as the machine is, which is what libxcb announced to the
server.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capture.backends.xcb import Connection, Extension
from capture.model import Rect

_GET_GEOMETRY, _QUERY_POINTER, _GET_ATOM_NAME = 14, 38, 17
_ALL_PLANES = 0xFFFFFFFF
_Z_PIXMAP = 2


def root_size(connection: Connection) -> Rect:
    reply = connection.ask(_GET_GEOMETRY, 0, struct.pack("=I", connection.root.window))
    width, height = struct.unpack_from("=HH", reply, 16)
    return Rect(0, 0, width, height)


def pointer_position(connection: Connection, window: int | None = None) -> tuple[int, int] | None:
    """Where the pointer is on the root or the given window; None while it is on another screen."""
    reply = connection.ask(_QUERY_POINTER, 0, struct.pack("=I", window or connection.root.window))
    x, y = struct.unpack_from("=hh", reply, 20)
    return (x, y) if reply[1] else None


class Shm:
    """MIT-SHM: the server writes pictures into memory it shares with us."""

    def __init__(self, connection: Connection, extension: Extension) -> None:
        self._c, self._x, self._root = connection, extension, connection.root.window

    def attach(self, shared_id: int) -> int:
        """XRequestError (BadAccess) when the server is on another machine or may not see our memory."""
        segment = self._c.new_id()
        self._c.tell(self._x.opcode, 1, struct.pack("=IIB3x", segment, shared_id, 0))
        return segment

    def detach(self, segment: int) -> None:
        self._c.tell_later(self._x.opcode, 2, struct.pack("=I", segment))

    def get_image(self, area: Rect, segment: int, offset: int, drawable: int | None = None) -> None:
        """Copy `area` of the root window, or of another drawable; XRequestError (BadMatch) when it is not
        wholly on it, or the window not on the screen."""
        body = struct.pack(
            "=IhhHHIB3xII", drawable or self._root,
            area.x, area.y, area.width, area.height, _ALL_PLANES, _Z_PIXMAP, segment, offset
        )  # fmt: skip
        self._c.ask(self._x.opcode, 4, body)


@dataclass(frozen=True, slots=True)
class CursorImage:
    """The pointer's picture, premultiplied BGRA, and the pixel in it that points."""

    serial: int
    hot_x: int
    hot_y: int
    pixels: NDArray[np.uint8]


class Fixes:
    """XFIXES: pictures of the pointer, and regions."""

    def __init__(self, connection: Connection, extension: Extension) -> None:
        self._c, self._x = connection, extension
        connection.ask(extension.opcode, 0, struct.pack("=II", 5, 0))  # agree on a version first
        self.cursor_event = extension.first_event + 1

    def watch_cursor(self) -> None:
        self._c.tell_later(self._x.opcode, 3, struct.pack("=II", self._c.root.window, 1))

    def cursor(self) -> CursorImage:
        reply = self._c.ask(self._x.opcode, 4)
        width, height, hot_x, hot_y, serial = struct.unpack_from("=HHHHI", reply, 12)
        words = np.frombuffer(reply, dtype="=u4", count=width * height, offset=32)
        # Words of 0xAARRGGBB: on a big-endian machine their bytes lie the other way round.
        pixels = words.astype("<u4").view(np.uint8).reshape(height, width, 4)
        return CursorImage(serial, hot_x, hot_y, pixels)

    def create_region(self) -> int:
        region = self._c.new_id()
        self._c.tell(self._x.opcode, 5, struct.pack("=I", region))
        return region

    def region(self, region: int) -> list[Rect]:
        reply = self._c.ask(self._x.opcode, 19, struct.pack("=I", region))
        return [Rect(*values) for values in struct.iter_unpack("=hhHH", reply[32:])]


class Damage:
    """DAMAGE: the server says that something was drawn, and where."""

    _NON_EMPTY = 3

    def __init__(
        self, connection: Connection, extension: Extension, fixes: Fixes, window: int | None = None
    ) -> None:
        """Watches the root window, or another one; what is reported counts from its corner."""
        self._c, self._x, self._fixes = connection, extension, fixes
        connection.ask(extension.opcode, 0, struct.pack("=II", 1, 1))
        self.event = extension.first_event
        self._parts = fixes.create_region()
        self._damage = connection.new_id()
        body = struct.pack("=IIB3x", self._damage, window or connection.root.window, self._NON_EMPTY)
        connection.tell(extension.opcode, 1, body)

    def take(self) -> list[Rect]:
        """What was drawn on since the last call. The next event tells that there is more."""
        self._c.tell_later(self._x.opcode, 3, struct.pack("=III", self._damage, 0, self._parts))
        return self._fixes.region(self._parts)


class Pointing:
    """XInput 2: a word when a mouse or a finger moves, wherever the pointer is.

    A pointer that a program puts elsewhere (XWarpPointer) is not told of.
    """

    event = 35  # GenericEvent; this connection asks for no others of that kind
    _ALL_MASTERS = 1
    _RAW_MOTION, _RAW_TOUCHES = 1 << 17, 0b111 << 22

    def __init__(self, connection: Connection, extension: Extension) -> None:
        self._c, self._x = connection, extension
        # From 2.1 on raw events come during another program's grab too, from 2.2 on there is touch.
        reply = connection.ask(extension.opcode, 47, struct.pack("=HH", 2, 2))
        self.complete = struct.unpack_from("=HH", reply, 8) >= (2, 2)

    def watch(self) -> None:
        mask = self._RAW_MOTION | self._RAW_TOUCHES
        body = struct.pack("=IHxxHHI", self._c.root.window, 1, self._ALL_MASTERS, 1, mask)
        self._c.tell(self._x.opcode, 46, body)


class RandR:
    """RANDR: monitors, and a word when the screen changes its size."""

    def __init__(self, connection: Connection, extension: Extension) -> None:
        self._c, self._x = connection, extension
        connection.ask(extension.opcode, 0, struct.pack("=II", 1, 5))
        self.event = extension.first_event

    def watch(self) -> None:
        self._c.tell_later(self._x.opcode, 4, struct.pack("=IHH", self._c.root.window, 1, 0))

    def monitors(self) -> list[tuple[str, Rect, bool]]:
        """Name, place, and whether it is the primary one, of each active monitor; that one comes first."""
        reply = self._c.ask(self._x.opcode, 42, struct.pack("=IB3x", self._c.root.window, 1))
        count, at, found = struct.unpack_from("=I", reply, 12)[0], 32, []
        for _ in range(count):
            atom, primary, _, outputs, x, y, width, height = struct.unpack_from("=IBBHhhHH", reply, at)
            found.append((atom_name(self._c, atom), Rect(x, y, width, height), bool(primary)))
            at += 24 + 4 * outputs
        return sorted(found, key=lambda monitor: not monitor[2])


def atom_name(connection: Connection, atom: int) -> str:
    reply = connection.ask(_GET_ATOM_NAME, 0, struct.pack("=I", atom))
    length = struct.unpack_from("=H", reply, 8)[0]
    return reply[32 : 32 + length].decode("latin-1")
