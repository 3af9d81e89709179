"""The storage part of the settings, over real children."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.settings.storage import StorageController
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.storage import Kept, Room, room
from desktop.views.settings.storage import StoragePart
from media import manifest
from media.manifest import Manifest, TakeState


def test_the_room_is_read_from_the_commands_lines() -> None:
    lines: list[dict[str, Any]] = [
        {"path": "/r/a.mp4", "title": "", "bytes": 10, "onServer": "https://h/s/1", "removable": True},
        {"path": "C:\\r\\b.mp4", "title": "B", "bytes": 5, "durationS": 3.0, "onServer": None},
        {"totalBytes": 15, "trashBytes": 7, "count": 2},
    ]
    told = room(lines)
    assert [take.title for take in told.takes] == ["a.mp4", "B"]
    assert (told.total_bytes, told.trash_bytes, told.removable_bytes) == (15, 7, 10)


def test_the_part_shows_the_room_and_offers_what_can_be_had(qtbot: Any) -> None:
    part = StoragePart()
    qtbot.addWidget(part)
    part.show_room(Room((Kept("a.mp4", "A", 61, 2048, True, True),), 2048, 0))
    assert part.table.rowCount() == 1
    assert part.clean.isEnabled()
    assert "2.0 KiB" in part.clean.text()
    part.show_room(Room((Kept("a.mp4", "A", 61, 2048, False, False),), 2048, 0))
    assert not part.clean.isEnabled()


@pytest.fixture
def controller(qapp: Any) -> Iterator[StorageController]:
    live = LiveSettings()
    context = Context(qapp, Background(), RecorderBridge(), Actions(), live, Messages(live))
    made = StorageController(context)
    yield made
    made.part.deleteLater()
    context.background.close()


def test_it_looks_by_itself_and_makes_no_room_of_what_is_only_here(
    heddle_home: Path, qapp: Any, qtbot: Any, controller: StorageController
) -> None:
    folder = heddle_home / "recordings"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(os.urandom(3000))
    told = Manifest("1", "a.mp4", "A", TakeState.FINISHED, "2026", 320, 180, 30, "x", "h264", None)
    manifest.write(folder / "a.mp4", told)
    controller.part.show()
    qtbot.waitUntil(lambda: "1 recording takes" in controller.part.total.text(), timeout=30_000)
    controller.part.clean_clicked.emit()
    qtbot.waitUntil(lambda: "in the trash" in controller.part.said.text(), timeout=30_000)
    qtbot.waitUntil(lambda: controller.part.table.rowCount() == 1, timeout=30_000)
    assert (folder / "a.mp4").exists()
    assert controller.part.undo.isHidden()


def test_another_folder_is_looked_at_at_once_and_one_that_cannot_be_is_said(
    heddle_home: Path, tmp_path: Path, qtbot: Any, controller: StorageController
) -> None:
    controller.part.show()
    qtbot.waitUntil(lambda: "0 recordings take" in controller.part.total.text(), timeout=30_000)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.mp4").write_bytes(os.urandom(3000))
    told = Manifest("1", "a.mp4", "A", TakeState.FINISHED, "2026", 320, 180, 30, "x", "h264", None)
    manifest.write(tmp_path / "other" / "a.mp4", told)
    controller._context.settings.change(recordings=tmp_path / "other")
    qtbot.waitUntil(lambda: "1 recording takes" in controller.part.total.text(), timeout=30_000)
    (heddle_home / "journal.db").write_bytes(b"no database" * 100)
    controller.look()
    qtbot.waitUntil(lambda: "cannot be found out" in controller.part.total.text(), timeout=30_000)
    assert controller.part.table.rowCount() == 0
