"""What a command says about the camera."""

from pathlib import Path
from typing import Any

import pytest

from capture.camera.model import CameraRequest
from capture.camera.options import parse_camera
from capture.control import parse_start
from capture.errors import BadCommand


def test_no_camera_is_asked_for_unless_one_is_named() -> None:
    assert parse_camera({}) is None
    assert parse_camera({"camera": None, "cameraWidth": 640, "background": "blur"}) is None


def test_a_camera_is_mirrored_and_720p_unless_told_otherwise() -> None:
    assert parse_camera({"camera": "default"}) == CameraRequest("default", 1280, 720, 30, mirrored=True)


def test_every_field_arrives(tmp_path: Path) -> None:
    values = {
        "camera": "Brio", "cameraWidth": 640, "cameraHeight": 360, "cameraFps": 24, "mirrored": False,
        "background": "blur", "backgroundModel": str(tmp_path / "m.onnx"), "cameraBackend": "pyav",
    }  # fmt: skip
    command = parse_start({"output": "x.mp4", **values})
    assert command.camera == CameraRequest(
        "Brio", 640, 360, 24, mirrored=False, background="blur", model=tmp_path / "m.onnx", backend="pyav"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"camera": 3}, {"cameraWidth": 4}, {"cameraHeight": "720"}, {"cameraFps": 0}, {"cameraFps": True},
        {"mirrored": "no"}, {"background": 1}, {"backgroundModel": 7}, {"cameraBackend": []},
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadCommand, match=next(iter(wrong))):
        parse_camera({"camera": "default", **wrong})
