"""What a crash left is offered at the next start; what was being sent goes on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from capture import locks
from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.recovered import TRIES, RecoveredController
from desktop.library import sending
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.private_server import card_file
from desktop.models.recovered import Cause, Recovered, Sent, any_unfinished, recovered
from desktop.models.session import Phase, Session
from desktop.models.under_way import FILE, UnderWay
from desktop.views.film import Film
from desktop.views.recovered import RecoveredWindow
from media import manifest
from media.fragments import scan
from media.manifest import Manifest, TakeState
from tests.support import media
from uploader.journal import Journal
from uploader.paths import home

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


def opened(controller: RecoveredController, qtbot: Any) -> tuple[RecoveredWindow, Recovered]:
    """The window, and the one take in it."""
    controller.open()
    qtbot.waitUntil(lambda: controller.window is not None, timeout=30_000)
    window = controller.window
    assert window is not None
    assert window.isVisible()
    [take] = window.sends
    return window, take


def test_what_a_crash_left_can_be_sent(
    torn: Path, context: Context, controller: RecoveredController, qtbot: Any, started: list[Path]
) -> None:
    context.settings.change(server=SERVER)
    window, take = opened(controller, qtbot)
    assert (take.path, take.title, take.sending) == (torn, "Talk", False)
    assert manifest.read(torn).state is TakeState.INTERRUPTED
    window.sends[take].click()
    qtbot.waitUntil(lambda: bool(window.states[take].text()), timeout=10_000)
    with Journal() as journal:
        assert [row.path for row in journal.all()] == [torn]
    assert len(started) == 1
    assert not window.trashes[take].isEnabled()


def test_what_a_crash_left_can_be_thrown_away(
    torn: Path, controller: RecoveredController, qtbot: Any
) -> None:
    window, take = opened(controller, qtbot)
    window.trashes[take].click()
    qtbot.waitUntil(lambda: "trash" in window.states[take].text(), timeout=30_000)
    assert not torn.exists()
    assert (torn.parent / "cancelled" / torn.name).exists()
    assert not window.sends[take].isEnabled()


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
    assert sending.go_on() == Sent()
    assert started == []


def test_finished_takes_and_other_files_are_passed_over(torn: Path) -> None:
    assert any_unfinished(torn.parent)
    manifest.write(torn, replace(manifest.read(torn), state=TakeState.FINISHED))
    (torn.parent / "odd.mp4.json").write_text("{")
    assert not any_unfinished(torn.parent)


def test_takes_without_a_picture_are_not_offered() -> None:
    line = {"path": "/r/a.mp4", "title": "", "durationS": 2.0, "bytes": 5, "fragments": 0}
    assert recovered([line], Sent()) == ()
    [take] = recovered([line | {"fragments": 3}], Sent(frozenset({Path("/r/a.mp4")})))
    assert (take.title, take.sending) == ("a", True)


def test_a_take_of_an_app_that_died_is_offered_once(
    torn: Path, context: Context, controller: RecoveredController, qtbot: Any
) -> None:
    """Its recorder lived on: it holds the file until it has finished it."""
    context.bridge.changed.emit(Session(phase=Phase.RECORDING, path=str(torn)))
    with torn.open("rb") as file:
        assert locks.lock(file)
        again = RecoveredController(context)
        again.open()
        qtbot.waitUntil(lambda: again._tries < TRIES, timeout=30_000)
        manifest.write(torn, replace(manifest.read(torn), state=TakeState.FINISHED, fragments=2))
    qtbot.waitUntil(lambda: again.window is not None, timeout=30_000)
    assert again.window is not None
    [take] = again.window.sends
    assert (take.path, take.cause, take.sending) == (torn, Cause.APP, False)
    again.close()
    assert UnderWay(home()).left == ()


def test_what_a_dead_server_had_not_all_of_is_offered(
    torn: Path, context: Context, controller: RecoveredController, qtbot: Any, started: list[Path]
) -> None:
    manifest.write(torn, replace(manifest.read(torn), state=TakeState.FINISHED, fragments=2))
    with Journal() as journal:
        journal.add(torn, title="Talk", server="http://127.0.0.1:21850", growing=False)
        journal.add(torn, title="Elsewhere", server=SERVER, growing=False)
    card = card_file(home())
    card.parent.mkdir()
    card.write_text('{"url": "http://127.0.0.1:21850", "pid": 1}')
    controller.open()
    qtbot.waitUntil(lambda: controller.window is not None, timeout=30_000)
    assert controller.window is not None
    [take] = controller.window.sends
    assert (take.path, take.cause, take.sending) == (torn, Cause.SERVER, True)
    assert not controller.window.sends[take].isEnabled()
    assert not controller.window.trashes[take].isEnabled()


def test_what_came_to_its_end_is_not_under_way(heddle_home: Path) -> None:
    one, other, third = (heddle_home / f"{name}.mp4" for name in ("one", "other", "third"))
    notes = UnderWay(heddle_home)
    for phase, path in (
        (Phase.RECORDING, one),
        (Phase.PAUSED, one),
        (Phase.RECORDING, one),
        (Phase.FINISHED, one),
        (Phase.RECORDING, other),
        (Phase.RECORDING, third),  # begun again
        (Phase.FAILED, third),
        (Phase.READY, None),
    ):
        notes.follow(Session(phase=phase, path=str(path) if path else None))
    assert UnderWay(heddle_home).left == (third,)
    notes.forget([third])
    assert UnderWay(heddle_home).left == ()


@pytest.mark.parametrize("written", ["{", "{}", "[1]", "[" * 100_000])
def test_broken_notes_are_none(heddle_home: Path, written: str) -> None:
    (heddle_home / FILE).write_text(written)
    assert UnderWay(heddle_home).left == ()


def test_a_recovered_film_plays_in_the_window(
    torn: Path, controller: RecoveredController, qtbot: Any
) -> None:
    pytest.importorskip("PySide6.QtMultimediaWidgets")
    take = Recovered(torn, "Talk", 1.0, 5)
    controller._show([take])
    window = controller.window
    assert window is not None
    window.play_clicked.emit(take)
    film = window.findChild(Film)
    assert film is not None
    with qtbot.waitSignal(film.ended, timeout=30_000):
        pass
    window.close()
    assert controller._film is None
