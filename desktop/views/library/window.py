"""The library's window: places on the left, what is looked for above, recordings, and what can be done."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.library.commands import Command, offered
from desktop.models.library.items import Folder, Item
from desktop.models.library.query import Place, Query
from desktop.models.library.speech import offer
from desktop.models.session import Problem
from desktop.views import theme, words
from desktop.views.banner import Banner
from desktop.views.empty import Empty
from desktop.views.library.finder import Finder
from desktop.views.library.grid import Grid
from desktop.views.library.menu import Commands
from desktop.views.library.rows import Rows
from desktop.views.library.sidebar import Sidebar, Spot

_UNDO_MS = 10_000


class LibraryWindow(QWidget):
    """Emits what the person wants; shows what it is told."""

    asked = Signal(object)  # a Query: something else is to be shown
    wanted = Signal(object, list)  # a Command and the Items it is for
    moved = Signal(list, object)  # keys of recordings and the folder's id, "" for none
    record_wanted = Signal()
    undo_wanted = Signal()
    files_dropped = Signal(list)
    import_wanted = Signal()
    upload_wanted = Signal()  # what `offer_upload` offered
    leave_wanted = Signal()
    refresh_wanted = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("Heddle library"))
        self.setAcceptDrops(True)
        self.rows = Rows(self)
        self.banner, self.unsent = Banner(self), Banner(self)  # the first is the one for problems
        self.sidebar, self.finder, self.grid = Sidebar(), Finder(), Grid(self.rows)
        self.record = QPushButton(tr("&New recording"))
        self.record.setIcon(theme.icon("record", QPalette.ColorRole.BrightText))
        theme.primary(self.record, "record")
        self.place = words.heading(scale=1.5)
        self.empty = Empty("library")
        self.reset = QPushButton(tr("Show everything"))
        self.contact, self.count = words.muted(wraps=False), words.muted(wraps=False)
        self.undo_words = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.undo = QPushButton(tr("Und&o"))
        self._take_back = QAction(self, shortcut=QKeySequence(QKeySequence.StandardKey.Undo), enabled=False)
        self.addAction(self._take_back)
        self.commands = Commands(self, self._do)
        self.folders: Sequence[Folder] = ()
        self._waiting: Callable[[], object] | None = None  # until all that is chosen was loaded
        self._choosing = QTimer(self, singleShot=True, interval=0)
        self._choosing.timeout.connect(self._chosen)
        self._undo_time = QTimer(self, singleShot=True, interval=_UNDO_MS)
        self._undo_time.timeout.connect(self._hide_undo)
        self._hide_undo()
        self._arrange()
        self._connect()

    def show_counts(self, query: Query, count: int) -> None:
        """How many recordings there are, and what to do where there are none."""
        self.stack.setCurrentWidget(self.grid if count else self.nothing)
        self.place.setText(self.sidebar.place)
        self.empty.say("" if count else _empty_words(query), "search" if query.filtered else _symbol(query))
        self.reset.setVisible(query.filtered)
        self.count.setText(tr("{count} recordings", count=count) if count != 1 else tr("1 recording"))

    def show_places(
        self, folders: Sequence[Folder], tags: Sequence[tuple[str, int]], *, conflicts: bool
    ) -> None:
        self.folders = folders
        self.sidebar.fill(folders, tags, conflicts=conflicts)

    def show_contact(self, words: str, why: str = "") -> None:
        """How we stand with the server."""
        self.contact.setText(words)
        self.contact.setToolTip(why)

    def offer_undo(self, words: str) -> None:
        """For ten seconds."""
        self.undo_words.setText(words)
        self.undo_words.setVisible(True)
        self.undo.setVisible(True)
        self._take_back.setEnabled(True)
        self._undo_time.start()

    def offer_upload(self, count: int) -> None:
        """Of so many recordings that lie here alone; 0 offers nothing."""
        if not count:
            self.unsent.hide()
            return
        one = tr("1 recording is only on this computer. Upload it?")
        many = tr("{count} recordings are only on this computer. Upload them?", count=count)
        hint = tr("What you leave here can be uploaded at any time, by its menu.")
        self.unsent.show_problem(
            Problem(one if count == 1 else many, hint=hint, severity="info"),
            tr("U&pload"),
            self.upload_wanted.emit,
        )

    def query(self) -> Query:
        return self.finder.query(self.sidebar.spot, datetime.now().astimezone())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        super().closeEvent(event)
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def _arrange(self) -> None:
        self.empty.put(self.reset)
        self.nothing = self.empty
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.nothing)
        edge = theme.space(self, 1.5)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(edge, edge, edge, theme.space(self))
        column.setSpacing(theme.space(self))
        column.addWidget(self.banner)
        column.addWidget(self.unsent)
        column.addWidget(self.finder)
        head = QHBoxLayout()
        head.setContentsMargins(theme.space(self, 0.6), theme.space(self, 0.5), theme.space(self, 0.6), 0)
        head.addWidget(self.place, 1)
        head.addWidget(self.count, alignment=Qt.AlignmentFlag.AlignBottom)
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        foot = QHBoxLayout()
        for widget in (self.undo_words, self.undo):
            foot.addWidget(widget)
        foot.addStretch()
        foot.addWidget(self.contact)
        column.addLayout(foot)
        splitter = QSplitter()
        splitter.addWidget(self._beside())
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setHandleWidth(1)
        splitter.setSizes([theme.em(self, 34), theme.em(self, 120)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(splitter)
        theme.size_window(self, theme.em(self, 195), theme.space(self, 104))
        self.setTabOrder(self.finder.text, self.grid)
        self.setTabOrder(self.grid, self.record)
        self.setTabOrder(self.record, self.sidebar)
        self.finder.text.setFocus()

    def _beside(self) -> QWidget:
        """The places, below what begins a new recording."""
        ground = QWidget()
        theme.side(ground)
        box = QVBoxLayout(ground)
        edge = theme.space(self, 1.5)
        box.setContentsMargins(edge, edge, edge, theme.space(self))
        box.setSpacing(edge)
        box.addWidget(self.record)
        box.addWidget(self.sidebar, 1)
        return ground

    def _connect(self) -> None:
        self.record.clicked.connect(lambda _checked: self.record_wanted.emit())
        self.sidebar.went.connect(self._went)
        self.sidebar.dropped.connect(self._dropped)
        self.finder.changed.connect(self._ask)
        self.finder.layout_chosen.connect(lambda grid: self.grid.show_as_grid(grid=grid))
        self.finder.import_wanted.connect(self.import_wanted)
        self.finder.refresh_wanted.connect(self.refresh_wanted)
        self.reset.clicked.connect(self.finder.reset)
        self.unsent.dismissed.connect(self.leave_wanted)
        self.undo.clicked.connect(self._undo)
        self._take_back.triggered.connect(self._undo)
        self.grid.chosen.connect(self._choose)
        self.grid.customContextMenuRequested.connect(self._menu)
        self.rows.dataChanged.connect(lambda *_: self._choosing.start())
        self.rows.modelReset.connect(self._choosing.start)

    def _ask(self) -> None:
        self.asked.emit(self.query())

    def _went(self, _spot: Spot) -> None:
        self._ask()

    def _choose(self) -> None:
        self._waiting = None  # it was for what was chosen before
        self._choosing.start()

    def _chosen(self) -> None:
        items = self.grid.chosen_items()
        speech = offer(items, self.rows.jobs)
        self.commands.allow(offered(items) | speech.commands)
        self.commands.say(Command.TRANSCRIBE, speech.text, explained=bool(speech.why_not))
        if self._waiting and not self.grid.missing():
            act, self._waiting = self._waiting, None
            act()

    def _do(self, command: Command) -> None:
        if command is Command.RENAME:
            self.grid.rename_current()
        else:
            self._with_chosen(lambda items: self.wanted.emit(command, items))

    def _with_chosen(self, act: Callable[[list[Item]], object]) -> None:
        """Once all that is chosen is loaded, also what nobody has seen."""
        if missing := self.grid.missing():
            self._waiting = lambda: self._with_chosen(act)
            self.rows.wanted.emit(missing)
        elif items := self.grid.chosen_items():
            act(items)

    def _dropped(self, keys: list[str], target: str | Place) -> None:
        """What is dragged is what is chosen; of that the drag names what is loaded."""
        dragged = {item.key for item in self.grid.chosen_items()} == set(keys)
        if target is Place.TRASH:
            self._do(Command.TRASH)
        elif dragged:
            self._move(target)
        else:
            self.moved.emit(keys, target)

    def _menu(self, at: QPoint) -> None:
        self._chosen()  # the click that asks for the menu has chosen, just now
        if self.grid.chosen_items():
            menu = self.commands.menu(self.folders, self._move)
            menu.popup(self.grid.viewport().mapToGlobal(at))

    def _move(self, folder: str) -> None:
        self._with_chosen(lambda items: self.moved.emit([item.key for item in items], folder))

    def _undo(self) -> None:
        self._hide_undo()
        self.undo_wanted.emit()

    def _hide_undo(self) -> None:
        self._undo_time.stop()
        self._take_back.setEnabled(False)
        self.undo_words.hide()
        self.undo.hide()


def _symbol(query: Query) -> str:
    if query.folder or query.tags:
        return "folder"
    return {Place.TRASH: "trash", Place.CONFLICTS: "check", Place.HERE: "storage"}.get(query.place, "library")


def _empty_words(query: Query) -> str:
    if query.filtered:
        return tr("Nothing is found like this.")
    said = {
        Place.TRASH: tr("The trash is empty."),
        Place.CONFLICTS: tr("There is nothing to decide."),
        Place.HERE: tr("No recording lies on this computer."),
    }
    if query.folder or query.tags:
        return tr("Nothing is in here yet. Drag recordings onto the folder on the left.")
    return said.get(query.place) or tr(
        "There are no recordings yet.\nRecord something, or drop a video here to send it to the server."
    )
