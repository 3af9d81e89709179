"""The values a camera is asked for and gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT = "default"  # the id of whichever camera the system names first


@dataclass(frozen=True, slots=True)
class CameraRequest:
    """Which camera, how large, and what is done to its picture before anyone sees it.

    The device gives the nearest size it has. `background` is "blur" or the path of a picture.
    """

    camera: str = DEFAULT  # id of a device, or a part of its name
    width: int = 1280
    height: int = 720
    fps: int = 30
    mirrored: bool = True
    background: str | None = None
    model: Path | None = None  # segmentation network (ONNX) that tells a person from what is behind
    backend: str | None = None  # None: the best that works
    known_as: str | None = (
        None  # name of the camera that was opened: when it is lost, no other takes its place
    )


@dataclass(frozen=True, slots=True, eq=False)
class CameraFrame:
    """One picture. `pixels` are BGR, (height, width, 3), contiguous, and never written again.

    `serial` grows from frame to frame of one source; `at` is the monotonic time in seconds at which the frame
    came from the device. The size may change when the camera was lost and came back.
    """

    serial: int
    at: float
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class CameraFormat:
    """One way a device gives pictures. `code` is the four letters of V4L2 ("MJPG", "YUYV", "NV12")."""

    code: str
    width: int
    height: int
    fps: tuple[float, ...] = ()  # empty where the device does not say


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """A camera of this machine. `id` is what `CameraRequest.camera` takes to mean exactly this one."""

    id: str
    name: str
    formats: tuple[CameraFormat, ...] = ()  # empty when not known
    reason: str = ""  # why it cannot be used; empty when it can, as far as is known
