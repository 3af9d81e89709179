"""The C library's heap, told what these programs do with it.

Encoded fragments, and the bodies of uploads, are pieces of 100 KiB to some MiB that live for milliseconds.
glibc maps and unmaps memory for each of them, or gives the top of its heap back at once, and the kernel
clears the pages anew every time: two thirds of what receiving costs (measured: 1.45 against 0.45 CPU seconds
a GiB), and 1 % of a recorder's time on full motion.
"""

import ctypes
import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_KEEP_BYTES = 64 << 20  # free memory at the top of the heap that is kept for the next piece
_LARGEST_ON_HEAP = 8 << 20


def keep_short_lived_pieces() -> bool:
    """Call once at the start of such a process; False where there is no such heap."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # another C library, such as musl
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, _LARGEST_ON_HEAP) and mallopt(_M_TRIM_THRESHOLD, _KEEP_BYTES))
