"""System V shared memory, the only kind that MIT-SHM 1.1 knows."""

from __future__ import annotations

import ctypes
import weakref
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_IPC_PRIVATE, _IPC_RMID, _IPC_CREAT = 0, 0, 0o1000


class Segment:
    """Memory that another process can map by `id`. It is freed when the last one lets go, kill -9 included,
    once `forget` was called. Here that is when the segment and all pictures over it are gone."""

    def __init__(self, size: int) -> None:
        libc = _libc()
        self.id = libc.shmget(_IPC_PRIVATE, size, _IPC_CREAT | 0o600)
        if self.id < 0:
            raise OSError(ctypes.get_errno(), "no shared memory")
        address = libc.shmat(self.id, None, 0)
        if address in (None, ctypes.c_void_p(-1).value):
            number = ctypes.get_errno()
            self.forget()
            raise OSError(number, "the shared memory cannot be mapped")
        self._memory = (ctypes.c_uint8 * size).from_address(address)
        self._unmap = weakref.finalize(self._memory, libc.shmdt, address)
        self._unmap.atexit = False  # the system does it

    def forget(self) -> None:
        """Nobody else will map it: let the system free it with its last user."""
        _libc().shmctl(self.id, _IPC_RMID, None)

    def pixels(self, width: int, height: int) -> NDArray[np.uint8]:
        """A BGRA picture over the memory, valid until `close`."""
        memory: NDArray[np.uint8] = np.ctypeslib.as_array(self._memory)
        return memory[: width * height * 4].reshape(height, width, 4)

    def close(self) -> None:
        """Unmap it. Only legal when no picture over it is used any more."""
        self._unmap()


@lru_cache(maxsize=1)
def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmget.argtypes = (ctypes.c_int, ctypes.c_size_t, ctypes.c_int)
    libc.shmat.argtypes, libc.shmat.restype = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int), ctypes.c_void_p
    libc.shmctl.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
    libc.shmdt.argtypes = (ctypes.c_void_p,)
    return libc
