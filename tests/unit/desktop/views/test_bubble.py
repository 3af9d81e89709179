"""The camera's window tells what a person does with it."""

from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop.models.bubble import SIZES, Arrangement, Bubble, Shape
from desktop.views.bubble import BubbleWindow


@pytest.fixture
def window(qtbot: Any) -> BubbleWindow:
    window = BubbleWindow(see_through=True)
    qtbot.addWidget(window)
    window.show_bubble(Bubble(), QRect(10, 10, 200, 200))
    window.show()
    return window


def test_it_shows_the_middle_of_the_picture_in_its_shape(window: BubbleWindow) -> None:
    picture = QImage(400, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    for x in range(100, 300):
        for y in range(200):
            picture.setPixelColor(x, y, QColor("blue"))
    window.show_image(picture)
    shown = window.grab().toImage()
    assert shown.pixelColor(100, 100) == QColor("blue")
    assert shown.pixelColor(12, 100) == QColor("blue")
    assert shown.pixelColor(3, 3) != QColor("blue")
    window.show_bubble(Bubble(shape=Shape.ROUNDED), QRect(10, 10, 200, 200))
    assert window.grab().toImage().pixelColor(10, 10) == QColor("blue")


def test_words_stand_there_until_there_is_a_picture(window: BubbleWindow) -> None:
    window.show_words("The camera opens …")
    assert window.accessibleDescription() == "The camera opens …"
    assert window.accessibleName()


def test_dragging_is_told_from_where_it_was_grabbed(window: BubbleWindow, qtbot: Any) -> None:
    told: list[Any] = []
    window.grabbed.connect(lambda: told.append("grabbed"))
    window.dragged.connect(told.append)
    window.dropped.connect(lambda: told.append("dropped"))
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(window, left, pos=QPoint(100, 100))
    qtbot.mouseMove(window, QPoint(130, 90))
    qtbot.mouseRelease(window, left, pos=QPoint(130, 90))
    assert told[0] == "grabbed"
    assert told[-2:] == [QPoint(30, -10), "dropped"]


@pytest.mark.parametrize(
    ("pressed", "signal", "told"),
    [
        ((Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier), "nudged", QPoint(-20, 0)),
        ((Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier), "nudged", QPoint(0, 1)),
        ((Qt.Key.Key_Plus, Qt.KeyboardModifier.NoModifier), "turned", 1),
        ((Qt.Key.Key_Minus, Qt.KeyboardModifier.NoModifier), "turned", -1),
    ],
)
def test_keys_do_what_the_mouse_does(
    window: BubbleWindow, qtbot: Any, pressed: tuple[Any, Any], signal: str, told: object
) -> None:
    with qtbot.waitSignal(getattr(window, signal)) as caught:
        qtbot.keyClick(window, *pressed)
    assert caught.args == [told]


def test_the_wheel_makes_it_larger(window: BubbleWindow, qtbot: Any) -> None:
    at = QPointF(100, 100)
    turn = QWheelEvent(
        at, at, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    with qtbot.waitSignal(window.turned) as caught:
        QApplication.sendEvent(window, turn)
    assert caught.args == [2]


def test_the_menu_shows_what_is_and_offers_the_rest(window: BubbleWindow, qtbot: Any) -> None:
    menu = window.menu()
    actions = {action.text().replace("&", ""): action for action in menu.actions() if action.text()}
    assert [name for name, action in actions.items() if action.isChecked()] == [
        "Medium",
        "Circle",
        "As in a mirror",
        "Screen and camera",
    ]
    for name, signal, told in (
        ("Large", window.size_chosen, SIZES[2]),
        ("Rounded", window.shape_chosen, Shape.ROUNDED),
        ("As in a mirror", window.mirror_chosen, False),
        ("Camera with a small screen", window.arrangement_chosen, Arrangement.SWAPPED),
    ):
        with qtbot.waitSignal(signal) as caught:
            actions[name].trigger()
        assert caught.args == [told]
    with qtbot.waitSignal(window.hide_wanted):
        actions["Hide the camera"].trigger()
    menu.deleteLater()
