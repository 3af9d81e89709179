"""The library's items as Qt's views want them: an order of ids, of which only what is seen is ever loaded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPixmap

from desktop.models.library.items import Item, Moment, Standing
from desktop.models.library.speech import Jobs, speech_percent, speech_words
from desktop.models.library.wording import moment_words, spoken, state_line
from desktop.models.words import problem_text
from desktop.views.words import plain_tip

Index = QModelIndex | QPersistentModelIndex
ITEM = Qt.ItemDataRole.UserRole + 1
PICTURE = Qt.ItemDataRole.UserRole + 2
MOMENTS = Qt.ItemDataRole.UserRole + 3
STATE = Qt.ItemDataRole.UserRole + 4  # in words
PERCENT = Qt.ItemDataRole.UserRole + 5  # of what is under way; None where nothing is
MIME = "application/x-heddle-recordings"
_AT_ONCE = 64  # loaded around what is asked for
_MOST_PICTURES = 300  # kept in memory; the rest is on disk
_FEW = 40  # rows that come or go one by one, so that what is chosen stays chosen

Role = Qt.ItemDataRole


class Rows(QAbstractListModel):
    """Asks by signals for what it lacks, once the views have said what they show."""

    wanted = Signal(list)  # ids of items to load
    picture_wanted = Signal(object)  # an Item whose poster is to be shown
    renamed = Signal(object, str)  # an Item, its new title

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._ids: list[int] = []
        self._items: dict[int, Item] = {}
        self._moments: dict[int, Sequence[Moment]] = {}
        self._pictures: dict[str, QPixmap | None] = {}
        self._asked: set[int] = set()
        self.jobs: Jobs = {}
        self._recording = False
        self._told: dict[int, Callable[[Item], Any]] = {
            Role.DisplayRole: lambda item: item.title,
            Role.EditRole: lambda item: item.title,
            Role.AccessibleTextRole: self._said_aloud,
            Role.ToolTipRole: lambda item: plain_tip(self._tip(item)),
            ITEM: lambda item: item,
            PICTURE: self._picture,
            MOMENTS: lambda item: self._moments.get(item.id, ()),
            STATE: lambda item: state_line(item, self._speech(item)),
            PERCENT: self._percent,
        }
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._ask)

    # What the controller tells.

    def show(self, ids: Sequence[int]) -> None:
        """The rows from now on. What is chosen stays chosen where only a few come or go."""
        new = list(ids)
        if new == self._ids:
            return
        gone = set(self._ids) - set(new)
        come = set(new) - set(self._ids)
        if len(gone) + len(come) > _FEW:
            self.beginResetModel()
            self._ids = new
            self.endResetModel()
            return
        self._remove(gone)
        self._sort([one for one in new if one not in come])
        self._insert(new, come)

    def fill(self, items: Mapping[int, Item], moments: Mapping[int, Sequence[Moment]] | None = None) -> None:
        """Items that were asked for, or that changed."""
        places = {number: row for row, number in enumerate(self._ids)}
        self._asked -= items.keys()
        for number, item in items.items():
            before = self._items.get(number)
            if before and (before.standing, not before.poster_url) != (item.standing, not item.poster_url):
                self._pictures.pop(item.key, None)  # there may be another one by now
        self._items |= items
        self._moments |= moments or {}
        rows = sorted(places[number] for number in items if number in places)
        if rows:
            self.dataChanged.emit(self.index(rows[0]), self.index(rows[-1]))

    def stale(self, ids: Iterable[int]) -> None:
        """They changed: those that are shown are loaded again; until then the old ones stay in sight."""
        changed = [number for number in ids if number in self._items]
        shown = set(self._ids) if changed else set()
        for number in changed:
            if number not in shown:
                del self._items[number]
        if again := [number for number in changed if number in shown]:
            self.wanted.emit(again)

    def forget_moments(self) -> None:
        """Other words are looked for."""
        self._moments.clear()
        self._asked.clear()
        self._items.clear()

    def put_picture(self, key: str, picture: QPixmap | None) -> None:
        """A poster; None where there is none."""
        self._pictures[key] = picture
        while len(self._pictures) > _MOST_PICTURES:
            self._pictures.pop(next(iter(self._pictures)))
        for row, number in enumerate(self._ids):
            item = self._items.get(number)
            if item is not None and item.key == key:
                self.dataChanged.emit(self.index(row), self.index(row), [PICTURE])
                return

    def show_jobs(self, jobs: Jobs, *, recording: bool) -> None:
        """Which recordings are written down, and how far; whether that waits for one that is made."""
        known = self.jobs.keys() | jobs.keys()
        if recording == self._recording:
            known = {path for path in known if self.jobs.get(path) != jobs.get(path)}
        self.jobs, self._recording = jobs, recording
        for row, number in enumerate(self._ids):
            item = self._items.get(number)
            if item is not None and item.path in known:
                self.dataChanged.emit(self.index(row), self.index(row), [STATE, PERCENT])

    def look_for_pictures(self) -> None:
        """Those that could not be had may be there now."""
        self._pictures = {key: picture for key, picture in self._pictures.items() if picture is not None}
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1), [PICTURE])

    @property
    def ids(self) -> Sequence[int]:
        return self._ids

    def item_at(self, index: Index) -> Item | None:
        return self._items.get(self._ids[index.row()]) if index.isValid() else None

    def loaded(self, rows: Iterable[int]) -> list[Item]:
        """The items of these rows, as far as they are loaded."""
        found = (self._items.get(self._ids[row]) for row in rows)
        return [item for item in found if item is not None]

    def not_loaded(self, rows: Iterable[int]) -> list[int]:
        """The ids of those rows that are not."""
        return [self._ids[row] for row in rows if self._ids[row] not in self._items]

    def row_of(self, number: int) -> int:
        """-1 for what is not shown."""
        return self._ids.index(number) if number in self._ids else -1

    # What Qt asks.

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        item = self._items.get(self._ids[index.row()])
        if item is None:
            self._load_around(index.row())
            return None
        told = self._told.get(role)
        return told(item) if told else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 - Qt's
        item = self.item_at(index)
        title = str(value).strip()
        if item is None or role != Qt.ItemDataRole.EditRole or not title or title == item.title:
            return False
        self.renamed.emit(item, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        item = self.item_at(index)
        return usual | Qt.ItemFlag.ItemIsEditable if item and item.trashed_at is None else usual

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        data = QMimeData()
        keys = [item.key for item in map(self.item_at, indexes) if item is not None]
        data.setData(MIME, QByteArray("\n".join(keys).encode()))
        return data

    # How.

    def _said_aloud(self, item: Item) -> str:
        words = spoken(item, datetime.now().astimezone(), self._speech(item))
        moments = self._moments.get(item.id)
        return f"{words}, {moment_words(moments[0])}" if moments else words

    def _tip(self, item: Item) -> str:
        """A card may have cut the title off, and problems have more to say."""
        job = self.jobs.get(item.path) if item.path else None
        problems = (item.problem, job.problem if job else None)
        told = (problem_text(one) for one in problems if one)
        return "\n".join(filter(None, (item.title, *told, item.refused)))

    def _speech(self, item: Item) -> str:
        job = self.jobs.get(item.path) if item.path else None
        return speech_words(job, recording=self._recording)

    def _percent(self, item: Item) -> int | None:
        if item.percent is not None and item.standing is not Standing.READY:
            return item.percent
        return speech_percent(self.jobs.get(item.path) if item.path else None)

    def _picture(self, item: Item) -> QPixmap | None:
        if item.key not in self._pictures:
            self._pictures[item.key] = None
            self.picture_wanted.emit(item)
        return self._pictures[item.key]

    def _load_around(self, row: int) -> None:
        """Gathers what one round of painting lacks, and asks for it once."""
        first = max(0, row - _AT_ONCE // 2)
        self._asked |= {number for number in self._ids[first : first + _AT_ONCE] if number not in self._items}
        self._timer.start()

    def _ask(self) -> None:
        if self._asked:
            self.wanted.emit(sorted(self._asked))

    def _remove(self, gone: set[int]) -> None:
        for row in range(len(self._ids) - 1, -1, -1):
            if self._ids[row] in gone:
                self.beginRemoveRows(QModelIndex(), row, row)
                self._items.pop(self._ids.pop(row), None)
                self.endRemoveRows()

    def _sort(self, ordered: list[int]) -> None:
        if ordered == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = {number: row for row, number in enumerate(ordered)}
        after = [self.createIndex(places[self._ids[index.row()]], 0) for index in before]
        self._ids = ordered
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _insert(self, new: list[int], come: set[int]) -> None:
        for row, number in enumerate(new):
            if number in come:
                self.beginInsertRows(QModelIndex(), row, row)
                self._ids.insert(row, number)
                self.endInsertRows()
