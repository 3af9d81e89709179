"""The window with the camera, in the shape of the bubble that is recorded. It decides nothing."""

from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from desktop.i18n import tr
from desktop.models.bubble import SIZES, Arrangement, Bubble, Shape

_CORNER = 0.12  # as the recorder cuts it (capture/cutout.py)
_RING = 1 / 90
_NOTCH = 120  # of a wheel, in eighths of a degree
_FLAGS = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool
_STEPS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}
_FAR = 20  # pixels, without Shift
_OUTSIDE = QRegion(-2, -2, 1, 1)  # a shape without a pixel; an empty region would be no shape at all


class BubbleWindow(QWidget):
    """Shows pictures of the camera; tells how it is dragged, turned and chosen."""

    grabbed = Signal()
    dragged = Signal(QPoint)  # from where it was grabbed, in points
    dropped = Signal()
    nudged = Signal(QPoint)  # by keys, in pixels
    turned = Signal(int)  # notches of the wheel, larger where positive
    size_chosen = Signal(float)
    shape_chosen = Signal(object)
    mirror_chosen = Signal(bool)
    arrangement_chosen = Signal(object)
    hide_wanted = Signal()

    def __init__(self, *, see_through: bool) -> None:
        super().__init__(None, _FLAGS)
        self._see_through = see_through
        self._image: QImage | None = None
        self._bubble = Bubble()
        self._words = ""
        self._grabbed_at: QPoint | None = None
        self.seen = True
        self.setWindowTitle(tr("Heddle: camera"))
        self.setAccessibleName(tr("Camera"))
        self.setToolTip(tr("Drag it; turn the wheel for its size; right click for more"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, see_through)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def show_bubble(self, bubble: Bubble, place: QRect) -> None:
        """Its shape, and where it lies, in points."""
        changed = (bubble.shape, place.size()) != (self._bubble.shape, self.size())
        self._bubble = bubble
        self.setGeometry(place)
        if changed:
            self._cut()
        self.update()

    def set_seen(self, *, seen: bool) -> None:
        """Out of sight, or back; it keeps the keyboard, which a window that is hidden loses."""
        if seen is not self.seen:
            self.seen = seen
            self._cut()

    def show_image(self, image: QImage | None) -> None:
        """The newest picture of the camera; None for none."""
        if (image is None) is not (self._image is None):
            self.setAccessibleDescription("" if image else self._words)
        self._image = image
        self.update()

    def show_words(self, words: str) -> None:
        """What stands there without a picture."""
        self._words = words
        self.setAccessibleDescription(words)
        self.update()

    def menu(self) -> QMenu:
        """Sizes, shapes, mirror, layouts, hide; belongs to who asks."""
        menu, now = QMenu(self), self._bubble
        for words, size in zip((tr("&Small"), tr("&Medium"), tr("&Large")), SIZES, strict=True):
            self._add(menu, words, now.size == size, partial(self.size_chosen.emit, size))
        menu.addSeparator()
        for words, shape in ((tr("&Circle"), Shape.CIRCLE), (tr("&Rounded"), Shape.ROUNDED)):
            self._add(menu, words, now.shape is shape, partial(self.shape_chosen.emit, shape))
        mirror = tr("As in a m&irror")
        self._add(menu, mirror, now.mirrored, partial(self.mirror_chosen.emit, not now.mirrored))
        menu.addSeparator()
        for words, arrangement in (
            (tr("Screen &and camera"), Arrangement.BUBBLE),
            (tr("Camera &only"), Arrangement.CAMERA),
            (tr("Camera &with a small screen"), Arrangement.SWAPPED),
        ):
            chosen = now.arrangement is arrangement
            self._add(menu, words, chosen, partial(self.arrangement_chosen.emit, arrangement))
        menu.addSeparator()
        menu.addAction(tr("&Hide the camera"), self.hide_wanted.emit)
        return menu

    def _add(self, menu: QMenu, words: str, chosen: bool, act: "partial[None]") -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(chosen)
        action.triggered.connect(lambda _checked: act())
        return action

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        outline = self._outline()
        painter.setClipPath(outline)
        painter.fillPath(outline, QColor("#26272e"))
        if self._image is not None:
            side = min(self._image.width(), self._image.height())
            middle = QRect((self._image.width() - side) // 2, (self._image.height() - side) // 2, side, side)
            painter.drawImage(self.rect(), self._image, middle)
        else:
            painter.setPen(QColor("#ffffff"))
            box = self.rect().adjusted(*(round(part * self.width() / 6) for part in (1, 1, -1, -1)))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, self._words)
        width = max(1.5, min(self.width(), self.height()) * _RING)
        painter.setPen(QPen(QColor(245, 245, 245), 2 * width))  # half of it is clipped away
        painter.drawPath(outline)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton:
            self._grabbed_at = event.globalPosition().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.grabbed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._grabbed_at is not None:
            self.dragged.emit(event.globalPosition().toPoint() - self._grabbed_at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton and self._grabbed_at is not None:
            self._grabbed_at = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.dropped.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        notches = round(event.angleDelta().y() / _NOTCH)
        if notches:
            self.turned.emit(notches)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """All that the mouse can do."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.nudged.emit(_STEPS[key] * (1 if fine else _FAR))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.turned.emit(1)
        elif key == Qt.Key.Key_Minus:
            self.turned.emit(-1)
        elif key == Qt.Key.Key_Escape:
            self.hide_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _cut(self) -> None:
        """The window's shape, where it has one."""
        if not self.seen:
            self.setMask(_OUTSIDE)
        elif self._see_through:
            self.clearMask()
        else:
            self.setMask(QRegion(self._outline().toFillPolygon().toPolygon()))

    def _outline(self) -> QPainterPath:
        path, side = QPainterPath(), min(self.width(), self.height())
        if self._bubble.shape is Shape.CIRCLE:
            path.addEllipse(QRectF(self.rect()))
        else:
            path.addRoundedRect(QRectF(self.rect()), side * _CORNER, side * _CORNER)
        return path
