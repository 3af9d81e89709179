"""What a crash left is offered at the next start; what was being sent goes on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.recovered import RecoveredController
from desktop.library import sending
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.recovered import any_unfinished, recovered
from media import manifest
from media.fragments import scan
from media.manifest import Manifest, TakeState
from tests.support import media
from uploader.journal import Journal

SERVER = "http://127.0.0.1:1"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The journals for which a worker was started, which none is."""
    journals: list[Path] = []
    monkeypatch.setattr(sending, "ensure_running", lambda path, **_: journals.append(path))
    return journals


@pytest.fixture
def torn(heddle_home: Path) -> Path:
    """As a recorder leaves it that was killed."""
    folder = heddle_home / "recordings"
    folder.mkdir()
    path = media.make_recording(folder / "talk.mp4", 1.0)
    path.write_bytes(path.read_bytes()[:-300])
    with path.open("rb") as file:
        index = scan(file)
    told = Manifest("1", path.name, "Talk", TakeState.RECORDING, "2026", 320, 180, 30, "x", "h264", "aac")
    manifest.write(path, replace(told, bytes_committed=index.fragments[-1].end))
    return path


@pytest.fixture
def context(qapp: Any, heddle_home: Path) -> Iterator[Context]:
    live = LiveSettings()
    made = Context(qapp, Background(), RecorderBridge(), Actions(), live, Messages(live))
    yield made
    made.background.close()


@pytest.fixture
def controller(context: Context) -> Iterator[RecoveredController]:
    made = RecoveredController(context)
    yield made
    made.close()


def test_what_a_crash_left_can_be_sent_or_thrown_away(
    torn: Path, context: Context, controller: RecoveredController, qtbot: Any, started: list[Path]
) -> None:
    context.settings.change(server=SERVER)
    controller.open()
    qtbot.waitUntil(lambda: controller.window is not None, timeout=30_000)
    window = controller.window
    assert window is not None
    assert window.isVisible()
    [take] = window.sends
    assert (take.path, take.title, take.sending) == (torn, "Talk", False)
    assert manifest.read(torn).state is TakeState.INTERRUPTED
    window.sends[take].click()
    qtbot.waitUntil(lambda: bool(window.states[take].text()), timeout=10_000)
    with Journal() as journal:
        assert [row.path for row in journal.all()] == [torn]
    assert len(started) == 1
    window.trash_clicked.emit(take)
    qtbot.waitUntil(lambda: not torn.exists(), timeout=30_000)
    assert (torn.parent / "cancelled" / torn.name).exists()
    qtbot.waitUntil(lambda: "trash" in window.states[take].text(), timeout=10_000)


def test_what_was_being_sent_goes_on(
    heddle_home: Path, context: Context, controller: RecoveredController, qtbot: Any, started: list[Path]
) -> None:
    video = heddle_home / "a.mp4"
    video.write_bytes(b"video")
    with Journal() as journal:
        journal.add(video, title="A", server=SERVER, growing=False)
    controller.open()
    qtbot.waitUntil(lambda: len(started) == 1, timeout=10_000)
    assert controller.window is None


def test_where_nothing_was_left_nothing_is_started(heddle_home: Path, started: list[Path]) -> None:
    assert sending.go_on() == frozenset()
    assert started == []


def test_finished_takes_and_other_files_are_passed_over(torn: Path) -> None:
    assert any_unfinished(torn.parent)
    manifest.write(torn, replace(manifest.read(torn), state=TakeState.FINISHED))
    (torn.parent / "odd.mp4.json").write_text("{")
    assert not any_unfinished(torn.parent)


def test_takes_without_a_picture_are_not_offered() -> None:
    line = {"path": "/r/a.mp4", "title": "", "durationS": 2.0, "bytes": 5, "fragments": 0}
    assert recovered([line], frozenset()) == ()
    [take] = recovered([line | {"fragments": 3}], frozenset({Path("/r/a.mp4")}))
    assert (take.title, take.sending) == ("a", True)
