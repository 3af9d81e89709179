"""The player with what stands beside the picture."""

from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from desktop.models.library.playing import Chapter, Range
from desktop.models.library.wording import piece_words
from desktop.views.library.details import DetailsPanel
from desktop.views.library.player import PlayerWindow
from desktop.views.library.timeline import Timeline
from media.transcript import Segment
from tests.support.items import item


def test_only_what_a_person_wrote_is_a_change_of_the_details(qtbot: Any) -> None:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    changed: list[tuple[dict[str, str], dict[str, str]]] = []
    panel.changed.connect(lambda now, before: changed.append((now, before)))
    odd = "Qui est là\u00a0?\r\nMoi"
    panel.show_item(item(1, description=odd), "Ready")
    panel.flush()
    assert changed == []  # Qt shows the description otherwise than it is
    panel.show_item(item(1, title="Theirs", description=odd), "Ready")
    assert panel.title.text() == "Theirs"
    panel.title.setText(" Mine ")
    panel.show_item(item(1, title="Theirs again", description=odd), "Ready")
    panel.flush()
    panel.flush()
    assert changed == [({"title": "Mine"}, {"title": "Theirs"})]
    panel.title.setText("  ")
    panel.flush()
    assert panel.title.text() == "Mine"
    assert len(changed) == 1
    panel.show_item(item(2), "Ready")
    assert panel.title.text() == "Title 2"


def test_the_player_follows_text_chapters_and_pieces(qtbot: Any) -> None:
    window = PlayerWindow()
    window.show_item(item(1), "Ready")
    window.show_text(
        [Segment(0, 1.0, 2.0, "Hello"), Segment(1, 3.0, 4.0, "World")], [Chapter(0.0, "A"), Chapter(3.0, "B")]
    )
    window._moved(3.5, 10.0)
    assert window.time.text() == "0:03 / 0:10"
    assert window.chapter.text() == "B"
    assert window.transcript.list.currentRow() == 1
    assert "World" in window.screen_._caption.toPlainText()
    window.captions.setChecked(False)
    assert window.screen_._caption.toPlainText() == ""
    assert not window.trim.isEnabled()
    window._set_range(Range(1.0, 2.0))
    assert window.trim.isEnabled()
    window._set_range(Range())
    assert not window.trim.isEnabled()
    window.transcript.search.setText("wor")
    assert window.transcript.list.item(0).isHidden()
    window.show()
    window.close()
    window.deleteLater()


def test_a_piece_is_chosen_by_its_ends_with_the_mouse(qtbot: Any) -> None:
    window = PlayerWindow()
    qtbot.addWidget(window)
    window.show_item(item(1), "Ready")
    window.show()
    window._moved(0.0, 20.0)
    bar, line = window.piece, window.timeline
    sought: list[float] = []
    window.screen_.seek = sought.append  # type: ignore[method-assign]  # there is no film

    def drag(start_s: float, end_s: float) -> None:
        """Inside the handle, whose width lies towards the middle."""
        start, end = (QPoint(line.x_of(at), 4) for at in (start_s, end_s))
        QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(bar, end)
        QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=end)

    drag(0.0, 5.0)
    assert window.range.begin == pytest.approx(5.0, abs=0.1)
    assert window.range.end is None
    drag(20.0, 10.0)
    assert window.range.end == pytest.approx(10.0, abs=0.1)
    assert sought == pytest.approx([5.0, 10.0], abs=0.1)
    assert window.trim.isEnabled()
    assert bar.accessibleName() == piece_words(window.range)
    drag(7.0, 8.0)  # between the ends there is nothing to take
    assert window.range.end == pytest.approx(10.0, abs=0.1)
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(line.x_of(7.0), 4))
    assert window.range == Range()
    window.close()


def test_the_full_screen_is_the_pictures(qtbot: Any) -> None:
    window = PlayerWindow()
    qtbot.addWidget(window)
    window.show()
    window._full_screen()
    qtbot.waitUntil(lambda: not window.side.isVisible())
    window._leave()
    qtbot.waitUntil(window.side.isVisible)
    assert window.isVisible()
    window.close()


def test_chapters_have_marks_but_where_the_recording_begins(qtbot: Any) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    line.resize(400, 30)
    line.setRange(0, 60_000)

    def painted(*starts: float) -> QImage:
        line.show_chapters(tuple(Chapter(start, "") for start in starts))
        return line.grab().toImage()

    assert painted(0.0) == painted()
    assert painted(30.0) != painted()
