"""The seconds before a recording, large, in the middle of what is recorded."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.i18n import tr
from desktop.views import theme
from desktop.views.tokens import FLOATING


class CountdownOverlay(QWidget):
    """Escape or a click calls the recording off."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool,
        )
        self.setWindowTitle(tr("Recording begins"))
        self.setAccessibleName(tr("Countdown"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._seconds = 0
        side = 14 * self.fontMetrics().height()
        self.setFixedSize(side, side)
        theme.rounded(self)

    def show_seconds(self, seconds: int, around: QRect) -> None:
        """In the middle of this rectangle."""
        self._seconds = seconds
        self.setAccessibleDescription(tr("Recording in {seconds}", seconds=seconds))
        self.move(around.center() - self.rect().center())
        self.update()
        if not self.isVisible():
            self.show()
            self.raise_()
            self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.cancelled.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(FLOATING.ground))
        large = QFont(self.font())
        large.setPixelSize(self.height() // 2)
        large.setBold(True)
        hint = tr("Escape or a click cancels")
        line = QFontMetrics(self.font()).height() * 2
        painter.setPen(QColor(FLOATING.text))
        painter.setFont(large)
        painter.drawText(
            self.rect().adjusted(0, 0, 0, -line), Qt.AlignmentFlag.AlignCenter, str(self._seconds)
        )
        painter.setFont(self.font())
        painter.drawText(
            self.rect().adjusted(8, self.height() - line, -8, 0),
            Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap,
            hint,
        )
        painter.end()
