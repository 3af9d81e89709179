"""What a codec child needs of the machine, beside its files, to encode on a graphics card.

Linux alone asks this: elsewhere a child is not kept from devices. Of /proc a child never gets more than
itself and a few facts about the machine: the environment of the server, with its secrets, is there too.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from media.presets import load
from server.processing.protocol import Limits

# Drivers open a file for each queue, and each for itself.
_FILES = 512
# They name a card or a folder of drivers, and hold no secrets.
VARIABLES = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "LIBVA_DRIVER_NAME", "LIBVA_DRIVERS_PATH")


@dataclass(frozen=True, slots=True)
class Device:
    """Patterns of paths: `nodes` are read and written, `facts` only read. `folders` names variables that list
    folders with the driver's libraries."""

    nodes: tuple[str, ...]
    facts: tuple[str, ...]
    folders: tuple[str, ...] = ("LD_LIBRARY_PATH",)


_PROC = ("/proc/self", "/proc/cpuinfo", "/proc/devices", "/proc/meminfo", "/proc/version")
_SYS = ("/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/devices/pci*", "/sys/bus/pci")
_LIBRARIES = ("/usr/local/nvidia", "/usr/local/cuda*")  # in containers
_NVIDIA = Device(
    nodes=("/dev/nvidia[0-9]*", "/dev/nvidiactl", "/dev/nvidia-modeset", "/dev/nvidia-uvm*"),
    facts=(*_PROC, *_SYS, "/proc/driver/nvidia", "/sys/module/nvidia*", *_LIBRARIES),
)
_RENDER = Device(
    nodes=("/dev/dri",),
    facts=(*_PROC, *_SYS, "/sys/class/drm", "/sys/dev/char", "/etc/drirc", "/usr/share/drirc.d"),
    folders=("LD_LIBRARY_PATH", "LIBVA_DRIVERS_PATH"),
)
_DEVICES: Mapping[str, Device] = {"nvenc": _NVIDIA, "qsv": _RENDER, "vaapi": _RENDER}


def is_hardware(encoder: str) -> bool:
    return bool(encoder) and load().rendition_named(encoder).hardware


def device_of(encoder: str) -> Device | None:
    """None where the encoder needs no device that a child is kept from."""
    return _DEVICES.get(encoder.rpartition("_")[2]) if is_hardware(encoder) else None


def is_there(encoder: str) -> bool:
    """Whether the machine has a device for it at all; where that cannot be seen, it may have."""
    device = device_of(encoder)
    return sys.platform != "linux" or device is None or any(map(_matching, device.nodes))


def nodes_of(encoder: str) -> Iterator[str]:
    """Paths that the encoder's child may read and write."""
    device = device_of(encoder)
    for pattern in device.nodes if device is not None else ():
        yield from _matching(pattern)


def facts_of(encoder: str) -> Iterator[str]:
    """Paths that it may read."""
    device = device_of(encoder)
    if device is None:
        return
    listed = [os.environ.get(name, "").split(os.pathsep) for name in device.folders]
    for pattern in (*device.facts, *(folder for folders in listed for folder in folders)):
        yield from _matching(pattern)


def _matching(pattern: str) -> list[str]:
    """A relative path, or none, matches nothing."""
    return [str(path) for path in Path("/").glob(pattern[1:])] if pattern[1:] else []


def limits_for(encoder: str, limits: Limits) -> Limits:
    """A card's driver reserves more addresses than any machine has memory, and uses few of them."""
    if not is_hardware(encoder):
        return limits
    return replace(limits, addresses=False, files=max(limits.files, _FILES))
