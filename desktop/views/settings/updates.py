"""Which version this is, and whether there is another."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.views.words import say


class UpdatesPart(QWidget):
    """Shows words and passes on clicks."""

    look_clicked = Signal()
    open_clicked = Signal()

    def __init__(self, version: str) -> None:
        super().__init__()
        self.version = QLabel(tr("This is Heddle {version}.", version=version))
        self.said = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.said.setAccessibleName(tr("News of versions"))
        self.look = QPushButton(tr("&Look now"))
        self.page = QPushButton(tr("&Open its page"))
        self.page.hide()
        self.look.clicked.connect(self.look_clicked)
        self.page.clicked.connect(self.open_clicked)
        buttons = QHBoxLayout()
        buttons.addWidget(self.look)
        buttons.addWidget(self.page)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.version)
        layout.addLayout(buttons)
        layout.addWidget(self.said)
        self.show_words("")

    def show_looking(self) -> None:
        """Somebody is asked, who may take their time."""
        self.show_words(tr("Looking…"))
        self.look.setEnabled(False)

    def show_words(self, words: str, *, page: bool = False) -> None:
        """What was found; `page` when there is one to open."""
        self.look.setEnabled(True)
        say(self.said, words)
        self.page.setVisible(page)
