"""What was said, line by line with its times: read while it is written, corrected afterwards."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from desktop.i18n import tr
from desktop.models.words import duration
from media.transcript import Segment

_TIME, _TEXT = 0, 1
_Flag = Qt.ItemFlag


class TranscriptText(QTableWidget):
    """A row for each segment; a double click or F2 opens it for correction."""

    corrected = Signal(int, str)  # the segment's id, and its text from now on

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setHorizontalHeaderLabels([tr("Time"), tr("What was said")])
        self.setAccessibleName(tr("What was said"))
        self.verticalHeader().hide()
        self.setWordWrap(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(_TIME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_TEXT, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._editable = False
        self.cellChanged.connect(self._changed)

    def show_segments(self, segments: Sequence[Segment], *, editable: bool) -> None:
        """All of them."""
        self._editable = editable
        self.setRowCount(0)
        for segment in segments:
            self.add(segment)

    def add(self, segment: Segment) -> None:
        """One more, as it is heard; the newest is in view where the last one was."""
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum()
        row = self.rowCount()
        self.blockSignals(True)
        self.insertRow(row)
        time = QTableWidgetItem(duration(segment.start))
        time.setFlags(_Flag.ItemIsEnabled | _Flag.ItemIsSelectable)
        time.setData(Qt.ItemDataRole.UserRole, segment.id)
        text = QTableWidgetItem(segment.text)
        text.setToolTip(_words(segment))
        flags = _Flag.ItemIsEnabled | _Flag.ItemIsSelectable
        text.setFlags(flags | _Flag.ItemIsEditable if self._editable else flags)
        self.setItem(row, _TIME, time)
        self.setItem(row, _TEXT, text)
        self.blockSignals(False)
        if follows and not self._editable:
            self.scrollToBottom()

    def _changed(self, row: int, column: int) -> None:
        item, time = self.item(row, column), self.item(row, _TIME)
        if column == _TEXT and item is not None and time is not None:
            self.corrected.emit(time.data(Qt.ItemDataRole.UserRole), item.text())


def _words(segment: Segment) -> str:
    """Each word and when it is said."""
    return "\n".join(f"{word.start:7.2f}  {word.text}" for word in segment.words)
