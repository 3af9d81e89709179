"""The piece that is kept, as a bar below the line of time, with an end for the mouse on either side."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.i18n import tr
from desktop.models.library.playing import Range, Side
from desktop.models.library.wording import piece_words
from desktop.models.words import duration
from desktop.views import theme
from desktop.views.library.timeline import Timeline

_GRIP_PX = 10  # wide, as the mouse has it
_FAINT = 70  # alpha of the bar while all of the recording is kept


class PieceBar(QWidget):
    """Lies below `line`, as wide as that one is."""

    dragged = Signal(object, float)  # a Range, and the second at which the mouse is

    def __init__(self, line: Timeline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line, self._taken = line, Side.NONE
        self.range = Range()
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_range(Range())
        line.rangeChanged.connect(lambda *_: self.update())

    def show_range(self, chosen: Range) -> None:
        """The piece between In and Out."""
        self.range = chosen
        words = piece_words(chosen) or tr("All of the recording: drag the ends to keep a piece of it")
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(theme.em(self, 20), theme.space(self, 1.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton:
            self._taken = self._side_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        x = event.position().x()
        if self._taken is Side.NONE:
            over = self._side_at(x) is not Side.NONE
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
            return
        at_s = self._line.time_at(x)
        chosen = self.range.dragged(self._taken, at_s, self._line.maximum() / 1000)
        QToolTip.showText(event.globalPosition().toPoint(), duration(at_s), self)
        self.dragged.emit(chosen, at_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton:
            self._taken = Side.NONE

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton and not self.range.whole:
            self.dragged.emit(Range(), self._line.value() / 1000)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if not self._line.maximum():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        begin, end = self._ends()
        color = QColor(theme.accent(self.palette()))
        for alpha, place in (
            (_FAINT // 2, QRect(0, 0, self.width(), self.height())),
            (_FAINT if self.range.whole else 255 - _FAINT, QRect(begin, 0, end - begin, self.height())),
            (255, QRect(begin, 0, _GRIP_PX, self.height())),
            (255, QRect(end - _GRIP_PX, 0, _GRIP_PX, self.height())),
        ):
            color.setAlpha(alpha)
            painter.setBrush(color)
            painter.drawRoundedRect(place, 3, 3)

    def _ends(self) -> tuple[int, int]:
        """In pixels; never so near that one lies over the other."""
        line, last_s = self._line, self._line.maximum() / 1000
        begin = line.x_of(self.range.begin or 0.0)
        end = line.x_of(last_s if self.range.end is None else self.range.end)
        return begin, max(end, begin + 2 * _GRIP_PX)

    def _side_at(self, x: float) -> Side:
        begin, end = self._ends()
        if begin - _GRIP_PX / 2 <= x <= begin + _GRIP_PX:
            return Side.BEGIN
        return Side.END if end - _GRIP_PX <= x <= end + _GRIP_PX / 2 else Side.NONE
