"""Which bands of a picture changed: memcmp from the C library, outside of the GIL.

A picture is cut into bands of 16 rows; a set of bands is an integer whose bit n stands for band n. Sixteen
rows are even (chroma stays aligned), few enough for a line of text, and many enough that a call per band
costs nothing.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator

BAND = 16

_library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
_memcmp = _library.memcmp
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_memcmp.restype = ctypes.c_int


def all_bands(height: int) -> int:
    return (1 << -(-height // BAND)) - 1


def bands_of(top: int, bottom: int) -> int:
    """The bands that rows [top, bottom) touch."""
    if bottom <= top:
        return 0
    first, last = top // BAND, (bottom - 1) // BAND
    return (1 << (last + 1)) - (1 << first)


def runs(bands: int, height: int) -> Iterator[tuple[int, int]]:
    """The set as row intervals [top, bottom), neighbours joined."""
    while bands:
        first = (bands & -bands).bit_length() - 1
        rest = bands >> first
        length = (~rest & (rest + 1)).bit_length() - 1
        yield first * BAND, min((first + length) * BAND, height)
        bands &= ~(((1 << length) - 1) << first)


def changed_bands(new: int, old: int, stride: int, height: int, among: int) -> int:
    """The bands of `among` in which the pictures at two addresses differ."""
    changed, size, end = 0, stride * BAND, stride * height
    for top, bottom in runs(among, height):
        bit = 1 << top // BAND
        for offset in range(top * stride, bottom * stride, size):
            if _memcmp(new + offset, old + offset, min(size, end - offset)):
                changed |= bit
            bit <<= 1
    return changed
