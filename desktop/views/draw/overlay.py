"""The window over a whole screen that strokes are drawn on. It is in the recording, as any window is.

Between the strokes one sees, and clicks, what is below. Where the system cannot make windows see-through (an
X server without a compositing manager) the window has the shape of its strokes, and while somebody draws, it
holds the pointer.
"""

import sys
import time

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QRegion, QScreen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop.i18n import tr
from desktop.models.drawing import Drawing, Stroke
from desktop.views.draw import strokes

_OUTSIDE = QRegion(-2, -2, 1, 1)  # a shape without a pixel; an empty region would be no shape at all
# Without the window manager, which would keep it beside its panels.
_FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.Tool
    | Qt.WindowType.BypassWindowManagerHint
)
# Windows and macOS pass clicks through what is wholly transparent.
_TOUCHABLE = QColor(0, 0, 0, 0 if sys.platform == "linux" else 1)


class DrawOverlay(QWidget):
    """One screen. `active`: the mouse draws; otherwise clicks go to what is below."""

    pressed = Signal(QPointF)
    moved = Signal(QPointF, bool)  # whether Shift is held
    released = Signal()

    def __init__(self, screen: QScreen, *, see_through: bool) -> None:
        super().__init__(None, _FLAGS)
        self._see_through = see_through
        self._drawing, self._stay_s = Drawing(), 0.0
        self._regions: dict[Stroke, QRegion] = {}
        self.active = False
        self.setWindowTitle(tr("Heddle: drawing"))
        self.setAccessibleName(tr("Drawing on the screen"))
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, see_through)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())

    def set_active(self, *, on: bool) -> None:
        """Begins or ends that the mouse draws."""
        self.active = on
        self._show_or_hide()
        window = self.windowHandle()
        if window is None:
            return
        self.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        window.setFlag(Qt.WindowType.WindowTransparentForInput, not on)
        if not self._see_through:
            window.setMouseGrabEnabled(on)
        if on:
            self.raise_()
            self.activateWindow()
        self.update()

    def show_drawing(self, drawing: Drawing, stay_s: float) -> None:
        """Everything that is seen comes from here."""
        self._drawing, self._stay_s = drawing, stay_s
        self._show_or_hide()
        if not self._see_through:
            self._shape()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Only what was asked for is painted anew."""
        painter, now = QPainter(self), time.monotonic()
        if self._see_through:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(event.rect(), _TOUCHABLE if self.active else Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke in self._drawing.shown:
            if strokes.bounds(stroke).intersects(event.rect()):
                strength = stroke.strength(now, self._stay_s) if self._see_through else 1.0
                if not self._see_through:
                    painter.setClipRegion(self._regions.get(stroke, QRegion()))
                    painter.fillRect(strokes.bounds(stroke), QColor(stroke.colour))
                else:
                    strokes.paint(painter, stroke, strength)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Presses come here alone while the pointer is held: those on other windows of ours are passed on."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        below = self._other(event.globalPosition().toPoint())
        if below is None:
            self.pressed.emit(event.position())
        else:
            below.click()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.buttons() & Qt.MouseButton.LeftButton:
            straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.moved.emit(event.position(), straight)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton:
            self.released.emit()

    def _other(self, at: QPoint) -> QAbstractButton | None:
        if self._see_through:
            return None
        found = QApplication.widgetAt(at)
        return found if isinstance(found, QAbstractButton) and found.window() is not self else None

    def _show_or_hide(self) -> None:
        wanted = self.active or bool(self._drawing.shown)
        if wanted and not self.isVisible():
            if not self._see_through:
                self.setMask(_OUTSIDE)
            self.show()
        elif not wanted and self.isVisible():
            self.hide()

    def _shape(self) -> None:
        """What a stroke covers is worked out once, but for the one that is being drawn."""
        shown = self._drawing.shown
        self._regions = {one: self._regions.get(one) or strokes.region(one) for one in shown}
        whole = QRegion()
        for part in self._regions.values():
            whole += part
        self.setMask(whole if not whole.isEmpty() else _OUTSIDE)
