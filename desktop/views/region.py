"""Choosing a region: one window over each screen, with that screen's picture, darker where it is not chosen.

The picture stands still meanwhile, which needs no compositor. Where the system gives none (Wayland), the
window is see-through instead. All windows share one rectangle in pixels (`models/region.py`).
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from desktop.i18n import tr
from desktop.models.region import Box, Edge, between, bounds, edge_at, inside, moved, stretched
from desktop.views.screens import screen_of

_DARK = QColor(0, 0, 0, 130)
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FAR = 10  # pixels, with Ctrl
_CURSORS = {
    Edge.NONE: Qt.CursorShape.SizeAllCursor,
    Edge.LEFT: Qt.CursorShape.SizeHorCursor,
    Edge.RIGHT: Qt.CursorShape.SizeHorCursor,
    Edge.TOP: Qt.CursorShape.SizeVerCursor,
    Edge.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Edge.LEFT | Edge.TOP: Qt.CursorShape.SizeFDiagCursor,
    Edge.RIGHT | Edge.BOTTOM: Qt.CursorShape.SizeFDiagCursor,
    Edge.RIGHT | Edge.TOP: Qt.CursorShape.SizeBDiagCursor,
    Edge.LEFT | Edge.BOTTOM: Qt.CursorShape.SizeBDiagCursor,
}


def region_words(box: Box) -> str:
    """Its size and its place."""
    x, y, width, height = box.x, box.y, box.width & ~1, box.height & ~1
    return tr("{width} x {height} pixels at {x}, {y}", width=width, height=height, x=x, y=y)


class ScreenCover(QWidget):
    """One screen's part of it. `box` is set from outside; mouse and keys are passed on in pixels."""

    pressed = Signal(int, int)
    dragged = Signal(int, int)
    lifted = Signal()
    key = Signal(object)  # QKeyEvent

    def __init__(self, screen: QScreen) -> None:
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool,
        )
        self.setAccessibleName(tr("Region of the screen to record"))
        self.setWindowTitle(tr("Select the region to record"))
        self.place = screen_of(screen)
        self.box: Box | None = None
        self._reach = max(4, self.fontMetrics().height() // 2)
        self._picture = screen.grabWindow(0)
        if self._picture.isNull():
            self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())

    @property
    def reach(self) -> int:
        """Pixels from an edge at which it can be held."""
        return round(self._reach * self.place.scale)

    def show_still(self, image: QImage) -> None:
        """This in place of what the screen shows."""
        self._picture = QPixmap.fromImage(image)
        self.update()

    def pixel(self, position: QPointF) -> tuple[int, int]:
        """A place of the mouse, which may have left this screen, in pixels of the desktop."""
        under = QGuiApplication.screenAt(position.toPoint())
        place = screen_of(under) if under else self.place
        return place.to_pixels(position.x(), position.y())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(*self.pixel(event.globalPosition()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        x, y = self.pixel(event.globalPosition())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(x, y)
        else:
            held = edge_at(self.box, x, y, self.reach) if self.box else None
            self.setCursor(Qt.CursorShape.CrossCursor if held is None else _CURSORS[held])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.lifted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        self.key.emit(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        if not self._picture.isNull():
            painter.drawPixmap(self.rect(), self._picture)
        hole = self._hole()
        for part in _around(self.rect(), hole):
            painter.fillRect(part, _DARK)
        if hole is not None:
            self._frame(painter, hole)
        else:
            self._write(painter, self.rect().center(), tr("Drag over what to record. Escape leaves."))
        painter.end()

    def _hole(self) -> QRect | None:
        """The rectangle in this window's points."""
        if self.box is None:
            return None
        left, top = self.place.to_points(self.box.x, self.box.y)
        right, bottom = self.place.to_points(self.box.right, self.box.bottom)
        return QRectF(QPointF(left, top), QPointF(right, bottom)).toRect()

    def _frame(self, painter: QPainter, hole: QRect) -> None:
        painter.setPen(QPen(self.palette().highlight().color(), 2))
        painter.drawRect(hole)
        painter.setBrush(self.palette().highlight())
        half = max(3, self._reach // 2)
        middle = hole.center()
        for x in (hole.left(), middle.x(), hole.right()):
            for y in (hole.top(), middle.y(), hole.bottom()):
                if (x, y) != (middle.x(), middle.y()):
                    painter.drawRect(x - half, y - half, 2 * half, 2 * half)
        if self.box:
            self._write(painter, middle, f"{self.box.width & ~1} x {self.box.height & ~1}")

    def _write(self, painter: QPainter, centre: QPoint, words: str) -> None:
        space = painter.fontMetrics().boundingRect(words).adjusted(-12, -6, 12, 6)
        space.moveCenter(centre)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 180))
        painter.drawRoundedRect(space, 6, 6)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(space, Qt.AlignmentFlag.AlignCenter, words)


class RegionSelector(QWidget):
    """Mouse: draw, move, stretch. Arrows move by a pixel, with Shift they stretch, with Ctrl ten pixels at a
    time. Enter takes it, Escape leaves it. Owns the covers; is itself never shown."""

    selected = Signal(object)  # the Box
    cancelled = Signal()

    def __init__(self, before: Box | None = None) -> None:
        super().__init__()
        self.covers = [ScreenCover(screen) for screen in QGuiApplication.screens()]
        self._area = bounds([cover.place.box for cover in self.covers])
        self._box = inside(before, self._area) if before else None
        self._held: Edge | None = None
        self._last = (0, 0)
        for cover in self.covers:
            cover.pressed.connect(lambda x, y, cover=cover: self._press(cover, x, y))
            cover.dragged.connect(self._drag)
            cover.lifted.connect(lambda: setattr(self, "_held", None))
            cover.key.connect(self._key)
        self._show(self._box)

    def open(self) -> None:
        """Covers all screens; the keyboard goes to the one with the mouse."""
        for cover in self.covers:
            cover.showFullScreen()
        self.covers[0].activateWindow()
        self.covers[0].setFocus()

    def leave(self) -> None:
        """Uncovers them."""
        for cover in self.covers:
            cover.hide()
            cover.deleteLater()
        self.covers = []
        self.deleteLater()

    def _press(self, cover: ScreenCover, x: int, y: int) -> None:
        self._held = edge_at(self._box, x, y, cover.reach) if self._box else None
        self._last = (x, y)
        self._start = (x, y)
        if self._held is None:
            self._show(None)

    def _drag(self, x: int, y: int) -> None:
        across, down = x - self._last[0], y - self._last[1]
        if self._held is None or self._box is None:
            self._show(between(self._start, (x, y), self._area))
        elif self._held is Edge.NONE:
            self._show(moved(self._box, across, down, self._area))
        else:
            self._show(stretched(self._box, self._held, across, down, self._area))
        self._last = (x, y)

    def _key(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._box is not None:
                self.selected.emit(self._box)
        elif key in _STEPS:
            self._step(*_STEPS[key], event.modifiers())

    def _step(self, across: int, down: int, modifiers: Qt.KeyboardModifier) -> None:
        far = _FAR if Qt.KeyboardModifier.ControlModifier in modifiers else 1
        box = self._box or _middle(self._area)
        if Qt.KeyboardModifier.ShiftModifier in modifiers:
            edge = Edge.RIGHT | Edge.BOTTOM
            self._show(stretched(box, edge, across * far, down * far, self._area))
        else:
            self._show(moved(box, across * far, down * far, self._area))

    def _show(self, box: Box | None) -> None:
        self._box = box
        for cover in self.covers:
            cover.box = box
            cover.setAccessibleDescription(region_words(box) if box else "")
            cover.update()


def _middle(area: Box) -> Box:
    """Where one begins without a mouse."""
    return Box(area.x + area.width // 4, area.y + area.height // 4, area.width // 2, area.height // 2)


def _around(whole: QRect, hole: QRect | None) -> list[QRect]:
    """What of the window lies outside of the hole."""
    if hole is None:
        return [whole]
    hole = hole.intersected(whole)
    if hole.isEmpty():
        return [whole]
    return [
        QRect(whole.left(), whole.top(), whole.width(), hole.top() - whole.top()),
        QRect(whole.left(), hole.bottom() + 1, whole.width(), whole.bottom() - hole.bottom()),
        QRect(whole.left(), hole.top(), hole.left() - whole.left(), hole.height()),
        QRect(hole.right() + 1, hole.top(), whole.right() - hole.right(), hole.height()),
    ]
