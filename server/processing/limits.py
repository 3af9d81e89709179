"""Limits that a process puts on itself before it touches a stranger's bytes.

Windows has no such limits: there the codec still has a process of its own, which the parent ends when it
takes too long or shows no sign of life, but its memory is bounded by nothing but the machine.
"""

import os
import sys
from typing import Any

from media.background import step_back_as_a_session
from server.processing.protocol import Limits


def apply(limits: Limits) -> None:
    """For the rest of this process's life; none of them can be raised again."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (Unix only)

    for kind, value, spare in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_AS if limits.addresses else resource.RLIMIT_DATA, limits.memory, 0),
        # First SIGXCPU, which says what it is for; SIGKILL only for a process that does not end by it.
        (resource.RLIMIT_CPU, limits.cpu_s, 5),
        (resource.RLIMIT_FSIZE, limits.file, 0),
        (resource.RLIMIT_NOFILE, limits.files, 0),
    ):
        _lower(resource, kind, value, spare)
    os.nice(limits.nice)
    step_back_as_a_session()


def _lower(resource: Any, kind: int, value: int, spare: int) -> None:
    """An administrator's own limit may be tighter: then that one stays."""
    getrlimit, setrlimit = resource.getrlimit, resource.setrlimit
    _, hard = getrlimit(kind)
    if hard >= 0:
        value = min(value, hard)
    try:
        setrlimit(kind, (value, value + spare if hard < 0 else min(value + spare, hard)))
    except (OSError, ValueError):  # macOS refuses some limits on the address space
        return
