"""Keeps `None`, `True` and `False` alive where PySide6 takes them away.

PySide6 6.12.0 returns them without counting that reference: every call that answers nothing takes one from
all that there are, and after some thousand of them (a few hundred emitted signals for `True`) Python ends
with "none_dealloc: deallocating None". From Python 3.12 on they are immortal (PEP 683) and nothing happens.
Before, they are made nearly so here: CPython's count of references is the first word of an object, and a
count that large is never used up.
"""

import ctypes
import platform
import sys

_PLENTY = 1 << 48


def keep_constants() -> None:
    """Once, before Qt is used; again does nothing. Nor does it where nothing need be done."""
    if platform.python_implementation() != "CPython" or sys.version_info >= (3, 12):
        return
    for one in (None, True, False):
        if sys.getrefcount(one) < _PLENTY:
            ctypes.c_ssize_t.from_address(id(one)).value += _PLENTY
