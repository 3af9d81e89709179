"""A monitor is unplugged while the app records, and the one that was chosen is gone when it records again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from media import manifest
from tests.support import media
from tests.support.desktop import Desk, open_desk
from tests.support.processes import wait_until
from tests.support.services import Pulse, Screen, shrink_screen, split_screen

pytest.importorskip("PySide6.QtWidgets")

WIDTH, HEIGHT, LESS = 640, 720, 600
RIGHT, LEFT = ("right", WIDTH, 0, WIDTH, HEIGHT), ("left", 0, 0, WIDTH, HEIGHT)
STOP = "Stop recording"
PATIENCE_S = 30.0


@pytest.fixture
def desk(xvfb: Screen, pulse: Pulse, heddle_home: Path, tmp_path: Path) -> Iterator[Desk]:
    (heddle_home / "config.toml").write_text('camera = "none"\nfps = 15\nself_test = false\n')
    (heddle_home / "choices.json").write_text(json.dumps({"last": {"display": "1"}}))
    split_screen(xvfb, RIGHT, LEFT)
    with open_desk(xvfb, tmp_path / "desk") as opened:
        yield opened


def size(take: Path) -> tuple[int, int]:
    assert manifest.read(take).receipt is not None
    video = media.probe(take).video
    return video["width"], video["height"]


def test_recording_goes_on_when_monitors_go(desk: Desk, heddle_home: Path) -> None:
    with desk.app():
        desk.phase("ready")
        desk.hotkey("record", "ctrl+shift+l")
        desk.phase("recording")
        assert desk.control(STOP)["x"] > WIDTH  # out of the picture
        shrink_screen(desk.screen, WIDTH, HEIGHT, "right", "left")
        split_screen(desk.screen, ("other", 0, 0, WIDTH, LESS))
        wait_until(lambda: desk.control(STOP)["x"] < WIDTH, timeout_s=PATIENCE_S, what="the bar")
        desk.click(STOP)
        seen = len(desk.view()["phases"])
        desk.phase("finished")
        desk.hotkey("record", "ctrl+shift+l")
        desk.phase("recording", after=seen)
        assert "The first display is recorded" in desk.view()["problems"]
        desk.hotkey("record", "ctrl+shift+l")
        desk.phase("finished", after=seen + 1)
    takes = sorted((heddle_home / "recordings").glob("*.mp4"), key=lambda one: one.stat().st_mtime)
    assert [size(one) for one in takes] == [(WIDTH, HEIGHT), (WIDTH, LESS)]
