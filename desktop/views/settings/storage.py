"""What recordings take, take by take, and the button that makes room."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.storage import Kept, Room
from desktop.models.words import duration, size
from desktop.views import theme
from desktop.views.words import say


class StoragePart(QWidget):
    """Shows the room and passes on clicks."""

    shown = Signal()  # somebody looks at it
    clean_clicked = Signal()
    undo_clicked = Signal()
    folder_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.total = QLabel(tr("Looking…"), wordWrap=True)
        self.total.setAccessibleName(tr("Room taken"))
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels([tr("Recording"), tr("Length"), tr("Size"), tr("Where")])
        self.table.setAccessibleName(tr("Recordings on this computer"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            self.table.horizontalHeader().setSectionResizeMode(
                column, QHeaderView.ResizeMode.ResizeToContents
            )
        self.table.setMinimumHeight(theme.space(self, 24))
        self.clean = QPushButton(tr("&Make room"))
        self.clean.setEnabled(False)
        self.undo = QPushButton(tr("&Undo"))
        self.undo.hide()
        self.folder = QPushButton(tr("Open &folder"))
        self.said = QLabel(wordWrap=True)
        self.said.setAccessibleName(tr("What became of it"))
        self.clean.clicked.connect(self.clean_clicked)
        self.undo.clicked.connect(self.undo_clicked)
        self.folder.clicked.connect(self.folder_clicked)
        self._arrange()

    def show_room(self, room: Room) -> None:
        """What is taken now."""
        count, total = len(room.takes), size(room.total_bytes)
        words = tr("{count} recordings take {total}.", count=count, total=total)
        if count == 1:
            words = tr("1 recording takes {total}.", total=total)
        if room.trash_bytes:
            words += " " + tr("{trash} are in the trash, for seven days.", trash=size(room.trash_bytes))
        self.total.setText(words)
        self._fill(room.takes)
        self.clean.setEnabled(bool(room.removable_bytes))
        self.clean.setText(
            tr("&Make room: {size}", size=size(room.removable_bytes))
            if room.removable_bytes
            else tr("&Make room")
        )

    def show_trouble(self, words: str) -> None:
        """Nobody knows what is taken."""
        self.total.setText(f"{tr('What recordings take cannot be found out.')} {words}".strip())
        self._fill(())
        self.clean.setEnabled(False)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self.shown.emit()

    def show_words(self, words: str, *, can_undo: bool = False) -> None:
        """What became of the last click."""
        say(self.said, words)
        self.undo.setVisible(can_undo)

    def _fill(self, takes: Sequence[Kept]) -> None:
        self.table.setRowCount(len(takes))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, take in enumerate(takes):
            where = tr("also on the server") if take.on_server else tr("only here")
            texts = (take.title, duration(take.duration_s), size(take.bytes), where)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column in (1, 2):
                    item.setTextAlignment(right)
                self.table.setItem(row, column, item)

    def _arrange(self) -> None:
        about = QLabel(
            tr(
                "Room is made of recordings that the server has exactly as they are here; it is asked again"
                " for each. They go to the trash, from which they come back for seven days."
            ),
            wordWrap=True,
        )
        about.setForegroundRole(about.palette().ColorRole.PlaceholderText)
        buttons = QHBoxLayout()
        for button in (self.clean, self.undo, self.folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.total)
        layout.addWidget(self.table)
        layout.addWidget(about)
        layout.addLayout(buttons)
        layout.addWidget(self.said)
        self.show_words("")
