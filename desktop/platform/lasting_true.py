"""Keeps `True` alive where PySide6 takes it away.

`Signal.emit` of PySide6 6.12.0 answers True without counting that reference, so each emit takes one from all
that there are, and after some hundred of them Python ends with "deallocating True or False". From Python 3.12
on True is immortal (PEP 683) and nothing happens. Before, it is made nearly so here: CPython's count of
references is the first word of an object, and a count that large is never used up.
"""

import ctypes
import platform
import sys

_PLENTY = 1 << 48


def keep_true() -> None:
    """Once, before the first signal; again does nothing. Nor does it where nothing need be done."""
    if platform.python_implementation() != "CPython" or sys.version_info >= (3, 12):
        return
    if sys.getrefcount(True) < _PLENTY:
        ctypes.c_ssize_t.from_address(id(True)).value += _PLENTY
