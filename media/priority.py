"""No encoder runs before everything else.

SVT-AV1, where root runs it, gives its threads and the caller's SCHED_FIFO at 99: nothing else gets a
processor then, and every child process inherits it. It cannot where the right to do so (CAP_SYS_NICE) is laid
down, as containers do. Rights are those of a thread, and the threads it starts have no more.
Source: capabilities(7), capget(2).
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION_3 = 0x20080522
_SYS_NICE = 1 << 23


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


@contextmanager
def ordinary_priority() -> Iterator[None]:
    """Around what opens an encoder."""
    if sys.platform != "linux":
        yield
        return
    libc = ctypes.CDLL(None)
    header = _Header(_VERSION_3, 0)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, then those beyond the 32nd
    if libc.capget(ctypes.byref(header), rights) != 0:
        yield
        return
    effective = rights[0]
    try:
        rights[0] = effective & ~_SYS_NICE
        libc.capset(ctypes.byref(header), rights)
        yield
    finally:
        rights[0] = effective
        libc.capset(ctypes.byref(header), rights)
