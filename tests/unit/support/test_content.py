"""What the tests show on screens can be filmed, and the clock can be read back."""

import io
import random
import subprocess
import sys
import time

import pytest
from PIL import Image

from tests.support import clock, content
from tests.support.processes import Program
from tests.support.services import Pulse, Screen

NOW = 1_795_000_000_123


def face(unix_ms: int, width: int, height: int) -> Image.Image:
    picture = Image.new("RGB", (width, height))
    for cell in clock.cells(unix_ms, width, height):
        colour = (255,) * 3 if cell.lit else (0,) * 3
        picture.paste(colour, (cell.x, cell.y, cell.x + cell.width, cell.y + cell.height))
    return picture


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (640, 360)])
def test_a_clock_is_read_back_after_scaling_and_compression(size: tuple[int, int]) -> None:
    packed = io.BytesIO()
    face(NOW, 1920, 1080).resize(size).save(packed, "JPEG", quality=30)
    assert clock.read(Image.open(packed), near_ms=NOW + 60_000) == NOW


def test_a_picture_without_a_clock_gives_no_time() -> None:
    assert clock.read(Image.new("RGB", (640, 360)), near_ms=NOW) is None


def test_a_torn_clock_gives_no_time() -> None:
    dice = random.Random(1)
    wrong = 0
    for _ in range(50):
        torn = face(NOW, 1280, 720)
        torn.paste(face(NOW + 16, 1280, 720).crop((dice.randrange(1000, 1250), 0, 1280, 720)), (1000, 0))
        wrong += clock.read(torn, near_ms=NOW) not in (None, NOW, NOW + 16)
    assert wrong <= 2


def grab(screen: Screen) -> Image.Image:
    command = ["ffmpeg", "-v", "error", "-f", "x11grab", "-video_size", f"{screen.width}x{screen.height}"]
    command += ["-i", screen.name, "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"]
    return Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True, timeout=20).stdout))


@pytest.mark.parametrize("kind", sorted(content.SCENES))
def test_each_scene_is_seen_on_the_screen(kind: str, xvfb: Screen, pulse: Pulse) -> None:
    with Program([sys.executable, "-m", "tests.support.content", kind]) as scene:
        scene.says("ready")
        picture = grab(xvfb)
        if kind == "flashbeep":
            return
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) >= 2
        if kind == "clock":
            shown = clock.read(picture, near_ms=int(time.time() * 1000))
            assert shown is not None
            assert 0 <= time.time() * 1000 - shown < 2000
