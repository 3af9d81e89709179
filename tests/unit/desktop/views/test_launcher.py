"""The launcher shows a choice and passes on changes; nothing else."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop.models.actions import Action
from desktop.models.choice import NOBODY, Choice, Source
from desktop.models.session import Phase, Problem, Session, UploadView
from desktop.models.sources import Sources, parse
from desktop.views.launcher.window import LauncherWindow

FOUND: Sources = parse(
    {
        "displays": [{"id": "0", "name": "Left"}, {"id": "1", "name": "Right"}],
        "windows": [{"id": "0x1", "name": "Editor"}, {"id": "0x2", "name": "Mail"}],
        "cameras": [{"id": "c", "name": "Front"}],
        "microphones": [{"id": "m", "name": "Desk"}],
        "systemAudio": [{"id": "s", "name": "Speakers"}],
    }
)


@pytest.fixture
def window(qtbot: Any) -> LauncherWindow:
    made = LauncherWindow()
    qtbot.addWidget(made)
    made.show_choice(Choice(), FOUND)
    made.show_session(Session(Phase.READY))
    return made


def told(window: LauncherWindow) -> list[Choice]:
    heard: list[Choice] = []
    window.chosen.connect(heard.append)
    return heard


def test_what_is_picked_is_passed_on(window: LauncherWindow) -> None:
    heard = told(window)
    window.kinds.setCurrentIndex(1)
    window.windows.setCurrentRow(1)
    assert (heard[-1].source, heard[-1].window, heard[-1].window_title) == (Source.WINDOW, "0x2", "Mail")
    window.kinds.setCurrentIndex(0)
    window.displays.setCurrentRow(1)
    assert (heard[-1].source, heard[-1].display) == (Source.DISPLAY, "1")
    window.microphone.setCurrentIndex(2)
    window.microphone.activated.emit(2)
    assert heard[-1].microphone == NOBODY
    window.system_audio.click()
    assert heard[-1].system_audio
    window.preset.setCurrentIndex(3)
    window.preset.activated.emit(3)
    assert (heard[-1].fps, heard[-1].height) == (15, 720)
    assert window.height_limit.currentData() == 720


def test_only_ones_own_templates_can_be_deleted(window: LauncherWindow, qtbot: Any) -> None:
    window.show_templates(["Mine"], ["Server's"])
    for index, own in ((1, True), (2, False)):
        window.templates.setCurrentIndex(index)
        with qtbot.waitSignal(window.template_picked, timeout=2000):
            window.templates.activated.emit(index)
        assert window.drop.isEnabled() is own
    window.templates.setCurrentIndex(1)
    window.templates.activated.emit(1)
    with qtbot.waitSignal(window.template_dropped, timeout=2000) as dropped:
        window.drop.click()
    assert dropped.args == ["Mine"]


def test_what_is_shown_changes_nothing_by_itself(window: LauncherWindow) -> None:
    heard = told(window)
    choice = Choice(source=Source.WINDOW, window="0x2", camera="c", fps=60)
    window.show_choice(choice, FOUND)
    window.show_choice(choice, replace(FOUND, windows=FOUND.windows[:1]))
    assert heard == []
    assert window.fps.currentData() == 60


def test_a_device_that_is_away_stays_chosen(window: LauncherWindow) -> None:
    window.show_choice(Choice(microphone="Headset"), FOUND)
    assert window.microphone.currentData() == "Headset"
    assert "Headset" in window.microphone.currentText()


def test_enter_records_and_escape_closes(window: LauncherWindow, qtbot: Any) -> None:
    window.show()
    for widget in (window.title, window.displays, window.camera):
        with qtbot.waitSignal(window.record_wanted, timeout=2000):
            qtbot.keyClick(widget, Qt.Key.Key_Return)
    with qtbot.waitSignal(window.closed, timeout=2000):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    with qtbot.waitSignal(window.closed, timeout=2000):
        window.close()
    assert window.isVisible()


def test_other_windows_are_a_key_away(window: LauncherWindow, qtbot: Any) -> None:
    openers = ((window.library, "Alt+B", Action.LIBRARY), (window.settings, "Alt+N", Action.SETTINGS))
    for opener, key, action in openers:
        assert opener.shortcut().toString() == key
        with qtbot.waitSignal(window.wanted, timeout=2000) as wanted:
            opener.click()
        assert wanted.args == [action]


def test_only_what_went_wrong_is_said(window: LauncherWindow) -> None:
    fine, wrong = Problem("The camera is there", severity="info"), Problem("The disk is nearly full")
    window.show_session(Session(Phase.FINISHED, notices=(fine,)))
    assert window.message.text() == ""
    window.show_session(Session(Phase.FINISHED, notices=(wrong, fine)))
    assert window.message.text() == "The disk is nearly full"


def test_what_cannot_be_recorded_has_no_button(window: LauncherWindow) -> None:
    window.kinds.setCurrentIndex(2)
    assert not window.record.isEnabled()
    assert window.message.text()


def test_while_recording_the_button_stops(window: LauncherWindow, qtbot: Any) -> None:
    window.show_session(Session(Phase.RECORDING, path="/a.mp4"))
    assert not window.choices.isEnabled()
    with qtbot.waitSignal(window.stop_wanted, timeout=2000):
        window.record.click()


def test_the_link_is_shown_as_soon_as_there_is_one(window: LauncherWindow, qtbot: Any) -> None:
    upload = UploadView(state="sending", offset=50, share_url="http://h/s/1")
    window.show_session(Session(Phase.RECORDING, path="/a.mp4", size=200, upload=upload))
    assert window.outcome.link.text() == "http://h/s/1"
    assert window.outcome.upload.value() == 250
    with qtbot.waitSignal(window.copy_wanted, timeout=2000) as copied:
        window.outcome.copy.click()
    assert copied.args == ["http://h/s/1"]


def test_pictures_come_to_what_they_show(window: LauncherWindow) -> None:
    before = window.displays.item(1).icon().cacheKey()
    image = QImage(32, 18, QImage.Format.Format_RGB32)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")
    window.show_picture("display", "1", bytes(buffer.data().data()))
    window.show_picture("display", "0", b"no picture")
    assert window.displays.item(1).icon().cacheKey() != before


def test_everything_has_a_name_for_screen_readers(window: LauncherWindow) -> None:
    parts = [part for part in vars(window).values() if isinstance(part, QWidget) and part.focusPolicy()]
    assert len(parts) > 12
    assert [part for part in parts if not (part.accessibleName() or getattr(part, "text", str)())] == []


def test_marks_of_clicks_and_keys_are_shown_and_chosen(window: LauncherWindow, qtbot: Any) -> None:
    window.show_marks(clicks=True, keys=False)
    assert (window.clicks.isChecked(), window.keys.isChecked()) == (True, False)
    with qtbot.waitSignal(window.clicks_chosen) as told_of_clicks:
        window.clicks.click()
    with qtbot.waitSignal(window.keys_chosen) as told_of_keys:
        window.keys.click()
    assert (told_of_clicks.args, told_of_keys.args) == ([False], [True])


def test_what_to_know_before_recording_is_shown_and_keeps_nobody_from_it(window: LauncherWindow) -> None:
    window.show_notice(Problem("The plan takes no new recording now", "Wait.", "It stays here."))
    assert window.message.text().splitlines() == [
        "The plan takes no new recording now",
        "  Wait.",
        "  It stays here.",
    ]
    assert window.record.isEnabled()
    window.show_session(Session(Phase.RECORDING))
    assert "The plan" not in window.message.text()
    window.show_notice(None)
    window.show_session(Session(Phase.READY))
    assert window.message.text() == ""
