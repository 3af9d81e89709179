"""Where there is nothing to show: a picture, a sentence, and what one can do about it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.views import theme
from desktop.views.words import muted

_SIDE = 5.0  # of the picture, in half lines


class Empty(QWidget):
    """In the middle of the room that it has."""

    def __init__(self, symbol: str, text: str = "") -> None:
        super().__init__()
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.text = muted(text)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._symbol = ""
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(theme.space(self, 1.5))
        self._layout.addStretch()
        self._layout.addWidget(self._picture)
        self._layout.addWidget(self.text)
        self._layout.addStretch()
        self.say(text, symbol)

    def say(self, text: str, symbol: str) -> None:
        """Another sentence, beside another picture."""
        self.text.setText(text)
        if symbol != self._symbol:
            self._symbol = symbol
            color = theme.accent(self.palette())
            side = theme.space(self, _SIDE)
            self._picture.setPixmap(theme.pixmap(symbol, side, color, self.devicePixelRatioF()))

    def put(self, button: QPushButton) -> None:
        """Below the sentence."""
        self._layout.insertWidget(self._layout.count() - 1, button, alignment=Qt.AlignmentFlag.AlignCenter)
