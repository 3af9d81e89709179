"""The camera's fields of a command."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from capture.camera.model import DEFAULT, CameraRequest
from capture.fields import path, typed, whole

_USUAL = CameraRequest()
NO_BACKGROUND = "none"
SIDE_RANGE = (16, 7680)
FPS_RANGE = (1, 240)
FIELDS = (
    "camera", "cameraWidth", "cameraHeight", "cameraFps", "cameraBackend",
    "mirrored", "background", "backgroundModel",
)  # fmt: skip


def parse_camera(values: dict[str, Any]) -> CameraRequest | None:
    """What was asked of a camera; None where none is named. BadCommand says which field is wrong."""
    request = CameraRequest(
        camera=typed(values, "camera", str, None) or "",
        width=whole(values, "cameraWidth", _USUAL.width, *SIDE_RANGE),
        height=whole(values, "cameraHeight", _USUAL.height, *SIDE_RANGE),
        fps=whole(values, "cameraFps", _USUAL.fps, *FPS_RANGE),
        mirrored=typed(values, "mirrored", bool, True) is not False,
        background=typed(values, "background", str, None) or None,
        model=path(values, "backgroundModel"),
        backend=typed(values, "cameraBackend", str, None) or None,
    )
    return request if request.camera else None


def parse_preview(values: dict[str, Any]) -> CameraRequest | None:
    """The camera to show, the system's first one unless another is named; None for `on: false`."""
    if typed(values, "on", bool, True) is False:
        return None
    return parse_camera({**values, "camera": values.get("camera") or DEFAULT})


def parse_treatment(values: dict[str, Any], request: CameraRequest) -> CameraRequest:
    """The request with what the fields say of mirror and background; what they leave open stays. A background
    of `none` is none."""
    mirrored = typed(values, "mirrored", bool, request.mirrored)
    background = typed(values, "background", str, request.background)
    model = path(values, "backgroundModel") or request.model
    return replace(
        request,
        mirrored=mirrored is not False,
        background=None if background == NO_BACKGROUND else background or None,
        model=model,
    )


def describe_treatment(request: CameraRequest) -> dict[str, Any]:
    return {"mirrored": request.mirrored, "background": request.background}
