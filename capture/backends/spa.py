"""PipeWire's pods: the typed values by which two ends of a stream agree on a format.

A pod is (size of the body: u32, type: u32, body), padded to 8 bytes; an object's body is (type, id) and
properties of (key, flags, pod); a choice holds a kind, flags and one child header for all its values, the
preferred one first. Numbers from spa/utils/type.h, spa/param/{param-types,format,buffers}.h and
spa/param/video/raw.h of PipeWire 0.3; they are part of its ABI.
https://docs.pipewire.org/page_spa_pod.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

_ID, _INT, _RECTANGLE, _FRACTION, _OBJECT, _CHOICE = 3, 4, 10, 11, 15, 19
_CHOICE_NONE, _CHOICE_RANGE, _CHOICE_ENUM, _CHOICE_FLAGS = 0, 1, 3, 4
_OBJECT_FORMAT, _OBJECT_BUFFERS, _OBJECT_META = 0x40003, 0x40004, 0x40005

PARAM_ENUM_FORMAT, PARAM_FORMAT, PARAM_BUFFERS, PARAM_META = 3, 4, 5, 6
META_HEADER, META_CROP, META_DAMAGE = 1, 2, 3
DATA_MEMORY, DATA_MEMORY_FD = 1, 2

_MEDIA_TYPE, _MEDIA_SUBTYPE, _VIDEO, _RAW = 1, 2, 2, 1
_FORMAT, _SIZE, _RATE, _MOST_RATE = 0x20001, 0x20003, 0x20004, 0x20005
_BUFFERS, _BLOCKS, _DATA_TYPE = 1, 2, 6
_META_TYPE, _META_SIZE = 1, 2

LARGEST = 16384
FASTEST = 1000
MOST_DAMAGE = 16  # regions a frame may name; a compositor with more names their hull


class Order(IntEnum):
    """Orders of the four bytes of a pixel, as PipeWire numbers them."""

    RGBX = 7
    BGRX = 8
    RGBA = 11
    BGRA = 12

    @property
    def swapped(self) -> bool:
        """Whether red comes first; ours is blue."""
        return self in (Order.RGBX, Order.RGBA)


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """What a stream carries from now on. `order` is None when it is not one of ours."""

    width: int
    height: int
    order: Order | None


def offered_formats(fps: int) -> list[bytes]:
    """What we can take, the best first: frames no more often than they are filmed, else at any rate.

    No modifier is named anywhere, which in PipeWire means memory, never a graphics card's buffers.
    """
    capped = (_MOST_RATE, _fractions(_CHOICE_RANGE, (fps, 1), (1, 1), (fps, 1)))
    return [_offered(capped), _offered()]


def wanted_buffers() -> bytes:
    """A few buffers of one block, in plain or shared memory."""
    kinds = 1 << DATA_MEMORY | 1 << DATA_MEMORY_FD
    return _object(
        _OBJECT_BUFFERS,
        PARAM_BUFFERS,
        (_BUFFERS, _numbers(_INT, _CHOICE_RANGE, 4, 2, 16)),
        (_BLOCKS, _value(_INT, struct.pack("=i", 1))),
        (_DATA_TYPE, _numbers(_INT, _CHOICE_FLAGS, kinds)),
    )


def wanted_metas() -> list[bytes]:
    """What we like to hear with a frame: whether it is whole, which part of it counts, what changed in it."""
    region = 16
    return [
        _meta(META_HEADER, _value(_INT, struct.pack("=i", 32))),
        _meta(META_CROP, _value(_INT, struct.pack("=i", region))),
        _meta(META_DAMAGE, _numbers(_INT, _CHOICE_RANGE, region * MOST_DAMAGE, region, region * MOST_DAMAGE)),
    ]


def read_format(pod: bytes) -> VideoFormat | None:
    """The agreed format; None for a pod that is not one."""
    try:
        found = dict(_properties(pod))
        width, height = struct.unpack("=II", found[_SIZE][:8])
        number = struct.unpack("=I", found[_FORMAT][:4])[0]
    except (KeyError, struct.error):
        return None
    return VideoFormat(width, height, Order(number) if number in set(Order) else None)


def _offered(*more: tuple[int, bytes]) -> bytes:
    return _object(
        _OBJECT_FORMAT,
        PARAM_ENUM_FORMAT,
        (_MEDIA_TYPE, _value(_ID, struct.pack("=I", _VIDEO))),
        (_MEDIA_SUBTYPE, _value(_ID, struct.pack("=I", _RAW))),
        (_FORMAT, _numbers(_ID, _CHOICE_ENUM, Order.BGRX, Order.BGRX, Order.BGRA, Order.RGBX, Order.RGBA)),
        (_SIZE, _rectangles((1920, 1080), (1, 1), (LARGEST, LARGEST))),
        (_RATE, _fractions(_CHOICE_RANGE, (30, 1), (0, 1), (FASTEST, 1))),
        *more,
    )


def _meta(kind: int, size: bytes) -> bytes:
    return _object(
        _OBJECT_META, PARAM_META, (_META_TYPE, _value(_ID, struct.pack("=I", kind))), (_META_SIZE, size)
    )


def _value(kind: int, body: bytes) -> bytes:
    return struct.pack("=II", len(body), kind) + body + bytes(-len(body) % 8)


def _choice(how: int, kind: int, values: Sequence[bytes]) -> bytes:
    return _value(_CHOICE, struct.pack("=IIII", how, 0, len(values[0]), kind) + b"".join(values))


def _numbers(kind: int, how: int, *values: int) -> bytes:
    return _choice(how, kind, [struct.pack("=i", value) for value in values])


def _rectangles(*values: tuple[int, int]) -> bytes:
    return _choice(_CHOICE_RANGE, _RECTANGLE, [struct.pack("=II", *value) for value in values])


def _fractions(how: int, *values: tuple[int, int]) -> bytes:
    return _choice(how, _FRACTION, [struct.pack("=II", *value) for value in values])


def _object(kind: int, name: int, *properties: tuple[int, bytes]) -> bytes:
    body = struct.pack("=II", kind, name)
    return _value(_OBJECT, body + b"".join(struct.pack("=II", key, 0) + pod for key, pod in properties))


def _properties(pod: bytes) -> Iterator[tuple[int, bytes]]:
    """Keys and bodies of an object's properties; of a choice, the body of its first value."""
    size, kind = struct.unpack_from("=II", pod)
    if kind != _OBJECT:
        return
    at, end = 16, min(8 + size, len(pod))
    while at + 16 <= end:
        key, _flags, length, kind = struct.unpack_from("=IIII", pod, at)
        body = pod[at + 16 : at + 16 + length]
        yield key, body[16:] if kind == _CHOICE else body
        at += 16 + length + -length % 8
