"""The RECORD extension: the server tells of every key and button, whichever window gets it.

From the protocol text of RECORD 1.13. Two connections are needed: one holds the recording, the other is busy
with it and answers nothing else.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from capture.backends.xcb import Connection, XRequestError
from capture.errors import ScreenLost

KEY_PRESS, BUTTON_PRESS = 2, 4
_ALL_CLIENTS = 3
_FROM_SERVER = 0
_GET_KEYBOARD_MAPPING = 101


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """`detail` is the keycode or the button, `state` the modifiers held before, as in the core protocol."""

    kind: int
    detail: int
    x: int
    y: int
    state: int


class Recording:
    """ScreenLost or XRequestError when the server cannot be reached or has no RECORD."""

    def __init__(self, display: str | None) -> None:
        self._control = Connection(display)
        self._data: Connection | None = None
        try:
            self._data = Connection(display)
            self._sequence = self._begin(self._control, self._data)
        except BaseException:
            self.close()
            raise

    def _begin(self, control: Connection, data: Connection) -> int:
        extension = control.extension("RECORD")
        if extension is None:
            raise ScreenLost("The input cannot be seen", "The X server has no RECORD extension.")
        control.ask(extension.opcode, 0, struct.pack("=HH", 1, 13))
        context = control.new_id()
        # Of the range's fields only the device events are used.
        wanted = struct.pack("=18xBBBBBx", KEY_PRESS, BUTTON_PRESS, 0, 0, 0)
        body = struct.pack("=IB3xIII", context, 0, 1, 1, _ALL_CLIENTS)
        control.tell(extension.opcode, 1, body + wanted)
        return data.ask_on(extension.opcode, 5, struct.pack("=I", context))

    def keyboard(self) -> tuple[int, list[tuple[int, ...]]]:
        """The first keycode, and the keysyms of each from there on."""
        lowest, highest = self._control.keycodes
        reply = self._control.ask(
            _GET_KEYBOARD_MAPPING, 0, struct.pack("=BBxx", lowest, highest - lowest + 1)
        )
        width = reply[1]
        symbols = struct.unpack(f"={(len(reply) - 32) // 4}I", reply[32:])
        return lowest, [symbols[at : at + width] for at in range(0, len(symbols), width)] if width else []

    def events(self) -> Iterator[DeviceEvent]:
        """What happened since the last call. Never waits."""
        while self._data is not None and (reply := self._data.answer(self._sequence)) is not None:
            if reply[1] != _FROM_SERVER:
                continue
            for at in range(32, len(reply) - 31, 32):
                kind, detail = reply[at] & 0x7F, reply[at + 1]
                x, y = struct.unpack_from("=hh", reply, at + 20)
                (state,) = struct.unpack_from("=H", reply, at + 28)
                yield DeviceEvent(kind, detail, x, y, state)

    def close(self) -> None:
        """Idempotent; the server ends the recording with its connection."""
        for connection in (self._data, self._control):
            if connection is not None:
                with contextlib.suppress(ScreenLost, XRequestError):
                    connection.close()
