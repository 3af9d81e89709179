"""What one picks from: pictures of screens and windows, and lists of devices."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QListView, QListWidget, QListWidgetItem, QWidget

from desktop.i18n import tr
from desktop.models.sources import Item
from desktop.views import theme

_ID = Qt.ItemDataRole.UserRole


class ThumbnailList(QListWidget):
    """One of several screens or windows, each with its picture as soon as there is one."""

    picked = Signal(str)  # its id

    def __init__(self, symbol: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = symbol
        self._items: tuple[Item, ...] = ()
        self._pictures: dict[str, QIcon] = {}
        em = self.fontMetrics().height()
        self.setIconSize(QSize(9 * em, 5 * em))
        self.setGridSize(QSize(10 * em, 7 * em))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMinimumSize(QSize(32 * em, 8 * em))
        self.currentItemChanged.connect(self._tell)

    def show_items(self, items: Sequence[Item], chosen: str) -> None:
        """The usable ones; why there is none, where there is none."""
        with QSignalBlocker(self):
            # Not made anew for a choice: that may come from a click on one of the items.
            if tuple(items) != self._items:
                self._items = tuple(items)
                self._fill()
            for row in range(self.count()):
                if self.item(row).data(_ID) == chosen and row != self.currentRow():
                    self.setCurrentRow(row)

    def show_picture(self, id_: str, jpeg: bytes) -> None:
        """What it looks like now."""
        pixmap = QPixmap()
        if not pixmap.loadFromData(jpeg):
            return
        self._pictures[id_] = QIcon(pixmap)
        for row in range(self.count()):
            if self.item(row).data(_ID) == id_:
                self.item(row).setIcon(self._pictures[id_])

    def _fill(self) -> None:
        self.clear()
        for item in self._items:
            shown = QListWidgetItem(item.name or tr("Untitled"), self)
            shown.setData(_ID, item.id)
            if item.usable:
                shown.setIcon(self._pictures.get(item.id) or theme.icon(self._symbol))
                shown.setToolTip(item.name)
            else:
                shown.setText(item.reason)
                shown.setFlags(Qt.ItemFlag.NoItemFlags)

    def _tell(self, current: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if current is not None:
            self.picked.emit(str(current.data(_ID)))


class ValueBox(QComboBox):
    """A list of (value, words); knows the value that is chosen."""

    picked = Signal(object)  # the value; only when a person picked it

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.activated.connect(lambda _index: self.picked.emit(self.currentData()))

    def offer(self, values: Sequence[tuple[Any, str]], chosen: object) -> None:
        """One that is chosen but not there stays chosen: it may be plugged in again."""
        known = [value for value, _ in values]
        if [self.itemData(index) for index in range(self.count())] != known or self.currentData() != chosen:
            self.clear()
            for value, words in values:
                self.addItem(words, value)
            if chosen not in known:
                self.addItem(tr("{name} (not connected)", name=chosen), chosen)
            self.setCurrentIndex(self.findData(chosen))
