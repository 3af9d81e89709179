"""Keys are chosen by pressing them."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from desktop.models import hotkeys
from desktop.models.actions import Action
from desktop.models.chords import Chord, parse
from desktop.models.hotkeys import DEFAULTS, Hold, Hotkey
from desktop.views.settings.chord import ChordEdit
from desktop.views.settings.hotkeys import HotkeysPage
from desktop.views.settings.window import SettingsWindow
from tests.screenshots import hotkeys as hotkey_shots
from tests.screenshots import settings as settings_shots

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def edit(qtbot: Any) -> ChordEdit:
    edit = ChordEdit()
    qtbot.addWidget(edit)
    edit.show()
    return edit


def press(qtbot: Any, edit: ChordEdit, key: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> list[Any]:
    found: list[Any] = []
    edit.chosen.connect(found.append)
    edit.click()
    qtbot.keyClick(edit, Qt.Key.Key_Control, CTRL)
    qtbot.keyClick(edit, key, held)
    edit.chosen.disconnect(found.append)
    return found


@pytest.mark.parametrize(
    ("key", "held", "chosen"),
    [
        (Qt.Key.Key_L, CTRL | SHIFT, "Ctrl+Shift+L"),
        (Qt.Key.Key_Exclam, CTRL | SHIFT, "Ctrl+Shift+1"),
        (Qt.Key.Key_Tab, CTRL | ALT, "Ctrl+Alt+Tab"),
        (Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier, "F9"),
        (Qt.Key.Key_Escape, ALT, "Alt+Esc"),
    ],
)
def test_what_is_pressed_is_chosen(qtbot: Any, edit: ChordEdit, key: Qt.Key, held: Any, chosen: str) -> None:
    assert press(qtbot, edit, key, held) == [parse(chosen)]


def test_escape_leaves_it_and_backspace_takes_it_away(qtbot: Any, edit: ChordEdit) -> None:
    edit.show_chord(parse("F9"))
    assert press(qtbot, edit, Qt.Key.Key_Escape) == []
    assert edit.text() == "F9"
    assert press(qtbot, edit, Qt.Key.Key_Backspace) == [None]


def test_a_key_that_everybody_needs_is_refused_and_another_can_be_pressed(
    qtbot: Any, edit: ChordEdit
) -> None:
    with qtbot.waitSignal(edit.complained) as told:
        assert press(qtbot, edit, Qt.Key.Key_C, CTRL) == []
    assert "Every program" in told.args[0]
    found: list[Chord | None] = []
    edit.chosen.connect(found.append)
    qtbot.keyClick(edit, Qt.Key.Key_C, CTRL | ALT)
    assert found == [parse("Ctrl+Alt+C")]


def test_whoever_listens_is_told_when_it_begins_and_ends(qtbot: Any, edit: ChordEdit) -> None:
    told: list[bool] = []
    edit.listening.connect(told.append)
    edit.click()
    assert "Press" in edit.text()
    edit.clearFocus()
    edit.hide()
    press(qtbot, edit, Qt.Key.Key_F9)
    assert told[:2] == [True, False]
    assert told[-1] is False


def test_the_page_shows_every_row_and_passes_on_what_is_chosen(qtbot: Any) -> None:
    page = HotkeysPage()
    qtbot.addWidget(page)
    page.show()
    wanted, _ = hotkeys.assignments(DEFAULTS.__getitem__)
    rows = hotkeys.table(
        wanted,
        wrong={},
        doubles={Action.MUTE: Action.DRAW},
        refused={Action.RECORD: "Another program has it."},
        held={Action.LAUNCHER},
        named={},
    )
    page.show_table(rows)
    assert page.edits[Action.LAUNCHER].text() == "Alt+Shift+L"
    assert page.words[Action.RECORD].text() == "Another program has it."
    assert hotkeys.title(Action.DRAW) in page.words[Action.MUTE].text()
    assert page.words[Action.PAUSE].text() == "While recording"
    assert page.edits[Action.QUIT].text() == "None"
    with qtbot.waitSignal(page.chosen) as chosen:
        press(qtbot, page.edits[Action.PAUSE], Qt.Key.Key_F8, CTRL)
    assert chosen.args == [Action.PAUSE, parse("Ctrl+F8")]
    with qtbot.waitSignal(page.reset) as reset:
        page.resets[Action.PAUSE].click()
    assert reset.args == [Action.PAUSE]


def test_the_page_says_why_there_are_none(qtbot: Any) -> None:
    page = HotkeysPage()
    qtbot.addWidget(page)
    page.show()
    page.show_table((Hotkey(Action.RECORD, parse("F9"), Hold.WAITING),), "No desktop.")
    assert "No desktop." in page.trouble.text()
    assert page.words[Action.RECORD].text() == ""
    assert not page.edits[Action.RECORD].isEnabled()
    page.show_table((Hotkey(Action.RECORD, parse("F9"), Hold.WAITING),))
    assert page.edits[Action.RECORD].isEnabled()


@pytest.mark.parametrize("make", [hotkey_shots.page, *settings_shots.SHOTS.values()])
def test_no_page_is_wider_than_the_window(qtbot: Any, make: Callable[[], SettingsWindow]) -> None:
    view = make()
    qtbot.addWidget(view)
    view.show()
    area = view.stack.currentWidget()
    assert isinstance(area, QScrollArea)
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()


def test_everything_has_a_name_of_its_own(qtbot: Any) -> None:
    page = HotkeysPage()
    qtbot.addWidget(page)
    names = [
        widget.accessibleName() for part in (page.edits, page.words, page.resets) for widget in part.values()
    ]
    assert all(names)
    assert len(set(names)) == len(names)
