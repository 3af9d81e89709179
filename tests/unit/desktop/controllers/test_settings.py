"""The settings window over a real settings file."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QSpinBox, QWidget

from desktop import settings
from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.settings.opening import SettingsOpener
from desktop.controllers.settings.window import SettingsController
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.actions import Action
from desktop.models.settings_page import SHOWN
from desktop.platform import abilities
from desktop.recorder import devices
from desktop.settings import TABLE
from desktop.settings.setting import Kind, Page
from desktop.views.settings.editors import NameEditor
from desktop.views.settings.window import SettingsWindow


@pytest.fixture
def context(qapp: Any) -> Iterator[Context]:
    live = LiveSettings()
    made = Context(qapp, Background(), RecorderBridge(), Actions(), live, Messages(live))
    yield made
    made.background.close()


@pytest.fixture
def opener(context: Context) -> Iterator[SettingsOpener]:
    opener = SettingsOpener(context)
    yield opener
    opener.close()


@pytest.fixture(autouse=True)
def troubles(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What this system cannot follow: nothing, until a test says otherwise."""
    found: dict[str, str] = {}
    monkeypatch.setattr(abilities, "troubles", lambda: found)
    return found


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is plugged in, without a process that looks."""
    found = {
        "cameras": [{"id": "/dev/video0", "name": "Brio 4K"}],
        "microphones": [{"id": "1", "name": "Yeti"}],
    }
    monkeypatch.setattr(devices, "ask", lambda: found)


@pytest.fixture
def controller(context: Context, opener: SettingsOpener) -> SettingsController:
    context.actions.perform(Action.SETTINGS)
    assert opener.controller is not None
    return opener.controller


@pytest.fixture
def window(controller: SettingsController) -> SettingsWindow:
    return controller.window


def field(window: SettingsWindow, name: str) -> Any:
    return window.rows[name].editor.field


def shown(window: SettingsWindow) -> set[str]:
    return {name for name, row in window.rows.items() if not row.isHidden()}


def test_every_setting_that_has_a_page_is_on_it(window: SettingsWindow) -> None:
    wanted = {name for name, row in TABLE.items() if row.page in SHOWN and row.kind is not Kind.HOTKEY}
    assert set(window.rows) == wanted
    assert [window.pages.item(index).text() for index in range(window.pages.count())] == [
        page.words for page in SHOWN
    ]


def test_what_is_set_counts_at_once_and_can_be_taken_back(window: SettingsWindow, qtbot: Any) -> None:
    box = field(window, "notifications")
    box.click()
    assert settings.load().notifications is False
    assert window.rows["notifications"].back.isEnabled()
    window.rows["notifications"].back.click()
    assert settings.load().notifications is True
    assert box.isChecked()
    assert not window.rows["notifications"].back.isEnabled()


def test_text_counts_when_the_person_is_done(window: SettingsWindow, qtbot: Any) -> None:
    line = name_editor(window, "camera").text
    qtbot.keyClicks(line, "Brio")
    assert settings.load().camera is None
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert settings.load().camera == "Brio"
    line.setText("")
    line.editingFinished.emit()
    assert settings.load().camera is None


def test_a_value_that_makes_no_sense_is_said_and_not_kept(window: SettingsWindow) -> None:
    line: QLineEdit = field(window, "upload_limit")
    line.setText("quickly")
    line.editingFinished.emit()
    assert window.banner.isVisibleTo(window)
    assert "500k" in window.banner.text.text()
    assert line.text() == ""
    assert settings.load().upload_limit is None


def test_a_number_may_be_left_to_the_default(window: SettingsWindow) -> None:
    box: QSpinBox = field(window, "min_free_mb")
    assert box.text() == "200"  # in words: what None stands for
    box.setValue(500)
    assert settings.load().min_free_mb == 500
    box.setValue(box.minimum())
    assert settings.load().min_free_mb is None


def test_a_choice_is_made_by_keyboard(window: SettingsWindow, qtbot: Any) -> None:
    box = field(window, "metered")
    window.show_page(Page.UPLOADS)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    box.activated.emit(box.currentIndex())
    assert settings.load().metered == "wait"


def test_what_another_program_changes_is_shown(window: SettingsWindow, qtbot: Any, context: Context) -> None:
    with qtbot.waitSignal(context.settings.changed, timeout=5000):
        settings.change({"fps": 60})
    assert field(window, "fps").value() == 60


def test_where_the_environment_wins_the_row_says_so(
    opener: SettingsOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDDLE_SERVER", "https://other.example")
    opener.open()
    assert opener.controller is not None
    row = opener.controller.window.rows["server"]
    assert "HEDDLE_SERVER" in row.why_not.text()
    assert not row.editor.isEnabled()
    assert not row.back.isEnabled()


def test_a_search_leaves_the_rows_that_have_all_words(window: SettingsWindow) -> None:
    window.search.setText("most byte")
    assert shown(window) == {"upload_limit"}
    visible = [item.text() for item in map(window.pages.item, range(len(SHOWN))) if not item.isHidden()]
    assert visible == [Page.UPLOADS.words]
    window.search.setText("xyzzy")
    assert shown(window) == set()
    assert not window.nothing.isHidden()
    window.search.clear()
    assert shown(window) == set(window.rows)


def test_others_put_their_parts_below_the_rows(opener: SettingsOpener) -> None:
    made: list[QWidget] = []

    def make() -> QWidget:
        made.append(QLabel("keys"))
        return made[-1]

    opener.add_part(Page.HOTKEYS, make)
    assert made == []
    opener.open(Page.HOTKEYS)
    opener.open()
    assert len(made) == 1
    assert made[0].isVisible()


def test_everything_can_be_reached_and_is_named(window: SettingsWindow) -> None:
    for row in window.rows.values():
        for control in [row.editor.field, *row.editor.findChildren(QAbstractButton), row.back]:
            if control.isHidden() or isinstance(control.parent(), QSpinBox):
                continue
            assert control.accessibleName(), row.objectName()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_what_the_system_cannot_do_is_greyed_out_and_says_why(
    window: SettingsWindow, opener: SettingsOpener, context: Context, troubles: dict[str, str], qtbot: Any
) -> None:
    troubles["do_not_disturb"] = "This desktop lets nobody."
    context.settings.change(do_not_disturb=True)
    row = window.rows["do_not_disturb"]
    opener.open(Page.RECORDING)
    qtbot.waitUntil(lambda: not row.editor.isEnabled(), timeout=30_000)
    assert row.why_not.isVisibleTo(row)
    assert row.why_not.text() == "This desktop lets nobody."
    assert window.rows["keep_awake"].editor.isEnabled()
    row.back.click()  # what was set elsewhere can still be taken back
    assert not context.settings.value.do_not_disturb
    troubles.clear()
    opener.open()
    qtbot.waitUntil(row.editor.isEnabled, timeout=30_000)
    assert not row.why_not.isVisibleTo(row)


def name_editor(window: SettingsWindow, name: str) -> NameEditor:
    editor = window.rows[name].editor
    assert isinstance(editor, NameEditor)
    return editor


def test_names_are_chosen_of_those_there_are_or_typed(window: SettingsWindow, qtbot: Any) -> None:
    camera = name_editor(window, "camera")
    qtbot.waitUntil(lambda: camera.box.findData("Brio 4K") == 2)
    assert [camera.box.itemData(row) for row in range(3)] == [None, "default", "Brio 4K"]
    camera.box.activated.emit(2)
    assert settings.load().camera == "Brio 4K"
    assert camera.text.text() == "Brio 4K"
    camera.text.setText("Another")
    camera.text.editingFinished.emit()
    assert settings.load().camera == "Another"
    camera.box.activated.emit(0)
    assert settings.load().camera is None
    assert camera.text.text() == ""


def test_languages_and_models_are_suggested_by_their_names(window: SettingsWindow) -> None:
    spoken, model = name_editor(window, "speech_language"), name_editor(window, "speech_model")
    assert spoken.box.itemText(spoken.box.findData("de")) == "Deutsch (de)"
    assert model.box.findData("large-v3-turbo") > 0
    spoken.box.activated.emit(spoken.box.findData("de"))
    assert settings.load().speech_language == "de"
    assert spoken.text.text() == "de"


def test_what_is_typed_stays_while_the_list_comes(window: SettingsWindow) -> None:
    microphone = name_editor(window, "microphone")
    microphone.text.setText("Studio")
    window.show_suggested({"microphone": ()})
    assert microphone.text.text() == "Studio"
    assert settings.load().microphone is None
