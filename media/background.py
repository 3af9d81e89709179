"""Work that nobody waits for leaves the processor to all other programs."""

import contextlib
import os
import sys
import time
from pathlib import Path

_NICER = 15  # of 19
_IDLE_PRIORITY_CLASS = 0x40
_SESSION = Path("/proc/self/autogroup")
_TRIES, _PAUSE_S = 5, 0.1  # Linux lets ordinary users do it ten times a second, all of them together


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
        step_back_as_a_session()


def step_back_as_a_session() -> None:
    """Makes this process's niceness that of the session it leads; nothing where it leads none.

    Linux shares out the processor among sessions first, and niceness counts only within one (autogroup,
    sched(7)): without this, a child in a session of its own gets as much as all of a desktop's programs.
    """
    if sys.platform != "linux" or os.getsid(0) != os.getpid():
        return
    for _ in range(_TRIES):
        try:
            _SESSION.write_text(str(os.getpriority(os.PRIO_PROCESS, 0)))
        except BlockingIOError:
            time.sleep(_PAUSE_S)  # nobody waits for this process, and nothing tells when it is allowed again
        except OSError:  # no such file: sessions do not count here
            return
        else:
            return
