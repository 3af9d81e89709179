"""What lies over the screen: control bar, countdown, region, tray."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QToolButton

from desktop.models.actions import Action
from desktop.models.recent import Recent
from desktop.models.region import Box
from desktop.models.session import Levels, Phase, Session
from desktop.views.control_bar import ControlBar
from desktop.views.countdown import CountdownOverlay
from desktop.views.region import RegionSelector
from desktop.views.region_frame import RegionFrame
from desktop.views.tokens import FLOATING
from desktop.views.tray import Tray


@pytest.fixture
def bar(qtbot: Any) -> ControlBar:
    made = ControlBar()
    qtbot.addWidget(made)
    made.show_session(Session(Phase.RECORDING, time_s=65, levels=Levels(-30)))
    made.show()
    return made


def test_the_bar_says_how_long_and_how_loud(bar: ControlBar) -> None:
    assert bar.time.text() == "1:05"
    assert bar.level.value() == 30
    bar.show_session(Session(Phase.PAUSED, muted=True))
    assert "Resume" in bar.pause.toolTip()
    assert "Unmute" in bar.mute.toolTip()


def test_every_button_has_a_name_and_tells_its_hotkey(bar: ControlBar) -> None:
    buttons = bar.findChildren(QToolButton)
    assert len({button.accessibleName() for button in buttons}) == len(buttons) == 8
    bar.show_keys({Action.PAUSE: "Ctrl+1", Action.RECORD: "Ctrl+2", Action.LIBRARY: "Ctrl+3"})
    assert (bar.pause.toolTip(), bar.stop.toolTip()) == ("Pause (Ctrl+1)", "Stop recording (Ctrl+2)")
    bar.show_session(Session(Phase.PAUSED))
    assert (bar.pause.toolTip(), bar.mute.toolTip()) == ("Resume (Ctrl+1)", "Mute the microphone")
    bar.show_keys({})
    assert bar.pause.toolTip() == "Resume"


def test_buttons_do_what_they_say(bar: ControlBar, qtbot: Any) -> None:
    heard: list[Action] = []
    bar.wanted.connect(heard.append)
    for button in (bar.pause, bar.mute, bar.marker, bar.restart, bar.cancel, bar.draw):
        button.click()
    assert heard == [
        Action.PAUSE, Action.MUTE, Action.MARKER, Action.RESTART, Action.CANCEL, Action.DRAW,
    ]  # fmt: skip
    with qtbot.waitSignal(bar.stop_wanted, timeout=2000):
        bar.stop.click()


def test_a_folded_bar_is_small_and_still_stops(bar: ControlBar) -> None:
    wide = bar.sizeHint().width()
    bar.fold.click()
    assert bar.folded
    assert bar.sizeHint().width() < wide / 2
    assert bar.stop.isVisible()
    bar.fold.click()
    assert not bar.folded


def test_the_countdown_can_be_called_off(qtbot: Any) -> None:
    overlay = CountdownOverlay()
    qtbot.addWidget(overlay)
    overlay.show_seconds(3, QRect(0, 0, 800, 600))
    assert overlay.geometry().center().x() == pytest.approx(400, abs=2)
    with qtbot.waitSignal(overlay.cancelled, timeout=2000):
        qtbot.keyClick(overlay, Qt.Key.Key_Escape)
    with qtbot.waitSignal(overlay.cancelled, timeout=2000):
        qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton)


def test_the_line_around_a_region_says_whether_it_is_recorded_and_is_in_nobodys_way(qapp: Any) -> None:
    frame = RegionFrame(qapp)
    frame.show_around(Box(100, 100, 200, 100))
    frame.show_live(on=True)
    above, below, left, right = frame.sides
    assert above.geometry().bottom() + 1 == below.geometry().top() - 100 == 100
    assert left.geometry().right() + 1 == right.geometry().left() - 200 == 100
    for side in frame.sides:
        assert side.isVisible()
        assert side.windowFlags() & Qt.WindowType.WindowTransparentForInput
        assert side.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
        assert side.grab().toImage().pixelColor(1, 1).name() == FLOATING.live
    frame.show_live(on=False)
    assert above.grab().toImage().pixelColor(1, 1).name() == FLOATING.muted
    frame.hide()
    assert not any(side.isVisible() for side in frame.sides)
    frame.close()


def test_a_region_is_drawn_moved_stretched_and_taken(qtbot: Any) -> None:
    selector = RegionSelector()
    selector.open()
    [cover] = selector.covers
    try:
        mouse = Qt.MouseButton.LeftButton
        qtbot.keyClick(cover, Qt.Key.Key_Return)  # nothing is drawn yet, so nothing happens
        qtbot.mousePress(cover, mouse, pos=QPoint(100, 100))
        cover.dragged.emit(300, 200)
        qtbot.mouseRelease(cover, mouse, pos=QPoint(300, 200))
        assert cover.box == Box(100, 100, 200, 100)
        qtbot.keyClick(cover, Qt.Key.Key_Right)
        qtbot.keyClick(cover, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
        assert cover.box == Box(101, 110, 200, 100)
        qtbot.keyClick(cover, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        assert cover.box == Box(101, 110, 199, 100)
        cover.grab()
        with qtbot.waitSignal(selector.selected, timeout=2000) as taken:
            qtbot.keyClick(cover, Qt.Key.Key_Return)
        assert taken.args == [Box(101, 110, 199, 100)]
        with qtbot.waitSignal(selector.cancelled, timeout=2000):
            qtbot.keyClick(cover, Qt.Key.Key_Escape)
    finally:
        selector.leave()


def test_without_a_mouse_a_region_begins_in_the_middle(qtbot: Any) -> None:
    selector = RegionSelector()
    [cover] = selector.covers
    qtbot.keyClick(cover, Qt.Key.Key_Right)
    assert cover.box is not None
    selector.leave()


@pytest.fixture
def tray(qapp: Any) -> Iterator[Tray]:
    pixmap = QPixmap(64, 64)
    pixmap.fill(Qt.GlobalColor.blue)
    made = Tray(QIcon(pixmap))
    yield made
    made.deleteLater()


def test_the_tray_says_what_can_be_done(tray: Tray) -> None:
    idle = tray.icon().cacheKey()
    tray.show_session(Session(Phase.RECORDING, time_s=5))
    assert tray.icon().cacheKey() != idle
    assert (tray.record.text(), tray.pause.text()) == ("Stop recording", "Pause")
    assert "0:05" in tray.toolTip()
    tray.show_session(Session(Phase.PAUSED))
    assert tray.pause.text() == "Resume"
    tray.show_session(Session(Phase.FINISHED))
    assert tray.icon().cacheKey() == idle
    assert not tray.pause.isVisible()


def test_the_tray_has_the_last_recordings_with_their_links(tray: Tray, qtbot: Any) -> None:
    assert not tray.recent.isEnabled()
    tray.show_recent([Recent("Q&A " + "x" * 60, "http://h/s/1"), Recent("B", "http://h/s/2")])
    first = tray.recent.actions()[0]
    assert first.text().startswith("Q&&A")
    assert len(first.text()) < 50
    menu = first.menu()
    with qtbot.waitSignal(tray.copy_wanted, timeout=2000) as copied:
        menu.actions()[0].trigger()
    with qtbot.waitSignal(tray.open_wanted, timeout=2000) as opened:
        menu.actions()[1].trigger()
    assert copied.args == opened.args == ["http://h/s/1"]


def test_the_menu_asks_for_actions(tray: Tray, qtbot: Any) -> None:
    with qtbot.waitSignal(tray.wanted, timeout=2000) as wanted:
        tray.record.trigger()
    assert wanted.args == [Action.RECORD]
