"""What the library's commands do: to the clipboard, the browser, the journal, the server and the files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QFile, QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from capture.stems import stem_paths
from desktop.context import Context
from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.library.sending import told_server
from desktop.models.library.commands import Command
from desktop.models.library.items import Item, Standing, waits_for_plan
from desktop.models.library.wording import embed_code
from desktop.models.session import Problem
from desktop.models.transcripts import transcript_path
from desktop.sentences import say
from media.manifest import manifest_path
from uploader.errors import UploadError
from uploader.journal import Journal
from uploader.manager import ensure_running
from uploader.rest import ApiError, operations

if TYPE_CHECKING:
    from desktop.controllers.library.keeping import Keeping
    from desktop.controllers.library.player import Player
    from desktop.controllers.library.window import LibraryController

_UNFINISHED = frozenset({Standing.UPLOADING, Standing.WAITING, Standing.HELD})
_VIDEOS = "*.mp4 *.mov *.m4v *.3gp *.mkv *.webm *.avi *.wmv *.ts *.m2ts *.mts *.mpg *.mpeg *.flv *.ogv"


class LibraryCommands(QObject):
    """Told by the window; asks the library's controller for what it owns."""

    def __init__(self, context: Context, library: "LibraryController") -> None:
        super().__init__(library)
        self._context, self._library = context, library
        self._player: Player | None = None
        self._keeping: Keeping | None = None
        self._do: dict[Command, Callable[[list[Item]], object]] = {
            Command.OPEN: lambda items: self.play(items[0], 0.0),
            Command.COPY_LINK: self._copy_links,
            Command.COPY_EMBED: lambda items: self._copy(embed_code(items[0].share_url or "")),
            Command.QR: self._show_qr,
            Command.BROWSE: lambda items: QDesktopServices.openUrl(QUrl(items[0].share_url or "")),
            Command.SHOW_FILE: self._show_file,
            Command.TAGS: self._ask_tags,
            Command.SHARE: self._share,
            Command.EXPORT: lambda items: self.player.export(items[0]),
            Command.KEEP: self._keep,
            Command.TRANSCRIBE: library.speech.write_down,
            Command.STOP_TRANSCRIBING: library.speech.stop,
            Command.TRANSCRIPT: library.speech.show,
            Command.RETRY: self._retry,
            Command.HOLD: lambda items: self._journal(
                lambda one, item: one.hold(item.upload_id or ""), items
            ),
            Command.RESUME: lambda items: self._journal(
                lambda one, item: one.release(item.upload_id or ""), items
            ),
            Command.UPLOAD: lambda items: self.send_titled(
                {item.path: item.title for item in items if item.path}
            ),
            Command.CONFLICT: self._decide,
            Command.TRASH: self._trash,
            Command.RESTORE: self._restore,
            Command.ERASE: self._erase,
        }

    @property
    def player(self) -> "Player":
        """Made at the first use: it brings QtMultimedia."""
        if self._player is None:
            from desktop.controllers.library.player import Player

            self._player = Player(self._context, self._library, self)
        return self._player

    def do(self, command: Command, items: list[Item]) -> None:
        """Carries out what was asked for."""
        act = self._do.get(command)
        if act and items:
            act(items)

    def play(self, item: Item, at_s: float) -> None:
        """Opens the player at a second."""
        self.player.open(item, at_s)

    def items_changed(self, items: Iterable[Item]) -> None:
        """Some were read anew."""
        if self._player:
            self._player.items_changed(items)

    def close(self) -> None:
        if self._player:
            self._player.close()
            self._player = None
        if self._keeping:
            self._keeping.close()

    def tell(self, error: Exception) -> None:
        """What went wrong, in words."""
        while isinstance(error, ExceptionGroup):  # of the tasks that keep the library
            error = error.exceptions[0]
        if isinstance(error, HeddleError | UploadError):
            problem = Problem(error.title, error.detail, error.hint)
        elif isinstance(error, ApiError):
            problem = Problem(tr("The server refused"), error.sentence)
        else:
            problem = Problem(tr("That did not work"), str(error) or type(error).__name__)
        self._context.messages.tell(problem)

    # Files and uploads.

    def choose_files(self) -> None:
        """Asks for videos to send."""
        from PySide6.QtWidgets import QFileDialog

        names, _ = QFileDialog.getOpenFileNames(
            self._library.window,
            tr("Videos to upload"),
            "",
            f"{tr('Videos')} ({_VIDEOS});;{tr('All files')} (*)",
        )
        self.send_files([Path(name) for name in names])

    def send_files(self, files: Sequence[Path]) -> None:
        """As `send_titled`, under the names of the files."""
        self.send_titled({path: path.stem for path in files})

    def send_titled(self, files: Mapping[Path, str]) -> None:
        """Queues files with their titles in the journal; they appear in the library as they are sent."""
        server = self._context.settings.value.server
        if not files:
            return
        if not server:
            self._context.messages.tell(
                Problem(tr("No server is set up"), hint=tr("Choose one in the settings, then try again."))
            )
            return
        address = server

        def send() -> None:
            with Journal() as journal:
                for path, title in files.items():
                    if not path.is_file() or path.stat().st_size == 0:
                        raise HeddleError(tr("There is nothing to upload in this file"), str(path))
                    if journal.find(path, address) is None:
                        told = told_server(path)
                        journal.add(path, title=title, server=address, growing=False, settings=told)
                ensure_running(journal.path)

        self._work(send)

    def _journal(self, act: Callable[[Journal, Item], object], items: Sequence[Item]) -> None:
        sent = [item for item in items if item.upload_id]

        def work() -> None:
            with Journal() as journal:
                for item in sent:
                    act(journal, item)
                ensure_running(journal.path)

        if sent:
            self._work(work)

    def _retry(self, items: Sequence[Item]) -> None:
        """A failed upload, or the steps of processing that failed."""
        self._journal(
            lambda journal, item: journal.retry(item.upload_id or ""),
            [item for item in items if item.standing is Standing.FAILED or waits_for_plan(item)],
        )
        for item in items:
            for step in item.failed_steps:
                self._ask_server(operations.retry_step(item.recording_id or "", step))

    def _keep(self, items: Sequence[Item]) -> None:
        if self._keeping is None:
            from desktop.controllers.library.keeping import Keeping

            self._keeping = Keeping(self._context, self._library, self)
        self._keeping.keep(items)

    def _show_file(self, items: Sequence[Item]) -> None:
        if items[0].path:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(items[0].path.parent)))

    # Links.

    def _copy_links(self, items: Sequence[Item]) -> None:
        self._copy("\n".join(item.share_url for item in items if item.share_url))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._context.messages.notify(tr("Copied"), text)

    def _show_qr(self, items: Sequence[Item]) -> None:
        from desktop.views.library.dialogs import QrDialog

        QrDialog(items[0].title, items[0].share_url or "", self._library.front).open()

    # Details.

    def _ask_tags(self, items: Sequence[Item]) -> None:
        from desktop.views.library.dialogs import TagsDialog

        def known(tags: list[tuple[str, int]]) -> None:
            dialog = TagsDialog(items, [tag for tag, _ in tags], self._library.front)
            dialog.changed.connect(lambda added, removed: self._tag(items, set(added), set(removed)))
            dialog.open()

        self._context.background.in_thread(self._library.store.tags, known, self.tell)

    def _tag(self, items: Sequence[Item], added: set[str], removed: set[str]) -> None:
        self._library.change_all(
            [(item, {"tags": sorted((set(item.tags) | added) - removed)}) for item in items]
        )

    def _share(self, items: Sequence[Item]) -> None:
        from desktop.controllers.library.sharing import Sharing

        Sharing(self._context, self._library, items[0], self).open()

    def _decide(self, items: Sequence[Item]) -> None:
        from desktop.views.library.dialogs import ConflictDialog

        item, store = items[0], self._library.store

        def show(known: tuple[Any, Any]) -> None:
            edit, folders = known
            if edit is None:
                return
            told = replace(edit, problem=say(edit.problem))
            dialog = ConflictDialog(item, told, folders, self._library.front)
            dialog.decided.connect(lambda keep: self._work(lambda: store.settle(item.key, frozenset(keep))))
            dialog.open()

        self._context.background.in_thread(
            lambda: (store.edit_of(item.anchor), store.folders()), show, self.tell
        )

    # The trash.

    def _trash(self, items: Sequence[Item]) -> None:
        self._journal(
            lambda journal, item: journal.hold(item.upload_id or ""),
            [item for item in items if item.standing in _UNFINISHED],
        )
        self._library.change_all([(item, {"trashed": True}) for item in items])
        words = tr("{count} recordings are in the trash", count=len(items))
        one = tr("“{title}” is in the trash", title=items[0].title)
        self._library.offer_undo(words if len(items) > 1 else one, lambda: self._restore(items))

    def _restore(self, items: Sequence[Item]) -> None:
        self._library.change_all([(item, {"trashed": False}) for item in items])
        held = [item for item in items if item.standing in (*_UNFINISHED, Standing.HELD)]
        self._journal(lambda journal, item: journal.release(item.upload_id or ""), held)

    def _erase(self, items: Sequence[Item]) -> None:
        """From the server for good, and here into the system's trash; asks first."""
        from desktop.views.library.dialogs import confirm_erase

        if not confirm_erase(items, self._library.front):
            return
        for item in items:
            if item.recording_id:
                call = operations.delete_recording(item.recording_id, permanent=True)
                self._ask_server(call, partial(self._erase_after, item))
            else:
                self._erase_here(item)

    def _erase_after(self, item: Item, _answer: object) -> None:
        self._erase_here(item)

    def _erase_here(self, item: Item) -> None:
        store = self._library.store

        def work() -> None:
            with Journal() as journal:
                if item.upload_id and item.standing is not Standing.READY:
                    journal.cancel(item.upload_id)
            for path in _files_of(item):
                if not QFile(str(path)).moveToTrash() and path.exists():
                    raise HeddleError(tr("The file could not be put into the system's trash"), str(path))
            if item.recording_id:
                store.forget_remote(item.recording_id)

        self._work(work)

    # How.

    def _work(self, work: Callable[[], object]) -> None:
        self._context.background.in_thread(work, lambda _: self._library.again(), self.tell)

    def _ask_server(self, call: Any, done: Callable[[Any], object] = lambda _: None) -> None:
        keeper = self._library.keeper
        if keeper is None or keeper.sync is None:
            self.tell(HeddleError(tr("No server is set up")))
            return
        self._context.background.run(keeper.sync.send(call), done, self.tell)


def _files_of(item: Item) -> list[Path]:
    """The recording's file and what belongs to it."""
    if item.path is None:
        return []
    beside = [manifest_path(item.path), transcript_path(item.path), *stem_paths(item.path).values()]
    return [path for path in (item.path, *beside) if path.exists()]
