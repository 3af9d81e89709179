"""A Wayland program with one window over the whole screen: blue, with a green bar that moves over its middle.

Run as `python -m tests.support.wayland_window`; it says a line once it was drawn.
"""

import sys

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRasterWindow
from PySide6.QtWidgets import QApplication

BLUE, GREEN = QColor(0, 0, 255), QColor(0, 255, 0)
BAR_WIDTH, STEP, EVERY_MS = 40, 8, 40
SEEN_STEP = 10


class Window(QRasterWindow):
    def __init__(self) -> None:
        super().__init__()
        self._step = 0
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._move)
        self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt calls it so
        painter = QPainter(self)
        painter.fillRect(event.rect(), BLUE)
        painter.fillRect(self._bar(), GREEN)
        painter.end()

    def _move(self) -> None:
        before = self._bar()
        if self._step == SEEN_STEP:  # a fullscreen window is painted in other sizes before
            print("drawn", flush=True)
        self._step += 1
        self.update(before.united(self._bar()))

    def _bar(self) -> QRect:
        left = self._step * STEP % max(1, self.width() - BAR_WIDTH)
        return QRect(left, self.height() // 2, BAR_WIDTH, 32)


if __name__ == "__main__":
    application = QApplication(sys.argv)
    window = Window()
    window.setCursor(Qt.CursorShape.ArrowCursor)
    window.showFullScreen()
    sys.exit(application.exec())
