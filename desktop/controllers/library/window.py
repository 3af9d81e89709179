"""The library's window and what its commands do. Everything that waits is done in the background."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.context import Context
from desktop.controllers.library.commands import LibraryCommands
from desktop.controllers.library.folders import Folders
from desktop.controllers.library.speech import Speech
from desktop.controllers.library.unsent import Unsent
from desktop.controllers.transcription import Transcription
from desktop.i18n import tr
from desktop.library.keeper import Keeper
from desktop.library.sync import Contact, Reach
from desktop.models.actions import Action
from desktop.models.library.items import Item
from desktop.models.library.query import Place, Query, words_of
from desktop.models.library.store import Store
from desktop.models.session import ACTIVE
from desktop.sentences import say
from desktop.settings import recordings_folder
from desktop.views.library.window import LibraryWindow

_GATHER_MS = 80  # changes come in swarms


class LibraryController(QObject):
    """Owns the window, the store and what keeps it up to date."""

    _touched = Signal(object)  # ids of items that changed; from any thread
    _contacted = Signal(object)  # a Contact; from any thread

    def __init__(self, context: Context, transcription: Transcription, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.window: LibraryWindow | None = None
        self.keeper: Keeper | None = None
        self._running: Any = None
        self._store: Store | None = None
        self._query = Query()
        self._gathered: set[int] = set()
        self._closed = False
        self._take_back: Callable[[], object] = lambda: None
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._timer.timeout.connect(self._refresh)
        self._touched.connect(self._note)
        self._contacted.connect(self._show_contact)
        self.speech = Speech(context, self, transcription)
        self.commands = LibraryCommands(context, self)
        self.folders = Folders(context, self)
        self.unsent = Unsent(context, self)
        context.settings.changed.connect(self._settings_changed)

    @property
    def store(self) -> Store:
        """RuntimeError before it is open."""
        if self._store is None:
            raise RuntimeError("the library is not open yet")
        return self._store

    @property
    def is_open(self) -> bool:
        """Whether somebody looks at it."""
        return self.window is not None and self.window.isVisible()

    @property
    def front(self) -> QWidget | None:
        """Where somebody gave a command: the player or its own window. What is asked belongs to it."""
        player = self.commands.player.window
        return player if player and player.isActiveWindow() else self.window

    def open(self) -> None:
        """Shows the window; what it shows comes as it is read."""
        if self.window is None:
            self.window = self._made()
            self.speech.show_jobs()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self._with_store(self._shown)

    def start(self) -> None:
        """Syncs without a window."""
        self._with_store(lambda: None)

    def close(self) -> None:
        """Ends everything of it. Idempotent."""
        self._closed = True
        self._timer.stop()
        self._stop()
        self.commands.close()
        if self.window:
            self.window.close()
            self.window.deleteLater()
            self.window = None
        if self._store:
            self._context.background.settle()  # what was changed a moment ago, or stood in a field, counts
            self._store.close()
            self._store = None

    def change(self, item: Item, wanted: dict[str, Any], before: Mapping[str, Any] | None = None) -> None:
        """Changes fields of a recording, and sends that when it can; `before` as `Store.edit` has it."""
        at, store = time.time(), self.store
        self._context.background.in_thread(
            lambda: store.edit(item.key, wanted, at, before), lambda _: self._changed(), self.tell
        )

    def change_all(self, wanted: Sequence[tuple[Item, dict[str, Any]]]) -> None:
        """As `change`, for many at once."""
        at, store = time.time(), self.store
        fields = [(item.key, values) for item, values in wanted]
        self._context.background.in_thread(
            lambda: store.edit_all(fields, at), lambda _: self._changed(), self.tell
        )

    def offer_undo(self, words: str, undo: Callable[[], object]) -> None:
        """Says what was done, and offers for a while to take it back."""
        self._take_back = undo
        if self.window:
            self.window.offer_undo(words)

    def undo(self) -> None:
        """Takes back what was done last."""
        undo, self._take_back = self._take_back, lambda: None
        undo()

    def tell(self, error: Exception) -> None:
        """Shows what went wrong, in words; not of what was broken off by the end."""
        if not self._closed:
            self.commands.tell(error)

    def again(self) -> None:
        """Has files, journal and server looked at now."""
        if self.keeper:
            self._context.background.run(self.keeper.wake())

    def _made(self) -> LibraryWindow:
        window = LibraryWindow()
        window.asked.connect(self._ask)
        window.wanted.connect(self.commands.do)
        window.moved.connect(self._move)
        window.sidebar.folder_wanted.connect(self.folders.change)
        window.record_wanted.connect(lambda: self._context.actions.perform(Action.LAUNCHER))
        window.undo_wanted.connect(self.undo)
        window.files_dropped.connect(self.commands.send_files)
        window.import_wanted.connect(self.commands.choose_files)
        window.refresh_wanted.connect(self.again)
        window.upload_wanted.connect(self.unsent.send)
        window.leave_wanted.connect(self.unsent.leave)
        window.closed.connect(lambda: self._watch(closely=False))
        window.grid.opened.connect(self.commands.play)
        window.grid.preview_wanted.connect(self._preview)
        window.rows.wanted.connect(self._load)
        window.rows.picture_wanted.connect(self._poster)
        window.rows.renamed.connect(lambda item, title: self.change(item, {"title": title}))
        return window

    def _with_store(self, then: Callable[[], object]) -> None:
        if self._store is not None:
            then()
            return

        def opened(store: Store) -> None:
            if self._store is not None:
                store.close()
            else:
                self._store = store
                self._start()
            then()

        self._context.background.in_thread(
            lambda: Store(told=lambda ids: self._touched.emit(frozenset(ids))), opened, self.tell
        )

    def _start(self) -> None:
        settings = self._context.settings.value
        self.keeper = Keeper(
            self.store,
            recordings_folder(settings),
            settings.server,
            contact=self._contacted.emit,
            recording=self._recording_now,
        )
        self._running = self._context.background.run(self.keeper.run(), failed=self.tell)

    def _stop(self) -> None:
        if self._running:
            self._running.cancel()
        self._running = self.keeper = None

    def _settings_changed(self, now: Any, before: Any) -> None:
        if (now.server, now.recordings) != (before.server, before.recordings) and self._store is not None:
            self._stop()
            self._start()
            self._watch(closely=self.is_open)
            self._refresh()

    def _recording_now(self) -> list[Path]:
        session = self._context.bridge.session
        return [Path(session.path)] if session.path and session.phase in ACTIVE else []

    def _shown(self) -> None:
        self._watch(closely=True)
        if self.window:
            self._ask(self.window.query())

    def _watch(self, *, closely: bool) -> None:
        if self.keeper:
            self._context.background.run(self.keeper.watch(closely=closely))

    def _note(self, ids: frozenset[int]) -> None:
        self._gathered |= ids
        self._timer.start()

    def _ask(self, query: Query) -> None:
        if self.window and words_of(query.text) != words_of(self._query.text):
            self.window.rows.forget_moments()
        self._query = query
        self._refresh()

    def _refresh(self) -> None:
        """Reads the order of what is shown, and what of it changed."""
        gathered, self._gathered = self._gathered, set()
        if self.window is None or self._store is None:
            return
        store, query = self._store, self._query

        def read() -> tuple[list[int], Any, Any, bool, Mapping[Path, str]]:
            conflicts = bool(store.ids(Query(place=Place.CONFLICTS)))
            return store.ids(query), store.folders(), store.tags(), conflicts, self.unsent.look()

        def told(found: tuple[list[int], Any, Any, bool, Mapping[Path, str]]) -> None:
            ids, folders, tags, conflicts, unsent = found
            self.unsent.show(unsent)
            if self.window is None or query != self._query:
                return
            self.window.rows.show(ids)
            self.window.rows.stale(gathered)
            self.window.show_counts(query, len(ids))
            self.window.show_places(folders, tags, conflicts=conflicts)

        self._context.background.in_thread(read, told, self.tell)

    def _load(self, ids: Sequence[int]) -> None:
        if self._store is None:
            return
        store, text = self._store, self._query.text

        def read() -> tuple[dict[int, Item], dict[int, Any]]:
            items = store.items(ids)
            looking = bool(words_of(text))
            return items, {one: store.moments(item, text) if looking else () for one, item in items.items()}

        def told(found: tuple[dict[int, Item], dict[int, Any]]) -> None:
            if self.window and text == self._query.text:
                self.window.rows.fill(*found)
                self.commands.items_changed(found[0].values())

        self._context.background.in_thread(read, told, self.tell)

    def _poster(self, item: Item) -> None:
        self._picture(item, lambda keeper: keeper.poster(item))

    def _picture(self, item: Item, ask: Callable[[Keeper], Any]) -> None:
        if self.keeper is None or self.window is None:
            return
        width = self.window.grid.poster_width

        def found(path: Path | None) -> None:
            if path is not None:
                self._context.background.in_thread(lambda: _small(path, width), show)

        def show(image: QImage) -> None:
            if self.window and not image.isNull():
                self.window.rows.put_picture(item.key, QPixmap.fromImage(image))

        self._context.background.run(ask(self.keeper), found)

    def _preview(self, item: Item) -> None:
        if self.keeper is None:
            return

        def found(path: Path | None) -> None:
            if self.window and path is not None:
                self.window.grid.play_preview(item.key, path)

        self._context.background.run(self.keeper.preview(item), found)

    def _move(self, keys: list[str], folder: str) -> None:
        at, store = time.time(), self.store

        wanted = [(key, {"folderId": folder or None}) for key in keys]
        self._context.background.in_thread(
            lambda: store.edit_all(wanted, at), lambda _: self._changed(), self.tell
        )

    def _changed(self) -> None:
        self.again()

    def _show_contact(self, contact: Contact) -> None:
        if self.window is None:
            return
        words = {
            Reach.CONNECTING: tr("Asking the server…"),
            Reach.ONLINE: tr("Up to date"),
            Reach.OFFLINE: tr("The server cannot be reached; changes wait"),
            Reach.SIGNED_OUT: tr("Not signed in to the server; changes wait"),
        }
        if contact.reach is Reach.ONLINE:
            self.window.rows.look_for_pictures()
        text = words[contact.reach] if self._context.settings.value.server else tr("No server is set up")
        self.window.show_contact(text, say(contact.detail))


def _small(path: Path, width: int) -> QImage:
    """Read as wide as it is shown at most: a large picture costs a thread and not the window."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > width:
        reader.setScaledSize(size.scaled(width, size.height(), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
