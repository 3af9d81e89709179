"""A part of a page whose matter has a window of its own."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.views import theme


class OpeningPart(QWidget):
    """Says what is there, and passes on the click."""

    clicked = Signal()

    def __init__(self, about: str, words: str) -> None:
        super().__init__()
        text = QLabel(about, wordWrap=True)
        text.setForegroundRole(text.palette().ColorRole.PlaceholderText)
        self.button = QPushButton(words)
        self.button.setMinimumWidth(theme.em(self, 24))
        self.button.clicked.connect(lambda _checked=False: self.clicked.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(text)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
