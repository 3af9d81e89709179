"""What follows of a recording by itself: the link, words, a computer that stays awake."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Signal

from desktop.actions import Actions
from desktop.background import Background
from desktop.context import Context
from desktop.controllers import recording
from desktop.controllers.recording import RecordingController
from desktop.models.actions import Action
from desktop.models.choice import Choices
from desktop.models.session import Phase, Problem, Session, UploadView
from desktop.platform.awake import Unavailable
from desktop.settings import Settings

FIRST, SECOND = (
    UploadView("sending", share_url="http://h/s/1"),
    UploadView("sending", share_url="http://h/s/2"),
)


class Bridge(QObject):
    """Remembers what it was asked for; its Session is what a test says."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.session, self.asked = Session(), list[tuple[object, ...]]()
        for name in ("start", "stop", "cancel", "restart", "mute", "mark", "pause_or_resume", "renew"):
            setattr(self, name, self._noting(name))

    def _noting(self, name: str) -> Callable[..., None]:
        return lambda *values, **named: self.asked.append((name, *values, *named.values()))

    def tell(self, **values: object) -> None:
        self.session = replace(self.session, **values)  # type: ignore[arg-type]  # fields of Session
        self.changed.emit(self.session)


class Messages:
    def __init__(self) -> None:
        self.notes: list[tuple[str, Callable[[], object] | None]] = []
        self.problems: list[Problem] = []

    def notify(self, title: str, _text: str = "", act: Callable[[], object] | None = None) -> None:
        self.notes.append((title, act))

    def tell(self, problem: Problem) -> None:
        self.problems.append(problem)


class Around(QObject):
    """The Context, and the settings in it."""

    changed = Signal(object, object)


