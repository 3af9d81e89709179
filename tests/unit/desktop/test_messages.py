"""What is told to whom, and what a click does."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.session import Problem
from desktop.views.banner import Banner
from tests.support.processes import Program

PROBLEM = Problem("The disk is full", "/home has 0 bytes left.", "Remove something.")


@pytest.fixture
def messages(qapp: Any) -> Iterator[Messages]:
    told = Messages(LiveSettings())
    yield told
    told.close()


def test_without_a_tray_a_message_stands_in_the_corner_and_a_click_acts(
    messages: Messages, qtbot: Any
) -> None:
    clicked: list[str] = []
    messages.notify("The link is there", "https://h/s/1", lambda: clicked.append("open"))
    assert messages.toast is not None
    assert messages.toast.accessibleName() == "The link is there"
    qtbot.mouseClick(messages.toast, Qt.MouseButton.LeftButton)
    assert clicked == ["open"]
    assert messages.toast is None


def test_a_newer_message_takes_the_place_of_the_older(messages: Messages) -> None:
    messages.notify("One")
    messages.notify("Two")
    assert messages.toast is not None
    assert messages.toast.accessibleName() == "Two"


def test_who_wants_no_notifications_still_hears_of_problems(messages: Messages) -> None:
    messages._settings.change(notifications=False)
    messages.notify("The link is there")
    assert messages.toast is None
    messages.tell(PROBLEM)
    assert messages.toast is not None
    assert list(messages.problems) == [PROBLEM]


def test_a_window_in_front_shows_its_problems_itself(messages: Messages, qtbot: Any, qapp: Any) -> None:
    window = QWidget()
    banner = Banner()
    QVBoxLayout(window).addWidget(banner)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: qapp.activeWindow() is window)
    acted: list[str] = []
    messages.tell(PROBLEM, "Open folder", lambda: acted.append("open"))
    assert messages.toast is None
    assert banner.isVisible()
    assert "Remove something." in banner.text.text()
    assert banner.button.text() == "Open folder"
    banner.button.click()
    assert acted == ["open"]
    assert not banner.isVisible()


def test_a_problem_of_a_dialog_stands_in_the_window_that_it_belongs_to(
    messages: Messages, qtbot: Any, qapp: Any
) -> None:
    window = QWidget()
    banner = Banner()
    QVBoxLayout(window).addWidget(banner)
    qtbot.addWidget(window)
    window.show()
    dialog = QDialog(window)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: qapp.activeWindow() is dialog)
    messages.tell(PROBLEM)
    assert banner.isVisible()
    assert messages.toast is None
    dialog.reject()


@pytest.fixture
def of_desktop(qapp: Any, bus: str) -> Iterator[Messages]:
    told = Messages(LiveSettings(), of_desktop=True)
    yield told
    told.close()


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is Linux's")
def test_a_click_on_the_desktops_notification_does_what_it_is_for(of_desktop: Messages, qtbot: Any) -> None:
    command = [sys.executable, "-m", "tests.support.inhibitor", "org.freedesktop.Notifications"]
    clicked: list[str] = []
    with Program([*command, "actions", "body-markup"]) as desktop:
        desktop.says("ready")
        of_desktop.notify("Recorded", "1 < 2", lambda: clicked.append("open"))
        told = desktop.event("Notify")["values"]
        qtbot.waitUntil(lambda: clicked == ["open"], timeout=20_000)
        of_desktop.tell(PROBLEM)
        desktop.first(lambda call: PROBLEM.title in call["values"], timeout_s=20, what="the problem")
    assert "1 &lt; 2" in told
    assert clicked == ["open"]
    assert of_desktop.toast is None


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is Linux's")
def test_where_the_desktop_shows_none_the_app_does(of_desktop: Messages, qtbot: Any) -> None:
    for title in ("One", "Two"):
        of_desktop.notify(title)
        qtbot.waitUntil(lambda: of_desktop.toast is not None, timeout=20_000)
        assert of_desktop.toast is not None
        assert of_desktop.toast.accessibleName() == title
        of_desktop.toast.close()
