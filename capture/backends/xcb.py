"""A connection to an X server through libxcb, which unlike Xlib never ends the process on an error.

Only the transport comes from the library: requests are packed here (see `x11_protocol`), so one small library
is enough for all extensions. Where the system lacks it, the copy inside PyAV's wheel serves.
"""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from capture.errors import ScreenLost

_CHECKED = 1
_QUERY_EXTENSION = 98


class XRequestError(Exception):
    """The server refused a request; `code` as in the X protocol (3 BadWindow, 8 BadMatch, 10 BadAccess)."""

    def __init__(self, code: int, opcode: int) -> None:
        super().__init__(f"X error {code} for request {opcode}")
        self.code = code


class _Iovec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Request(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_size_t),
        ("extension", ctypes.c_void_p),
        ("opcode", ctypes.c_uint8),
        ("is_void", ctypes.c_uint8),
    )


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


@dataclass(frozen=True, slots=True)
class Extension:
    opcode: int
    first_event: int


@dataclass(frozen=True, slots=True)
class Root:
    """The root window of the screen that the display name chose."""

    window: int
    width: int
    height: int
    depth: int
    bits_per_pixel: int


class Connection:
    """Belongs to one thread. ScreenLost whenever the server is gone or cannot be reached."""

    def __init__(self, display: str | None) -> None:
        self._xcb = _library()
        number = ctypes.c_int()
        self._c: int | None = self._xcb.xcb_connect(
            display.encode() if display else None, ctypes.byref(number)
        )
        if self._xcb.xcb_connection_has_error(self._c):
            self.close()
            raise ScreenLost(
                "There is no X screen here",
                f"No X server answers at {display or 'the DISPLAY of this session'}.",
                "Set DISPLAY, or name the display to record.",
            )
        setup = self._setup()
        self.root = _parse_setup(setup, number.value)
        self.keycodes = (setup[34], setup[35])  # the lowest and the highest

    def close(self) -> None:
        if self._c is not None:
            self._xcb.xcb_disconnect(self._c)
            self._c = None

    def fileno(self) -> int:
        """What becomes readable when the server says something; `events` may have read it already."""
        return int(self._xcb.xcb_get_file_descriptor(self._c))

    def extension(self, name: str) -> Extension | None:
        """Where the extension's requests and events begin; None when the server lacks it."""
        raw = name.encode()
        reply = self.ask(_QUERY_EXTENSION, 0, struct.pack("=HH", len(raw), 0) + raw)
        present, opcode, first_event = struct.unpack_from("=BBB", reply, 8)
        return Extension(opcode, first_event) if present else None

    def new_id(self) -> int:
        return int(self._xcb.xcb_generate_id(self._c))

    def ask(self, opcode: int, minor: int, body: bytes = b"") -> bytes:
        """Send a request and wait for its reply; XRequestError when the server refuses."""
        return self._await(self._send(opcode, minor, body, is_void=False), opcode)

    def _await(self, sequence: int, opcode: int) -> bytes:
        error = ctypes.c_void_p()
        reply = self._xcb.xcb_wait_for_reply(self._c, sequence, ctypes.byref(error))
        if reply:
            return self._take(reply)
        self._raise(error.value, opcode)
        raise ScreenLost("The X screen went away", "The server closed the connection.")

    def ask_on(self, opcode: int, minor: int, body: bytes = b"") -> int:
        """Send a request that has many replies, and wait for the first; `answer` takes the others."""
        sequence = self._send(opcode, minor, body, is_void=False)
        self._await(sequence, opcode)
        return sequence

    def answer(self, sequence: int) -> bytes | None:
        """The next reply to that request; None while there is none. Never waits."""
        self.events()  # reads what the server sent
        reply, error = ctypes.c_void_p(), ctypes.c_void_p()
        self._xcb.xcb_poll_for_reply(self._c, sequence, ctypes.byref(reply), ctypes.byref(error))
        if reply.value:
            return self._take(reply.value)
        self._raise(error.value, 0)
        return None

    def tell(self, opcode: int, minor: int, body: bytes = b"") -> None:
        """Send a request that has no reply and wait until the server accepted it."""
        sequence = self._send(opcode, minor, body, is_void=True)
        self._raise(self._xcb.xcb_request_check(self._c, _Cookie(sequence)), opcode)

    def tell_later(self, opcode: int, minor: int, body: bytes = b"") -> None:
        """Send a request without a round trip; a refusal comes as an event and is passed over."""
        self._send(opcode, minor, body, is_void=True, flags=0)

    def events(self) -> list[bytes]:
        """What the server reported since the last call, 32 bytes each, errors left out. Never waits."""
        found = []
        while event := self._xcb.xcb_poll_for_event(self._c):
            raw = ctypes.string_at(event, 32)
            self._xcb_free(event)
            if raw[0]:
                found.append(raw)
        self._check()
        return found

    def _send(self, opcode: int, minor: int, body: bytes, *, is_void: bool, flags: int = _CHECKED) -> int:
        data = ctypes.create_string_buffer(struct.pack("=BBH", opcode, minor, 0) + body)
        length = 4 + len(body)
        # libxcb uses the two entries before the first one.
        vector = (_Iovec * 4)()
        vector[2] = _Iovec(ctypes.addressof(data), length)
        vector[3] = _Iovec(None, -length & 3)
        request = _Request(2, None, opcode, is_void)
        first = ctypes.byref(vector, 2 * ctypes.sizeof(_Iovec))
        sequence = int(self._xcb.xcb_send_request(self._c, flags, first, ctypes.byref(request)))
        if not sequence:
            self._check()
        return sequence

    def _check(self) -> None:
        if self._xcb.xcb_connection_has_error(self._c):
            raise ScreenLost("The X screen went away", "The connection to the X server broke.")

    def _raise(self, error: int | None, opcode: int) -> None:
        if error:
            code = ctypes.string_at(error, 32)[1]
            self._xcb_free(error)
            raise XRequestError(code, opcode)
        self._check()

    def _take(self, reply: int) -> bytes:
        length = 32 + 4 * struct.unpack_from("=I", ctypes.string_at(reply, 8), 4)[0]
        data = ctypes.string_at(reply, length)
        self._xcb_free(reply)
        return data

    def _xcb_free(self, pointer: int) -> None:
        _libc().free(pointer)

    def _setup(self) -> bytes:
        pointer = self._xcb.xcb_get_setup(self._c)
        words = struct.unpack_from("=H", ctypes.string_at(pointer, 8), 6)[0]
        return ctypes.string_at(pointer, 8 + 4 * words)


