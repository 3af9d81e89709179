"""A part of a page of settings that opens a window of its own."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.views.words import paragraph


class OpeningPart(QWidget):
    """What the window is for, and the button."""

    clicked = Signal()

    def __init__(self, about: str, words: str) -> None:
        super().__init__()
        self.button = QPushButton(words)
        self.button.setAccessibleDescription(about)
        self.button.clicked.connect(self.clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(paragraph(about))
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
