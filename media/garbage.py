"""Python's cyclic garbage collector, told what these programs are: a large heap that stays to the end, and
small things on top of it that mostly go by themselves.

Left alone, it goes through everything again and again while modules load (0.9 of the 3.1 CPU seconds that
importing the server takes), and one full pass over a running server holds every request up for a quarter of
a second, to find nothing.
"""

import gc

# Allocations more than frees before the youngest are looked at, and how often that is before older ones are.
_YOUNG, _MIDDLE, _OLD = 25_000, 10, 10


def collect_seldom() -> None:
    """Call first thing in a program, before it imports much."""
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)


def settle() -> None:
    """Call when a program has started: what lives now is never looked at again."""
    gc.freeze()