def _parse_setup(setup: bytes, screen: int) -> Root:
    vendor, _, screens, formats = struct.unpack_from("=HHBB", setup, 24)
    bits = {}
    at = 40 + (vendor + 3 & ~3)
    for _ in range(formats):
        depth, bits_per_pixel = struct.unpack_from("=BB", setup, at)
        bits[depth] = bits_per_pixel
        at += 8
    for index in range(screens):
        window, width, height = struct.unpack_from("=I16xHH", setup, at)
        root_depth, depths = struct.unpack_from("=BB", setup, at + 38)
        if index == screen:
            return Root(window, width, height, root_depth, bits.get(root_depth, 0))
        at += 40
        for _ in range(depths):
            at += 8 + 24 * struct.unpack_from("=H", setup, at + 2)[0]
    raise ScreenLost(
        "There is no such X screen", f"The server has {screens} screens, number {screen} is not one."
    )


@lru_cache(maxsize=1)
def _libc() -> Any:
    libc = ctypes.CDLL(None)
    libc.free.argtypes = (ctypes.c_void_p,)
    return libc


@lru_cache(maxsize=1)
def _library() -> Any:
    library = _load()
    pointer, number = ctypes.c_void_p, ctypes.c_uint
    for name, result, arguments in (
        ("xcb_connect", pointer, (ctypes.c_char_p, pointer)),
        ("xcb_disconnect", None, (pointer,)),
        ("xcb_connection_has_error", ctypes.c_int, (pointer,)),
        ("xcb_get_file_descriptor", ctypes.c_int, (pointer,)),
        ("xcb_get_setup", pointer, (pointer,)),
        ("xcb_generate_id", ctypes.c_uint32, (pointer,)),
        ("xcb_send_request", number, (pointer, ctypes.c_int, pointer, pointer)),
        ("xcb_wait_for_reply", pointer, (pointer, number, pointer)),
        ("xcb_request_check", pointer, (pointer, _Cookie)),
        ("xcb_poll_for_event", pointer, (pointer,)),
        ("xcb_poll_for_reply", ctypes.c_int, (pointer, number, pointer, pointer)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _load() -> ctypes.CDLL:
    for name in ("libxcb.so.1", *_bundled()):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise ScreenLost("libxcb is missing", "The library that speaks to X servers is not installed.")


def _bundled() -> list[str]:
    spec = find_spec("av")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent.parent / "av.libs"
    return [str(path) for path in sorted(folder.glob("libxcb-????????.so*"))]
