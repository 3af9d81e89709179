"""The devices' step: what camera and microphone give, through processes that stand for the engine's."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from capture.preview import PreviewWriter
from desktop.context import Context
from desktop.controllers.firstrun.devices import DevicesController
from media import self_command

LISTED = {
    "cameras": [{"id": "0", "name": "Top"}, {"id": "1", "name": "Side"}],
    "microphones": [{"id": "a", "name": "Desk"}],
}
# Of `python -m capture --control`: what the page asks of it.
ENGINE = """
import json, pathlib, sys
for line in sys.stdin:
    told = json.loads(line)
    answer = {"event": told["command"]}
    if told["command"] == "preview" and told["on"]:
        answer |= {"on": told["camera"] != "Broken", "name": NAME, "camera": told["camera"]}
        if told["camera"] == "Broken":
            answer = {"event": "health", "title": "The camera is busy", "detail": "Another has it"}
    if told["command"] == "test":
        pathlib.Path(told["keep"]).write_bytes(b"film")
        answer |= {"ok": True, "width": 1280, "height": 720, "microphone": "Desk", "peakDb": -14.0}
    print(json.dumps(answer), flush=True)
"""
METER = """
import json, sys
print(json.dumps({"event": "level", "microphoneDb": -20.0 if sys.argv[-1] == "Desk" else -80.0}), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[PreviewWriter]:
    """A camera that is red."""
    writer = PreviewWriter(8, 4, tmp_path)
    with writer.begin(8, 4) as room:
        room[:] = b"\x00\x00\xff\xff" * 32
    writer.commit(1.0)
    yield writer
    writer.close()


@pytest.fixture
def page(
    context: Context, writer: PreviewWriter, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DevicesController]:
    def command(part: str, *options: str, **_: object) -> list[str]:
        if part == "capture.meter":
            return [sys.executable, "-c", METER, *options]
        if "--devices" in options:
            return [sys.executable, "-c", f"print({json.dumps(LISTED)!r})"]
        return [sys.executable, "-c", f"NAME = {str(writer.path)!r}\n{ENGINE}"]

    monkeypatch.setattr(self_command, "command", command)
    controller = DevicesController(context)
    controller.view.show()
    controller.enter()
    yield controller
    controller.leave(wait=True)
    controller.view.close()
    controller.view.deleteLater()
    controller.deleteLater()


def test_the_chosen_devices_are_seen_heard_and_kept(
    page: DevicesController, context: Context, qtbot: Any
) -> None:
    view = page.view
    qtbot.waitUntil(lambda: view.cameras.count() == 3, timeout=20_000)
    assert [view.cameras.itemText(row) for row in range(3)] == ["No camera", "Top", "Side"]
    view.cameras.setCurrentIndex(2)
    view.cameras.activated.emit(2)
    assert context.settings.value.camera == "Side"
    qtbot.waitUntil(lambda: _middle(view.picture) == "#ff0000", timeout=20_000)
    view.microphones.setCurrentIndex(1)
    view.microphones.activated.emit(1)
    assert context.settings.value.microphone == "Desk"
    qtbot.waitUntil(lambda: view.level.value() == 67, timeout=20_000)
    assert view.loudness.text() == "-20 dB"
    view.cameras.setCurrentIndex(0)
    view.cameras.activated.emit(0)
    assert context.settings.value.camera is None


def _middle(widget: QWidget) -> str:
    image = widget.grab().toImage()
    return image.pixelColor(image.width() // 2, image.height() // 2).name()


def test_two_seconds_are_recorded_judged_and_can_be_played(
    page: DevicesController, context: Context, qtbot: Any
) -> None:
    page.view.test.click()
    assert not page.view.test.isEnabled()
    qtbot.waitUntil(page.view.play.isVisible, timeout=20_000)
    assert page.view.test.isEnabled()
    assert "1280x720" in page.view.verdict.text()
    film = page._film_path
    assert film.is_file()
    page.leave()
    assert not film.exists()
    assert not page.view.play.isVisible()


def test_a_camera_that_does_not_open_says_why(page: DevicesController, context: Context, qtbot: Any) -> None:
    context.settings.change(camera="Broken")
    page._see()
    qtbot.waitUntil(lambda: "Another has it" in page.view.picture.accessibleDescription(), timeout=20_000)


def test_nothing_is_open_when_the_step_is_left(page: DevicesController, qtbot: Any) -> None:
    children = [child for child in (page._engine, page._meter) if child is not None]
    assert len(children) == 2
    page.leave()
    qtbot.waitUntil(lambda: not any(isValid(child) for child in children), timeout=20_000)
