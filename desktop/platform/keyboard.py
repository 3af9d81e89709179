"""Who has the keyboard of an X screen, and giving it back.

A window that bypasses the window manager takes the keyboard by itself, so nobody else gives it back. Core
protocol of X11, GetInputFocus and SetInputFocus. Elsewhere the system sees to it.
"""

import contextlib
import struct

from capture.backends.xcb import Connection, XRequestError
from capture.errors import ScreenLost

_SET_INPUT_FOCUS, _GET_INPUT_FOCUS = 42, 43
_NOBODY, _WHERE_THE_POINTER_IS = 0, 1
_NOW = 0


def holder(qt_platform: str) -> int | None:
    """The window that has the keyboard; None where there is none, or it cannot be told. `qt_platform` is
    QGuiApplication.platformName()."""
    if qt_platform != "xcb":
        return None
    try:
        with contextlib.closing(Connection(None)) as connection:
            (window,) = struct.unpack_from("=I", connection.ask(_GET_INPUT_FOCUS, 0), 8)
    except (ScreenLost, XRequestError):
        return None
    return None if window in {_NOBODY, _WHERE_THE_POINTER_IS} else int(window)


def give_to(window: int) -> None:
    """One that is gone meanwhile, or cannot be seen, gets nothing."""
    with contextlib.suppress(ScreenLost, XRequestError), contextlib.closing(Connection(None)) as connection:
        connection.tell(_SET_INPUT_FOCUS, _WHERE_THE_POINTER_IS, struct.pack("=II", window, _NOW))