class Stage:
    """A controller and what is around it."""

    def __init__(self, qapp: Any, folder: Path) -> None:
        self.bridge, self.messages, self.background = Bridge(), Messages(), Background()
        self.settings, self.actions = Settings(do_not_disturb=True), Actions()
        around: Any = Around()
        around.application, around.bridge, around.messages = qapp, self.bridge, self.messages
        around.background, around.actions, around.settings = self.background, self.actions, around
        around.value = self.settings
        self.change = around.changed.emit
        self.controller = RecordingController(cast("Context", around), Choices(folder / "choices.json"))

    def close(self) -> None:
        self.controller.close()
        self.background.close()
        self.controller.deleteLater()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the system, and given back."""
    log: list[str] = []

    def hold(_reason: str) -> Callable[[], None]:
        log.append("awake")
        return lambda: log.append("tired")

    def refuse(_reason: str) -> Callable[[], None]:
        raise Unavailable("nobody to ask")

    monkeypatch.setattr(recording.awake, "hold", hold)
    monkeypatch.setattr(recording.disturb, "hold", refuse)
    return log


@pytest.fixture
def stage(qapp: Any, tmp_path: Path, held: list[str]) -> Iterator[Stage]:
    qapp.clipboard().setText("before")
    made = Stage(qapp, tmp_path)
    yield made
    made.close()


def test_the_link_is_on_the_clipboard_before_the_take_is_finished(stage: Stage, qapp: Any) -> None:
    stage.bridge.tell(phase=Phase.RECORDING, upload=FIRST)
    assert qapp.clipboard().text() == "before"
    stage.bridge.tell(phase=Phase.STOPPING)
    assert qapp.clipboard().text() == FIRST.share_url
    stage.bridge.tell(phase=Phase.FINISHED)
    [(_, act)] = stage.messages.notes
    assert act is not None


def test_what_goes_wrong_while_something_is_recorded_is_told_at_once_and_once(stage: Stage) -> None:
    lost, found = Problem("The microphone went away"), Problem("It is back", severity="info")
    stage.bridge.tell(phase=Phase.RECORDING, notices=(found,))
    assert stage.messages.problems == []
    for notices in ((found, lost), (found, lost, found)):
        stage.bridge.tell(notices=notices)
    assert stage.messages.problems == [lost]
    stage.bridge.tell(phase=Phase.READY, notices=())  # the next recorder
    for phase in (Phase.PREPARING, Phase.RECORDING):
        stage.bridge.tell(phase=phase, notices=(lost,))
    assert stage.messages.problems == [lost, lost]


def test_another_server_wants_another_recorder(stage: Stage) -> None:
    stage.change(Settings(fps=5), Settings())
    assert stage.bridge.asked == []
    stage.change(Settings(server="http://h"), Settings())
    assert stage.bridge.asked == [("renew",)]


def test_a_link_that_comes_late_is_still_handed_over(stage: Stage, qapp: Any) -> None:
    for phase in (Phase.RECORDING, Phase.STOPPING, Phase.FINISHED):
        stage.bridge.tell(phase=phase)
    stage.bridge.tell(upload=FIRST)
    assert qapp.clipboard().text() == FIRST.share_url
    assert [title for title, _ in stage.messages.notes][1:] == ["The link is on the clipboard"]
    qapp.clipboard().setText("mine")
    stage.bridge.tell(size=9)
    assert qapp.clipboard().text() == "mine"


def test_a_link_that_comes_after_long_leaves_the_clipboard_alone(
    stage: Stage, qapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for phase in (Phase.RECORDING, Phase.STOPPING, Phase.FINISHED):
        stage.bridge.tell(phase=phase)
    monkeypatch.setattr(recording, "LATE_S", 0.0)
    stage.bridge.tell(upload=FIRST)
    assert qapp.clipboard().text() == "before"
    assert [title for title, _ in stage.messages.notes] == ["Recorded", "The link of your recording is there"]


def test_the_link_of_a_take_that_is_thrown_away_is_nobodys(stage: Stage, qapp: Any) -> None:
    stage.bridge.tell(phase=Phase.RECORDING, upload=FIRST)
    stage.actions.perform(Action.CANCEL)
    stage.bridge.tell(time_s=2.0)
    stage.bridge.tell(phase=Phase.STOPPING)
    stage.bridge.tell(phase=Phase.CANCELLED, size=9)
    assert qapp.clipboard().text() == "before"
    assert stage.bridge.asked == [("cancel",)]


def test_after_a_restart_it_is_the_second_takes_link(stage: Stage, qapp: Any) -> None:
    stage.bridge.tell(phase=Phase.RECORDING, upload=FIRST)
    stage.actions.perform(Action.RESTART)
    for phase in (Phase.STOPPING, Phase.PREPARING, Phase.RECORDING):
        stage.bridge.tell(phase=phase)
    stage.bridge.tell(upload=None)
    stage.bridge.tell(upload=SECOND)
    assert qapp.clipboard().text() == "before"
    stage.bridge.tell(phase=Phase.STOPPING)
    assert qapp.clipboard().text() == SECOND.share_url


def test_a_failure_is_told_once(stage: Stage) -> None:
    why = Problem("There is no screen")
    stage.bridge.tell(phase=Phase.FAILED, error=why)
    stage.bridge.tell(size=1)
    assert stage.messages.problems == [why]


def test_actions_reach_the_recorder(stage: Stage, qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "TWICE_S", 0.0)
    stage.bridge.tell(phase=Phase.READY)
    stage.actions.perform(Action.RECORD)
    assert stage.bridge.asked[0][0] == "start"
    stage.bridge.tell(phase=Phase.RECORDING, muted=True, upload=FIRST)
    for action in (Action.PAUSE, Action.MUTE, Action.MARKER, Action.RECORD, Action.COPY_LINK):
        stage.actions.perform(action)
    assert stage.bridge.asked[1:] == [("pause_or_resume",), ("mute", False), ("mark",), ("stop",)]
    assert qapp.clipboard().text() == FIRST.share_url


def test_a_second_press_at_once_neither_stops_nor_starts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(recording.time, "monotonic", lambda: now)
    for phase in (Phase.READY, Phase.RECORDING):
        stage.bridge.tell(phase=phase)
        stage.actions.perform(Action.RECORD)
    assert [name for name, *_ in stage.bridge.asked] == ["start"]
    now += 1
    for phase in (Phase.RECORDING, Phase.FINISHED):
        stage.bridge.tell(phase=phase)
        stage.actions.perform(Action.RECORD)
    assert [name for name, *_ in stage.bridge.asked] == ["start", "stop"]


def test_the_computer_stays_awake_while_it_records(stage: Stage, qtbot: Any, held: list[str]) -> None:
    stage.bridge.tell(phase=Phase.RECORDING)
    qtbot.waitUntil(lambda: held == ["awake"], timeout=5000)
    stage.bridge.tell(phase=Phase.PAUSED)
    stage.bridge.tell(phase=Phase.FINISHED)
    qtbot.waitUntil(lambda: held == ["awake", "tired"], timeout=5000)
    stage.bridge.tell(phase=Phase.RECORDING)
    qtbot.waitUntil(lambda: held[2:] == ["awake"], timeout=5000)


def test_what_cannot_be_silenced_is_said_once(stage: Stage, qtbot: Any) -> None:
    for _ in range(2):
        stage.bridge.tell(phase=Phase.RECORDING)
        qtbot.waitUntil(lambda: len(stage.messages.problems) == 1, timeout=5000)
        stage.bridge.tell(phase=Phase.READY)
    assert "nobody to ask" in stage.messages.problems[0].detail


def test_only_addresses_of_pages_are_opened(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(recording.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    stage.controller.open_link("http://h/s/1")
    stage.controller.open_link("file:///etc/passwd")
    assert opened == ["http://h/s/1"]


def test_a_title_is_that_of_one_recording(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "TWICE_S", 0.0)
    stage.controller.title = "By hand"
    stage.controller.toggle()
    stage.controller.toggle()
    titles = [values["title"] for name, values in stage.bridge.asked if name == "start"]
    assert titles == ["By hand", ""]
