"""From the command line and the settings to what the engine is asked of the camera."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from desktop.errors import ExitCode, HeddleError
from desktop.recorder.camera import FIELDS, camera_fields, parse_size, with_settings
from desktop.recorder.fields import picked
from desktop.recorder.takes import Options, take_for
from desktop.settings import Settings, change, saved

NOTHING: dict[str, Any] = {
    "camera": None, "size": None, "fps": None, "no_mirror": False,
    "background": None, "model": None, "backend": None,
}  # fmt: skip


def test_what_the_command_line_leaves_open_is_the_engines_choice() -> None:
    assert camera_fields(**NOTHING) == {}


def test_every_option_reaches_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fields = camera_fields(
        camera="Brio", size="640x360", fps=24, no_mirror=True,
        background="beach.png", model=Path("person.onnx"), backend="pyav",
    )  # fmt: skip
    arguments = take_for(Options(output=tmp_path / "x.mp4", camera=fields), Settings()).arguments()
    expected = {
        "camera": "Brio", "cameraWidth": 640, "cameraHeight": 360, "cameraFps": 24, "mirrored": False,
        "background": str(tmp_path / "beach.png"), "backgroundModel": str(tmp_path / "person.onnx"),
        "cameraBackend": "pyav",
    }  # fmt: skip
    assert expected.items() <= arguments.items()


def test_the_settings_name_a_camera_and_the_command_line_wins(tmp_path: Path) -> None:
    config = Settings(camera="Brio", background="blur", background_model=tmp_path / "m.onnx")
    usual = with_settings({}, config)
    assert usual == {"camera": "Brio", "background": "blur", "backgroundModel": str(tmp_path / "m.onnx")}
    assert with_settings({"camera": "C920"}, config)["camera"] == "C920"
    assert with_settings({"camera": "none"}, config) == {}
    assert "background" not in with_settings({"background": "none"}, config)


def test_without_a_camera_nothing_is_asked_of_one() -> None:
    assert with_settings({"background": "blur"}, Settings()) == {}


def test_the_settings_are_kept(tmp_path: Path) -> None:
    config = Settings(camera="Brio", background="blur", background_model=tmp_path / "m.onnx")
    change(asdict(config), tmp_path / "config.toml")
    assert saved(tmp_path / "config.toml") == config


def test_a_json_command_sets_the_same_fields() -> None:
    command = {"command": "start", "camera": "Brio", "mirrored": False, "fps": 3, "background": None}
    assert picked(command, FIELDS) == {"camera": "Brio", "mirrored": False}


@pytest.mark.parametrize("text", ["", "640", "640x", "ax b", "0x10", "1x2x3"])
def test_a_size_that_makes_no_sense_is_a_usage_error(text: str) -> None:
    with pytest.raises(HeddleError, match="size") as caught:
        parse_size(text)
    assert caught.value.code is ExitCode.USAGE
