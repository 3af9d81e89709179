"""What the system lets Heddle record, and the way to where that is changed."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.permissions import Row
from desktop.views import theme
from desktop.views.words import heading, muted, paragraph


class PermissionsPage(QWidget):
    """A card for each permission."""

    page_clicked = Signal(str)  # the address of the system's page

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._intro = paragraph(
            tr("Heddle records when you say so and never otherwise. The system may want your word too:")
        )
        self._layout.addWidget(self._intro)
        self._cards: list[QFrame] = []
        self.buttons: list[QPushButton] = []
        self._layout.addStretch()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """All of them anew."""
        for card in self._cards:
            self._layout.removeWidget(card)
            card.deleteLater()
        self.buttons = []
        self._cards = [self._card(row) for row in rows]
        for number, card in enumerate(self._cards):
            self._layout.insertWidget(1 + number, card)

    def _card(self, row: Row) -> QFrame:
        card = QFrame()
        theme.card(card)
        card.setAccessibleName(f"{row.title}: {row.status}")
        grid = QGridLayout(card)
        status = QLabel(f"{'✓' if row.fine else '!' if row.denied else '?'}  {row.status}")
        status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(heading(row.title, scale=1.0), 0, 0)
        grid.addWidget(status, 0, 1)
        grid.addWidget(muted(row.why), 1, 0, 1, 2)
        if row.hint:
            grid.addWidget(paragraph(row.hint), 2, 0)
        if row.page:
            button = QPushButton(tr("Open the system's settings"))
            button.setAccessibleName(tr("Open the system's settings: {what}", what=row.title))
            button.clicked.connect(partial(self.page_clicked.emit, row.page))
            grid.addWidget(button, 2, 1, Qt.AlignmentFlag.AlignRight)
            self.buttons.append(button)
        grid.setColumnStretch(0, 1)
        return card
