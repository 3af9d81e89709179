"""Cameras as Linux lists them: names from sysfs, sizes and rates by ioctl, nothing is started.

The numbers and structures are those of `linux/videodev2.h`; see "Video for Linux API", chapters 1.2 (querying
capabilities), 1.12 (data formats) and the ioctls VIDIOC_ENUM_FRAMESIZES and VIDIOC_ENUM_FRAMEINTERVALS:
https://docs.kernel.org/userspace-api/media/v4l/v4l2.html
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from capture.camera.model import CameraDevice, CameraFormat, CameraRequest

SYS = Path("/sys/class/video4linux")
DEV = Path("/dev")

# Cheapest first: CPU time to BGR at 1280x720 is 0.3 ms from NV12, 0.4 ms from YUYV, 2.4 ms from MJPG.
CODES = ("NV12", "YUYV", "MJPG")

_QUERYCAP, _ENUM_FMT, _ENUM_SIZES, _ENUM_INTERVALS = 0x80685600, 0xC0405602, 0xC02C564A, 0xC034564B
_CAPTURE, _HAS_DEVICE_CAPS = 0x1, 0x80000000
_BUFFER_CAPTURE = 1
_DISCRETE = 1
_MOST = 64  # entries read of any list: a broken driver may never end one

Ioctl = Callable[[int, int, bytearray], object]


def cameras(sys: Path = SYS, dev: Path = DEV, ioctl: Ioctl | None = None) -> list[CameraDevice]:
    """What gives pictures, by number. Nodes that carry metadata, or only output, are left out."""
    nodes = sorted(sys.glob("video*"), key=lambda path: int("".join(filter(str.isdigit, path.name)) or 0))
    found = (_camera(node, dev / node.name, ioctl or _ioctl) for node in nodes)
    return [camera for camera in found if camera is not None]


def choose_format(device: CameraDevice, request: CameraRequest) -> CameraFormat | None:
    """The format that gives the asked size at the asked rate with the least work; None when none is known.

    Over USB 2 a camera can give large pictures fast only as MJPG: that comes of the rates it lists.
    """
    known = [one for one in device.formats if one.code in CODES]
    return min(known, key=lambda one: _cost(one, request), default=None)


def _cost(one: CameraFormat, request: CameraRequest) -> tuple[bool, bool, float, int]:
    fast = not one.fps or max(one.fps) >= request.fps * 0.9
    large = one.width >= request.width and one.height >= request.height
    off = abs(one.width * one.height / (request.width * request.height) - 1)
    return not large, not fast, off, CODES.index(one.code)


def _camera(node: Path, device: Path, ioctl: Ioctl) -> CameraDevice | None:
    name = _line(node / "name") or device.name
    try:
        handle = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    except PermissionError:
        reason = f"You may not open {device}; ask to become a member of the group that may (often `video`)."
        return CameraDevice(str(device), name, reason=reason) if _is_first(node) else None
    except OSError as error:
        reason = f"{device}: {error.strerror}"
        return CameraDevice(str(device), name, reason=reason) if _is_first(node) else None
    try:
        if not _captures(handle, ioctl):
            return None
        return CameraDevice(str(device), name, tuple(_formats(handle, ioctl)))
    except OSError:
        # It opened: what it offers is not known, and the backend will find out.
        return CameraDevice(str(device), name) if _is_first(node) else None
    finally:
        os.close(handle)


def _is_first(node: Path) -> bool:
    """A UVC camera's second node carries metadata, no pictures."""
    return _line(node / "index") in ("", "0")


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _captures(handle: int, ioctl: Ioctl) -> bool:
    answer = bytearray(104)
    ioctl(handle, _QUERYCAP, answer)
    all_of_it, this_node = struct.unpack_from("=II", answer, 84)
    return bool((this_node if all_of_it & _HAS_DEVICE_CAPS else all_of_it) & _CAPTURE)


def _formats(handle: int, ioctl: Ioctl) -> Iterator[CameraFormat]:
    for entry in _entries(handle, ioctl, _ENUM_FMT, 64, _BUFFER_CAPTURE):
        code = bytes(entry[44:48])
        for width, height in _sizes(handle, ioctl, code):
            rates = tuple(_rates(handle, ioctl, code, width, height))
            yield CameraFormat(code.decode("ascii", "replace").strip(), width, height, rates)


def _sizes(handle: int, ioctl: Ioctl, code: bytes) -> Iterator[tuple[int, int]]:
    """Of a device that takes any size, the largest."""
    number = int.from_bytes(code, "little")
    for entry in _entries(handle, ioctl, _ENUM_SIZES, 44, number):
        (kind,) = struct.unpack_from("=I", entry, 8)
        if kind != _DISCRETE:
            _, width, _, _, height = struct.unpack_from("=5I", entry, 12)  # least, most, step of each side
            yield width, height
            return
        width, height = struct.unpack_from("=2I", entry, 12)
        yield width, height


def _rates(handle: int, ioctl: Ioctl, code: bytes, width: int, height: int) -> Iterator[float]:
    number = int.from_bytes(code, "little")
    for entry in _entries(handle, ioctl, _ENUM_INTERVALS, 52, number, width, height):
        kind, seconds, parts = struct.unpack_from("=3I", entry, 16)  # of a range, the shortest interval
        if seconds:
            yield round(parts / seconds, 3)
        if kind != _DISCRETE:
            return


def _entries(handle: int, ioctl: Ioctl, number: int, size: int, *what: int) -> Iterator[bytearray]:
    """The entries of an enumeration, whose end the driver tells with EINVAL. `what` follows the index."""
    for index in range(_MOST):
        entry = bytearray(size)
        struct.pack_into(f"={1 + len(what)}I", entry, 0, index, *what)
        try:
            ioctl(handle, number, entry)
        except OSError:
            return
        yield entry


def _ioctl(handle: int, number: int, argument: bytearray) -> object:
    import fcntl  # Linux alone comes here, and Windows has no such module

    return fcntl.ioctl(handle, number, argument, True)
