"""The speaker's notes: shown, kept, moved."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt

from desktop.actions import Actions
from desktop.context import Context
from desktop.controllers.notes import NotesController
from desktop.models.actions import Action
from desktop.models.notes import Notes, NotesFile
from desktop.models.session import Problem
from desktop.views.notes import NotesWindow


@pytest.fixture
def told() -> list[Problem]:
    return []


@pytest.fixture
def context(qapp: Any, told: list[Problem]) -> Context:
    messages = SimpleNamespace(tell=told.append)
    return cast("Context", SimpleNamespace(application=qapp, actions=Actions(), messages=messages))


@pytest.fixture
def file(tmp_path: Path) -> NotesFile:
    return NotesFile(tmp_path / "notes.json")


@pytest.fixture
def controller(context: Context, file: NotesFile) -> Iterator[NotesController]:
    controller = NotesController(context, file)
    yield controller
    controller.close()
    controller.close()


def opened(context: Context, controller: NotesController) -> NotesWindow:
    context.actions.perform(Action.NOTES)
    assert controller.window is not None
    assert controller.window.isVisible()
    return controller.window


def test_what_is_typed_is_there_again(
    context: Context, controller: NotesController, file: NotesFile, qtbot: Any
) -> None:
    window = opened(context, controller)
    qtbot.keyClicks(window.text, "Say hello")
    window.larger.click()
    window.speed.setValue(77)
    context.actions.perform(Action.NOTES)
    assert not window.isVisible()
    assert file.load() == Notes("Say hello", 20, 77)
    again = opened(context, controller)
    assert again.text.toPlainText() == "Say hello"
    assert again.text.font().pointSize() == 20


def test_typing_is_kept_after_a_while_without_closing(
    context: Context, controller: NotesController, file: NotesFile, qtbot: Any
) -> None:
    window = opened(context, controller)
    qtbot.keyClicks(window.text, "a")
    qtbot.waitUntil(lambda: file.load().text == "a")


def test_the_text_moves_to_its_end_and_stops(
    context: Context, controller: NotesController, file: NotesFile, qtbot: Any
) -> None:
    file.save(Notes("\n".join(f"line {number}" for number in range(60)), size=10, speed=200))
    window = opened(context, controller)
    window.speed.setValue(200)
    bar = window.text.verticalScrollBar()
    bar.setValue(bar.maximum() - 20)
    window.run.click()
    assert window.run.isChecked()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() and not window.run.isChecked())


def test_escape_hides_it_and_says_nothing(
    context: Context, controller: NotesController, told: list[Problem], qtbot: Any
) -> None:
    window = opened(context, controller)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert told == []


def test_notes_that_cannot_be_kept_are_told_of(
    context: Context, told: list[Problem], tmp_path: Path, qtbot: Any
) -> None:
    (tmp_path / "file").write_text("")
    controller = NotesController(
        cast("Context", SimpleNamespace(**{**vars(context), "actions": Actions()})),
        NotesFile(tmp_path / "file" / "notes.json"),
    )
    controller.toggle()
    assert controller.window is not None
    qtbot.keyClicks(controller.window.text, "a")
    controller.hide()
    assert told[0].title == "The notes cannot be kept"
    controller.close()


def test_the_window_says_where_recordings_show_it(qtbot: Any) -> None:
    window = NotesWindow()
    qtbot.addWidget(window)
    window.show()
    window.show_whether_seen(seen=True)
    assert "beside what you record" in window.seen.text()
    window.show_whether_seen(seen=False)
    assert not window.seen.isVisible()
    named = [window.text, window.smaller, window.larger, window.run, window.speed, window.seen]
    assert len({one.accessibleName() for one in named}) == len(named)
