"""Picture buffers that are used again: a fixed number, so that memory stays flat behind a slow encoder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Buffer:
    """BGRA pixels (rows, columns, 4) shared between stages: whoever keeps it retains it, the last one's
    release gives it back."""

    def __init__(self, pixels: NDArray[np.uint8], give_back: Callable[[Buffer], None]) -> None:
        self.pixels = pixels
        self.address = pixels.ctypes.data
        self._give_back = give_back
        self._users = 0
        self._lock = threading.Lock()

    @property
    def shared(self) -> bool:
        """Whether anyone but its owner still reads it."""
        return self._users > 1

    def retain(self) -> Buffer:
        with self._lock:
            self._users += 1
        return self

    def release(self) -> None:
        with self._lock:
            self._users -= 1
            unused = self._users == 0
        if unused:
            self._give_back(self)


T = TypeVar("T")


class Pool(Generic[T]):
    """At most `size` items, made when first needed; the one used last comes first: it is still in cache."""

    def __init__(self, make: Callable[[], T], size: int) -> None:
        self._make: Callable[[], T] | None = make
        self._left = size
        self._free: list[T] = []
        self._lock = threading.Lock()

    def take(self) -> T | None:
        """An item, or None when all are in use. Never waits."""
        with self._lock:
            make = self._make
            if self._free:
                return self._free.pop()
            if make is None or not self._left:
                return None
            self._left -= 1
        return make()

    def give(self, item: T) -> None:
        with self._lock:
            if self._make is not None:
                self._free.append(item)

    def close(self) -> None:
        """There are no more: what is free is let go of now, and what is in use when it is given back."""
        with self._lock:
            self._make = None  # which knows the pool: nobody else would find that both are done with
            self._free.clear()


def pixel_pool(make: Callable[[], NDArray[np.uint8]], size: int) -> Pool[Buffer]:
    """A pool of picture buffers over memory from `make`."""
    pool: Pool[Buffer]

    def new() -> Buffer:
        return Buffer(make(), pool.give)

    pool = Pool(new, size)
    return pool
