"""The line of time under a video: position and chapters."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QToolTip, QWidget

from desktop.i18n import tr
from desktop.models.library.playing import STEP_S, Chapter, chapter_at
from desktop.models.words import duration


class Timeline(QSlider):
    """Counts in milliseconds. A click goes to the place that was clicked."""

    sought = Signal(float)  # seconds

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(tr("Position"))
        self.setSingleStep(round(STEP_S * 1000))
        self.setPageStep(30_000)
        self.setMouseTracking(True)
        self.chapters: Sequence[Chapter] = ()
        self.sliderMoved.connect(lambda at: self.sought.emit(at / 1000))
        self.actionTriggered.connect(lambda _action: self.sought.emit(self.sliderPosition() / 1000))

    def show_position(self, at_s: float, duration_s: float) -> None:
        self.setMaximum(round(duration_s * 1000))
        if not self.isSliderDown():
            self.setValue(round(at_s * 1000))

    def show_chapters(self, chapters: Sequence[Chapter]) -> None:
        self.chapters = chapters
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton:
            at = self.time_at(event.position().x())
            self.setSliderPosition(round(at * 1000))
            self.sought.emit(at)
        super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.time_at(event.pos().x())
            chapter = chapter_at(self.chapters, at)
            QToolTip.showText(
                event.globalPos(), f"{duration(at)}  {chapter.title}" if chapter else duration(at)
            )
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if not self.maximum():
            return
        painter, groove = QPainter(self), self._groove()
        mark = self.palette().color(QPalette.ColorRole.WindowText)
        for chapter in self.chapters:
            if chapter.start == 0:
                continue  # everything begins there
            painter.fillRect(QRect(self.x_of(chapter.start), groove.top() - 2, 2, groove.height() + 4), mark)

    def x_of(self, at_s: float) -> int:
        """Where a second lies, in pixels."""
        groove = self._groove()
        share = at_s * 1000 / max(1, self.maximum())
        return groove.left() + round(share * groove.width())

    def time_at(self, x: float) -> float:
        """Which second lies there."""
        groove = self._groove()
        share = (x - groove.left()) / max(1, groove.width())
        return min(max(share, 0.0), 1.0) * self.maximum() / 1000

    def _groove(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderGroove, self
        )
