"""Landlock (Linux 5.13 and later): the kernel keeps this process from files that are none of its business.

A second wall behind the demuxer's own: even a codec under foreign control can read the one video it was given
and the programs it is made of, write into its temporary folder, and nothing else: no other recording, no
database, no secret, no program to start. Where the kernel has no Landlock the other limits stand alone.
"""

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import media

# Numbers that all Linux architectures share since they were added; names as in <linux/landlock.h>.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_REG = 1 << 5, 1 << 8
_ALL_V1 = (1 << 13) - 1
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_CONNECT_BIND_TCP = 0b11
_TCP_ABI, _TRUNCATE_ABI, _REFER_ABI = 4, 3, 2


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64), ("handled_access_net", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def confine(*, readable: Sequence[str], writable: Sequence[str], devices: Sequence[str] = ()) -> bool:
    """Allows reading what is `readable`, files or folders, and using the folders `writable` and `devices`.

    Whether the kernel took it.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    abi = libc.syscall(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    if abi < 1:
        return False
    files = _ALL_V1 | (_REFER if abi >= _REFER_ABI else 0) | (_TRUNCATE if abi >= _TRUNCATE_ABI else 0)
    rules = _Ruleset(files, _CONNECT_BIND_TCP if abi >= _TCP_ABI else 0)
    size = ctypes.sizeof(rules) if abi >= _TCP_ABI else 8
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(libc, ruleset, path, _READ_FILE | _listing(path))
        for path in devices:
            _allow(libc, ruleset, path, _READ_FILE | _WRITE_FILE | _listing(path))
        for path in _code():
            _allow(libc, ruleset, path, _READ_FILE | _READ_DIR)
        for path in writable:
            use = _READ_FILE | _READ_DIR | _WRITE_FILE | _MAKE_REG | _REMOVE_FILE
            _allow(libc, ruleset, path, (use | _TRUNCATE) & files)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _listing(path: str) -> int:
    """The kernel takes no rule that lets a file be listed."""
    return _READ_DIR if Path(path).is_dir() else 0


def _code() -> Iterator[str]:
    """Where modules and libraries are loaded from, some of them only when they are needed."""
    ours = Path(__file__).parents[1], Path(str(media.__file__)).parent
    for folder in {sys.prefix, sys.base_prefix, "/usr/lib", "/lib", "/lib64", "/usr/lib64", *map(str, ours)}:
        if Path(folder).is_dir():
            yield folder


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    handle = os.open(Path(path), os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(access, handle)
        if libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0) != 0:
            raise OSError(ctypes.get_errno(), "Landlock refused a rule", path)
    finally:
        os.close(handle)
