"""FFmpeg's x11grab films the same as our own grabber, and only in a process in which it is safe."""

import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from Xlib.display import Display

from tests.support.processes import Program
from tests.support.services import Screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11")


@pytest.mark.parametrize(
    ("modules", "safe"),
    [(["av", "cv2"], True), (["cv2", "av"], False), (["cv2"], False), (["av"], True), ([], True)],
)
def test_it_is_safe_only_where_pyav_was_loaded_first(modules: list[str], safe: bool) -> None:
    from capture.backends.screen_x11grab import in_order

    assert in_order(modules) is safe


@pytest.fixture
def desk(xvfb: Screen) -> Iterator[Display]:
    """The left half of the screen red, the rest blue, the pointer in the blue."""
    display = Display(xvfb.name)
    root = display.screen().root
    root.change_attributes(background_pixel=0x0000FF)
    root.clear_area(0, 0, 0, 0)
    root.fill_rectangle(root.create_gc(foreground=0xFF0000), 0, 0, xvfb.width // 2, xvfb.height)
    root.warp_pointer(900, 300)
    display.sync()
    yield display
    display.close()


def record(path: Path, *options: str) -> np.ndarray:
    command = [sys.executable, "-m", "capture", "--output", path, "--no-audio", "--seconds", "0.6"]
    with Program([*command, "--backend", "x11grab", *options]) as program:
        assert program.event("state", state="recording")["backend"] == "screen_x11grab"
        program.event("state", state="finished")
    with av.open(str(path), format="mp4") as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24").astype(int)


def test_the_screen_is_recorded_with_the_pointer(desk: Display, tmp_path: Path) -> None:
    picture = record(tmp_path / "take.mp4")
    assert np.abs(picture[100, 300] - (255, 0, 0)).max() < 12
    assert np.abs(picture[100, 1000] - (0, 0, 255)).max() < 12
    pointer = np.abs(picture[280:320, 880:920] - (0, 0, 255)).max(axis=2) > 60
    assert 20 < np.count_nonzero(pointer) < 800


def test_a_region_is_recorded_from_its_place(desk: Display, tmp_path: Path) -> None:
    picture = record(tmp_path / "take.mp4", "--region", "440,100,400,240")
    assert picture.shape == (240, 400, 3)
    assert np.abs(picture[10, 100] - (255, 0, 0)).max() < 12
    assert np.abs(picture[10, 300] - (0, 0, 255)).max() < 12
