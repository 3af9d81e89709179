"""The recordings themselves: a grid of cards or a list of lines, by mouse and by keyboard."""

from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QMovie, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.i18n import tr
from desktop.models.library.items import Item
from desktop.views import theme
from desktop.views.library.card import Card, Line
from desktop.views.library.rows import ITEM, Rows

_CARD_EM = 34  # a card is at least so many letters wide
_POSTER_EM = 46  # the widest that a poster becomes in several columns
_HOVER_MS = 350  # before a poster begins to move
_STEP = 8


class Grid(QListView):
    """`opened` carries the item and the second to begin at."""

    opened = Signal(object, float)
    preview_wanted = Signal(object)  # the pointer rests on this Item
    chosen = Signal()

    def __init__(self, rows: Rows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Recordings"))
        self.setModel(rows)
        self._rows = rows
        self._card, self._line = Card(self), Line(self)
        self._movie: QMovie | None = None
        self._under = ""
        self._rest = QTimer(self, singleShot=True, interval=_HOVER_MS)
        self._rest.timeout.connect(self._rested)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Always there, so that the cards need not be laid out again for it.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_as_grid(grid=True)

    def show_as_grid(self, *, grid: bool) -> None:
        """Cards, or else lines."""
        self.setViewMode(QListView.ViewMode.IconMode if grid else QListView.ViewMode.ListMode)
        self.setItemDelegate(self._card if grid else self._line)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setDragEnabled(True)  # which the mode has switched
        self._fit()

    @property
    def poster_width(self) -> int:
        """Pixels that a poster needs on this screen: hundreds of them are in memory."""
        return round(theme.em(self, _POSTER_EM) * self.devicePixelRatioF())

    @property
    def is_grid(self) -> bool:
        return self.viewMode() is QListView.ViewMode.IconMode

    def chosen_items(self) -> list[Item]:
        """In the order of the rows."""
        return self._rows.loaded(self._chosen_rows())

    def missing(self) -> list[int]:
        """Ids of what is chosen and was not loaded yet: rows that nobody has seen."""
        return self._rows.not_loaded(self._chosen_rows())

    def _chosen_rows(self) -> list[int]:
        """By its stretches: of ten thousand rows, an index for each would take long."""
        stretches = self.selectionModel().selection()
        found = (stretches.at(number) for number in range(stretches.count()))
        return sorted(row for one in found for row in range(one.top(), one.bottom() + 1))

    def choose(self, number: int) -> None:
        """Makes an item the current one, and shows it."""
        row = self._rows.row_of(number)
        if row >= 0:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._rows.index(row), flags)
            self.scrollTo(self._rows.index(row))

    def rename_current(self) -> None:
        if self.currentIndex().isValid():
            self.edit(self.currentIndex())

    def play_preview(self, key: str, path: Path) -> None:
        """Moves the poster of the item under the pointer, if it is still there."""
        if key != self._under:
            return
        self._stop_preview()
        movie = QMovie(str(path), parent=self)
        if not movie.isValid():
            movie.deleteLater()
            return
        self._movie = movie
        for delegate in (self._card, self._line):
            delegate.moving = key, lambda: movie.currentPixmap() if self._movie is movie else QPixmap()
        movie.frameChanged.connect(lambda _frame: self.viewport().update())
        movie.start()

    def selectionChanged(self, selected: object, deselected: object) -> None:  # noqa: N802 - Qt's name
        super().selectionChanged(selected, deselected)  # type: ignore[arg-type]  # as Qt gives them
        self.chosen.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Who comes by keyboard has chosen what they see framed: Qt would only frame it."""
        super().focusInEvent(event)
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_keys and not self.selectionModel().hasSelection() and self.currentIndex().isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self.currentIndex(), flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._editing:
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._open(self.indexAt(event.position().toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        super().mouseMoveEvent(event)
        item: Item | None = self.indexAt(event.position().toPoint()).data(ITEM)
        key = item.key if item else ""
        if key != self._under:
            self._under = key
            self._stop_preview()
            self._rest.start()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().leaveEvent(event)
        self._under = ""
        self._stop_preview()

    @property
    def _editing(self) -> bool:
        return self.state() is QAbstractItemView.State.EditingState

    def _open(self, index: QModelIndex) -> None:
        """Where words are looked for, at the moment in which they were said."""
        item: Item | None = index.data(ITEM) if index.isValid() else None
        if item is not None:
            moment = self._card.moment_at(index)
            self.opened.emit(item, moment.at_s if moment else 0.0)

    def _rested(self) -> None:
        item: Item | None = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos())).data(ITEM)
        if item is not None and item.key == self._under:
            self.preview_wanted.emit(item)

    def _stop_preview(self) -> None:
        movie, self._movie = self._movie, None
        self._card.moving = self._line.moving = None
        if movie:
            movie.stop()
            movie.deleteLater()
            self.viewport().update()

    def _fit(self) -> None:
        """As many columns as there is room for, without a ragged edge."""
        if not self.is_grid:
            self.setGridSize(QSize())
            return
        room = max(1, self.viewport().width() - 1)
        columns = max(1, room // theme.em(self, _CARD_EM))
        size = self._card.card_size(room // columns)
        if size != self.gridSize():
            self.setGridSize(size)
        self.verticalScrollBar().setSingleStep(max(1, size.height() // _STEP))
