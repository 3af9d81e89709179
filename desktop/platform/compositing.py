"""Whether windows can be see-through here. An X server needs a program for that, a compositing manager, which
owns a selection (EWMH, _NET_WM_CM_Sn); every other system always can."""

import struct

from capture.backends.xcb import Connection, XRequestError
from capture.errors import ScreenLost

_INTERN_ATOM, _GET_SELECTION_OWNER = 16, 23
_SELECTION = b"_NET_WM_CM_S0"


def windows_can_be_seen_through(qt_platform: str) -> bool:
    """`qt_platform` is QGuiApplication.platformName()."""
    if qt_platform != "xcb":
        return True
    try:
        connection = Connection(None)
    except ScreenLost:
        return False
    try:
        name = struct.pack("=HH", len(_SELECTION), 0) + _SELECTION
        (atom,) = struct.unpack_from("=I", connection.ask(_INTERN_ATOM, 0, name), 8)
        reply = connection.ask(_GET_SELECTION_OWNER, 0, struct.pack("=I", atom))
        return bool(struct.unpack_from("=I", reply, 8)[0])
    except (ScreenLost, XRequestError):
        return False
    finally:
        connection.close()
