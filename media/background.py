"""Work that nobody waits for leaves the processor to all other programs."""

import contextlib
import os
import sys

_NICER = 15  # of 19
_IDLE_PRIORITY_CLASS = 0x40


def step_back() -> None:
    """This process comes last from now on, where the system knows such a thing.

    Source: https://learn.microsoft.com/en-us/windows/win32/api/processthreadsapi/nf-processthreadsapi-setpriorityclass
    """
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _IDLE_PRIORITY_CLASS)
    else:
        with contextlib.suppress(OSError):
            os.nice(_NICER)
