"""Where to look: everything, what is here, folders, tags, trash; a place to drop recordings into folders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.library.items import Folder
from desktop.models.library.query import Place
from desktop.views import theme
from desktop.views.library.folder_menu import folder_menu
from desktop.views.library.rows import MIME

_SPOT = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Spot:
    """What one entry stands for."""

    place: Place = Place.ALL
    folder: str | None = None
    tag: str | None = None


class Sidebar(QTreeWidget):
    went = Signal(object)  # to a Spot
    folder_wanted = Signal(object)  # a FolderChange
    dropped = Signal(list, object)  # keys of recordings; the id of a folder, "" for none, or Place.TRASH

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Places"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(theme.space(self, 1.5))
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        theme.side(self)
        self._height = theme.space(self, 3.4)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self._known: tuple[object, ...] = ()
        self._by_id: dict[str, Folder] = {}
        self.currentItemChanged.connect(self._went)
        self.fill((), (), conflicts=False)

    def fill(self, folders: Sequence[Folder], tags: Sequence[tuple[str, int]], *, conflicts: bool) -> None:
        """All entries; the one that was chosen stays so while there is one like it."""
        known = (tuple(folders), tuple(tags), conflicts)
        if known == self._known:
            return
        self._known, self._by_id = known, {one.id: one for one in folders}
        spot = self.spot
        self.blockSignals(True)
        self.clear()
        self._entry(tr("All recordings"), "library", Spot())
        self._entry(tr("On this computer"), "storage", Spot(Place.HERE))
        if conflicts:
            self._entry(tr("To be decided"), "warning", Spot(Place.CONFLICTS))
        self._folders(folders)
        self._tags(tags)
        self._heading("")
        self._entry(tr("Trash"), "trash", Spot(Place.TRASH))
        self.expandAll()
        self.blockSignals(False)
        self.go(spot)

    @property
    def spot(self) -> Spot:
        entry = self.currentItem()
        found = entry.data(0, _SPOT) if entry else None
        return found if isinstance(found, Spot) else Spot()

    @property
    def place(self) -> str:
        """What the chosen entry is called."""
        entry = self.currentItem()
        return entry.text(0) if entry else ""

    def go(self, spot: Spot) -> None:
        """Chooses the entry of a spot, the first where there is none."""
        for entry in self._entries():
            if entry.data(0, _SPOT) == spot:
                self.setCurrentItem(entry)
                return
        first = self.topLevelItem(0)
        if first:
            self.setCurrentItem(first)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        if self._target(event) is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        target = self._target(event)
        if target is not None:
            keys = bytes(event.mimeData().data(MIME).data()).decode().split("\n")
            self.dropped.emit(keys, target)
            event.acceptProposedAction()

    def menu_at(self, place: QPoint) -> QMenu:
        """What can be done with the folder there, or where there is none."""
        entry = self.itemAt(place)
        spot = entry.data(0, _SPOT) if entry else None
        folder = self._by_id.get(spot.folder or "") if isinstance(spot, Spot) else None
        return folder_menu(self, folder, self.folder_wanted.emit)

    def _menu(self, place: QPoint) -> None:
        menu = self.menu_at(place)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(place))

    def _target(self, event: QDropEvent) -> str | Place | None:
        entry = self.itemAt(event.position().toPoint())
        spot = entry.data(0, _SPOT) if entry else None
        if not isinstance(spot, Spot) or spot.tag is not None:
            return None
        if spot.folder is not None:
            return spot.folder
        return {Place.ALL: "", Place.TRASH: Place.TRASH}.get(spot.place)

    def _went(self, entry: QTreeWidgetItem | None) -> None:
        spot = entry.data(0, _SPOT) if entry else None
        if isinstance(spot, Spot):
            self.went.emit(spot)

    def _folders(self, folders: Iterable[Folder]) -> None:
        """The tree; one whose parent is missing stands at the top."""
        below: dict[str | None, list[Folder]] = {}
        ids = {one.id for one in folders}
        for one in folders:
            below.setdefault(one.parent_id if one.parent_id in ids else None, []).append(one)
        if below:
            self._heading(tr("Folders"))
        self._branch(below, None, None)

    def _branch(
        self, below: dict[str | None, list[Folder]], parent: str | None, above: QTreeWidgetItem | None
    ) -> None:
        for one in below.get(parent, ()):
            entry = self._entry(one.name, "folder", Spot(folder=one.id), above)
            self._branch(below, one.id, entry)

    def _tags(self, tags: Sequence[tuple[str, int]]) -> None:
        if tags:
            self._heading(tr("Tags"))
        for tag, count in tags:
            self._entry(f"#{tag}  ({count})", "", Spot(tag=tag))

    def _heading(self, text: str) -> None:
        """A line that is no place to go to; without text it is a gap."""
        entry = QTreeWidgetItem([text])
        entry.setFlags(Qt.ItemFlag.ItemIsEnabled if text else Qt.ItemFlag.NoItemFlags)
        entry.setSizeHint(0, QSize(0, round(self._height * (1.3 if text else 0.5))))
        entry.setTextAlignment(0, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        font = entry.font(0)
        font.setBold(True)
        entry.setFont(0, font)
        self.addTopLevelItem(entry)

    def _entry(
        self, text: str, symbol: str, spot: Spot, above: QTreeWidgetItem | None = None
    ) -> QTreeWidgetItem:
        entry = QTreeWidgetItem([text])
        if symbol:
            entry.setIcon(0, theme.icon(symbol))
        entry.setData(0, _SPOT, spot)
        entry.setSizeHint(0, QSize(0, self._height))
        if above is None:
            self.addTopLevelItem(entry)
        else:
            above.addChild(entry)
        return entry

    def _entries(self) -> Iterable[QTreeWidgetItem]:
        entries = QTreeWidgetItemIterator(self)
        while entry := entries.value():
            yield entry
            entries += 1
