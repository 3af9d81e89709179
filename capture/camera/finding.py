"""Which camera is meant, and through which backend it opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from capture import registry
from capture.camera.model import DEFAULT, CameraDevice, CameraRequest
from capture.errors import CaptureError, NoCamera
from capture.ports import CameraStream

Open = Callable[[CameraRequest], CameraStream]
HINT = "Plug the camera in, close other programs that use it, or record without it."


def open_stream(request: CameraRequest) -> CameraStream:
    """The asked camera through the first backend that opens it; NoCamera with each one's reason."""
    wanted = "synthetic" if request.camera == "synthetic" else request.backend
    reasons: dict[str, str] = {}
    for name in registry.camera_names(wanted):
        try:
            return registry.choose_camera(name).backend.open(request)
        except CaptureError as error:
            reasons[name] = error.detail or error.title
    told = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
    raise NoCamera("The camera cannot be opened", told or "There is no such way to open one.", HINT)


def find(devices: Sequence[CameraDevice], request: CameraRequest) -> CameraDevice:
    """The device whose id or name is asked for, else the first with that in its name; NoCamera if none is.

    One that was open before is known by its name, for systems number anew what is plugged in; of several
    with that name it is the one whose id stayed. The path of a video stands for a camera that sees it and is
    unplugged at its end: for trying things out.
    """
    usable = [device for device in devices if not device.reason]
    wanted = request.camera
    if request.known_as is not None:
        usable = [device for device in usable if device.name == request.known_as]
        if not any(_is_id(device, wanted) for device in usable):
            wanted = request.known_as
    if wanted == DEFAULT and usable:
        return usable[0]
    for fits in (_is_id, _is_name, _is_part):
        for device in usable:
            if fits(device, wanted):
                return device
    if Path(wanted).is_file():
        return CameraDevice(wanted, wanted)
    raise NoCamera(f"There is no camera called {wanted}", _those(devices), HINT)


def list_cameras(backend: str | None = None) -> list[CameraDevice]:
    """The cameras of this machine as the first usable backend sees them; none where there is none."""
    for name in registry.camera_names(backend):
        try:
            return registry.choose_camera(name).backend.devices()
        except CaptureError:
            continue
    return []


def pinned(request: CameraRequest, stream: CameraStream) -> CameraRequest:
    """The request for the very camera that was opened."""
    return replace(request, known_as=stream.name)


def _is_id(device: CameraDevice, wanted: str) -> bool:
    return device.id == wanted


def _is_name(device: CameraDevice, wanted: str) -> bool:
    return device.name == wanted


def _is_part(device: CameraDevice, wanted: str) -> bool:
    return wanted.casefold() in device.name.casefold()


def _those(devices: Sequence[CameraDevice]) -> str:
    if not devices:
        return "No camera is connected."
    here = ", ".join(f"{one.name} ({one.reason})" if one.reason else one.name for one in devices)
    return f"There are: {here}"
