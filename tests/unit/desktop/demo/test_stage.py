"""The demonstration's own sound card answers wherever its folder lies."""

import os
from pathlib import Path

import pytest

from desktop.demo.children import Children
from desktop.demo.stage import open_sound, socket_folder
from tests.support.services import require


@pytest.mark.parametrize("length", [60, 107, 114, 200])  # 114: cut off at 107 it is the folder itself
def test_sound_opens_in_folders_with_long_paths(tmp_path: Path, length: int) -> None:
    require("pulseaudio", "pactl")
    rest = max(length - len(os.fsencode(tmp_path / "x" / "sound" / "native")), 0)
    wanted = tmp_path / ("x" * (rest + 1)) / "sound"
    with socket_folder(wanted) as folder, Children(tmp_path) as children:
        env = open_sound(children, folder)
        socket = Path(env["PULSE_SERVER"].removeprefix("unix:"))
        assert socket.is_socket()
        assert (folder == wanted) is (len(os.fsencode(wanted / "native")) <= 107)
    assert folder.exists() is (folder == wanted)
