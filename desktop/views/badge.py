"""Heddle's icon while something is recorded: with a light in its corner."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.views import theme

_SIZES = (16, 22, 24, 32, 48, 64)  # pixels: Qt takes the one that fits the tray


def with_dot(base: QIcon, *, steady: bool) -> QIcon:
    """The same with a dot: full while recording, a ring while paused."""
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_dotted(base.pixmap(QSize(size, size), 1.0), steady=steady))
    return made


def _dotted(pixmap: QPixmap, *, steady: bool) -> QPixmap:
    side = min(pixmap.width(), pixmap.height())
    dot = QRectF(side * 0.5, side * 0.5, side * 0.46, side * 0.46)
    rim, hole = side * 0.05, side * 0.14
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawEllipse(dot)
    painter.setBrush(theme.live(QApplication.palette()))
    painter.drawEllipse(dot.adjusted(rim, rim, -rim, -rim))
    if not steady:
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawEllipse(dot.adjusted(hole, hole, -hole, -hole))
    painter.end()
    return pixmap
