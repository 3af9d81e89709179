"""From keys to actions and from settings to keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QObject, Signal

from desktop.actions import Actions
from desktop.context import Context
from desktop.controllers.hotkeys import HotkeyController
from desktop.models.actions import Action
from desktop.models.chords import parse
from desktop.models.hotkeys import ALWAYS, DEFAULTS, SETTING, Assignments, Hold
from desktop.models.session import Phase, Session
from desktop.platform.hotkeys.port import Answer, Answered, Pressed


class Bridge(QObject):
    changed = Signal(object)


class Settings(QObject):
    changed = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.value = SimpleNamespace(**{SETTING.format(one): text for one, text in DEFAULTS.items()})

    def change(self, **values: str) -> None:
        for name, value in values.items():
            setattr(self.value, name, value)
        self.changed.emit(self.value, self.value)


@dataclass
class Keyboard:
    """Holds whatever it is asked to, but for what is `taken`."""

    one_by_one: bool = True
    taken: str = ""
    name: str = "keyboard"
    held: Assignments = field(default_factory=dict)
    wishes: list[Assignments] = field(default_factory=list)
    closed: bool = False

    def probe(self) -> str:
        return ""

    def open(self, pressed: Pressed, answered: Answered) -> "Keyboard":
        self.pressed, self.answered = pressed, answered
        return self

    def hold(self, wanted: Assignments) -> None:
        self.wishes.append(wanted)
        self.held = {action: chord for action, chord in wanted.items() if str(chord) != self.taken}
        refused = dict.fromkeys(wanted.keys() - self.held.keys(), "Another program has it.")
        self.answered(Answer(frozenset(wanted), frozenset(self.held), refused))

    def close(self) -> None:
        self.closed = True


class At:
    """What a controller is given, without the app."""

    def __init__(self, qapp: Any) -> None:
        self.application, self.bridge, self.settings = qapp, Bridge(), Settings()
        self.actions, self.background = Actions(), self
        self.done: list[str] = []
        for action in Action:
            self.actions.handle(action, lambda action=action: self.done.append(action))  # type: ignore[misc]  # a lambda with a default

    def in_thread(self, work: Any, done: Any) -> None:
        done(work())

    def phase(self, phase: Phase) -> None:
        self.bridge.changed.emit(Session(phase=phase))


@pytest.fixture
def at(qapp: Any) -> At:
    return At(qapp)


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


@pytest.fixture
def controller(at: At, keyboard: Keyboard) -> Iterator[HotkeyController]:
    opened = HotkeyController(cast("Context", at), lambda: (keyboard, ""))
    yield opened
    opened.close()
    assert keyboard.closed
    opened.deleteLater()


def rows(controller: HotkeyController) -> dict[Action, Hold]:
    return {row.action: row.hold for row in controller.table}


def test_a_key_does_its_action(controller: HotkeyController, keyboard: Keyboard, at: At, qtbot: Any) -> None:
    controller.open()
    keyboard.pressed(Action.RECORD)
    qtbot.waitUntil(lambda: at.done == ["record"])


def test_keys_of_a_recording_are_held_while_it_runs(
    controller: HotkeyController, keyboard: Keyboard, at: At, qtbot: Any
) -> None:
    controller.open()
    qtbot.waitUntil(lambda: rows(controller)[Action.RECORD] is Hold.HELD)
    assert keyboard.held.keys() <= ALWAYS
    assert rows(controller)[Action.PAUSE] is Hold.WAITING
    keyboard.pressed(Action.PAUSE)  # pressed when it was given back already
    at.phase(Phase.RECORDING)
    qtbot.waitUntil(lambda: rows(controller)[Action.PAUSE] is Hold.HELD)
    at.done.clear()
    keyboard.pressed(Action.PAUSE)
    qtbot.waitUntil(lambda: at.done == ["pause"])
    at.phase(Phase.FINISHED)
    qtbot.waitUntil(lambda: rows(controller)[Action.PAUSE] is Hold.WAITING)
    assert keyboard.held.keys() <= ALWAYS


def test_a_conflict_shows_before_the_recording_that_needs_the_key(
    controller: HotkeyController, keyboard: Keyboard, at: At, qtbot: Any
) -> None:
    keyboard.taken = DEFAULTS[Action.PAUSE]
    controller.open()
    qtbot.waitUntil(lambda: rows(controller)[Action.PAUSE] is Hold.REFUSED)
    at.settings.change(hotkey_pause="Alt+F8")
    qtbot.waitUntil(lambda: rows(controller)[Action.PAUSE] is Hold.WAITING)


def test_other_settings_are_other_keys_and_the_same_ones_change_nothing(
    controller: HotkeyController, keyboard: Keyboard, at: At, qtbot: Any
) -> None:
    controller.open()
    at.settings.change(hotkey_record="F9", hotkey_library="F9")
    qtbot.waitUntil(lambda: str(keyboard.held.get(Action.RECORD)) == "F9")
    qtbot.waitUntil(lambda: rows(controller)[Action.LIBRARY] is Hold.TWICE)
    wished = len(keyboard.wishes)
    at.settings.change()
    assert len(keyboard.wishes) == wished


def test_while_keys_are_chosen_none_acts(
    controller: HotkeyController, keyboard: Keyboard, at: At, qtbot: Any
) -> None:
    controller.open()
    controller.listen(on=True)
    assert keyboard.held == {}
    keyboard.pressed(Action.RECORD)
    controller.listen(on=False)
    assert keyboard.held.keys() <= ALWAYS
    keyboard.pressed(Action.LAUNCHER)
    qtbot.waitUntil(lambda: "launcher" in at.done)


def test_the_page_changes_keys_and_follows(
    controller: HotkeyController, keyboard: Keyboard, at: At, qtbot: Any
) -> None:
    controller.open()
    page = controller.page()
    qtbot.addWidget(page)
    page.chosen.emit(Action.RECORD, parse("F9"))
    qtbot.waitUntil(lambda: page.edits[Action.RECORD].text() == "F9")
    assert str(keyboard.held[Action.RECORD]) == "F9"
    page.chosen.emit(Action.RECORD, None)
    qtbot.waitUntil(lambda: page.edits[Action.RECORD].text() == "None")
    page.listening.emit(True)
    assert keyboard.held == {}
    page.listening.emit(False)
    page.reset.emit(Action.RECORD)
    qtbot.waitUntil(lambda: page.edits[Action.RECORD].text() == DEFAULTS[Action.RECORD])


def test_a_desktop_that_asks_the_person_is_asked_once(at: At, qtbot: Any) -> None:
    keyboard = Keyboard(one_by_one=False)
    controller = HotkeyController(cast("Context", at), lambda: (keyboard, ""))
    controller.open()
    at.phase(Phase.RECORDING)
    at.phase(Phase.FINISHED)
    assert {str(wish) for wish in keyboard.wishes} == {str(keyboard.held)}
    assert Action.PAUSE in keyboard.held
    keyboard.pressed(Action.PAUSE)
    keyboard.pressed(Action.RECORD)
    qtbot.waitUntil(lambda: at.done == ["record"])  # a pause of nothing is none
    controller.close()
    controller.deleteLater()


def test_where_there_are_none_the_reason_is_told(at: At) -> None:
    controller = HotkeyController(cast("Context", at), lambda: (None, "No desktop."))
    controller.open()
    assert controller.trouble == "No desktop."
    assert rows(controller)[Action.RECORD] is Hold.WAITING
    controller.close()
    controller.deleteLater()
