"""Plays a recording from its file, or else from the server, and does what one does with it while watching."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.context import Context
from desktop.i18n import tr
from desktop.library import files
from desktop.library.files import Order
from desktop.models.library.commands import Command
from desktop.models.library.items import Item
from desktop.models.library.playing import Chapter, Form, Range
from desktop.models.library.speech import offer, speech_words
from desktop.models.library.wording import link_at, standing_words
from desktop.models.session import Problem
from desktop.recorder.takes import file_words, new_file
from desktop.settings import recordings_folder
from desktop.views.library.export import ExportDialog, ProgressDialog
from desktop.views.library.player import PlayerWindow
from media import manifest
from media.manifest import ManifestError
from media.transcript import Transcript
from uploader.rest import operations

if TYPE_CHECKING:
    from desktop.controllers.library.window import LibraryController


class Player(QObject):
    """One window, made when something is first played."""

    _progress = Signal(object, float)  # a dialog, how much is done; from any thread

    def __init__(self, context: Context, library: "LibraryController", parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._library = context, library
        self._item: Item | None = None
        self.window: PlayerWindow | None = None
        self._dialogs: set[ProgressDialog] = set()
        self._progress.connect(self._show_progress)
        library.speech.changed.connect(self._show_speech)

    def open(self, item: Item, at_s: float) -> None:
        """Shows the recording at a second."""
        if self.window is None:
            self.window = self._made()
        if self._item is not None:
            self.window.details.flush()
        self._item = item
        self.window.show_item(item, standing_words(item) or tr("Ready"))
        self.window.show_text((), ())
        self._show_speech()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self._load(item, at_s)
        self._read_text(item)

    def show_transcript(self, item: Item) -> None:
        """What is said in it, beside the picture."""
        self.open(item, 0.0)
        if self.window:
            self.window.side.setCurrentWidget(self.window.transcript)

    def items_changed(self, items: Iterable[Item]) -> None:
        """The one that is shown may be among them."""
        for item in items:
            if self._item is not None and self.window and item.key == self._item.key:
                before, self._item = self._item, item
                self.window.show_item(item, standing_words(item) or tr("Ready"))
                self._show_speech()
                if item.said != before.said:
                    self._read_text(item)

    def export(self, item: Item, chosen: Range | None = None) -> None:
        """Asks which file to make, and makes it."""
        downloads = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation))
        folder = downloads if downloads.is_dir() else Path.home()  # not every home has one
        piece = chosen or Range()
        parent = self.window if self.window and self.window.isVisible() else self._library.window
        name = file_words(item.title) or tr("Recording")
        dialog = ExportDialog(name, folder, piece, parent)
        dialog.chosen.connect(lambda form, target: self.make(Order(item, form, target, piece)))
        dialog.open()

    def make(self, order: Order) -> None:
        """Makes a file, and says when it is there."""
        self._run(
            order,
            tr("Making {name}", name=order.target.name),
            files.export,
            self._made_file,
        )

    def _made_file(self, path: Path) -> None:
        """A click on the notification shows where it lies."""
        folder = QUrl.fromLocalFile(str(path.parent))
        self._context.messages.notify(
            tr("The file is there"), str(path), lambda: QDesktopServices.openUrl(folder)
        )

    def close(self) -> None:
        for dialog in list(self._dialogs):
            dialog.reject()
        if self.window:
            self.window.close()
            self.window.deleteLater()
            self.window = None

    def _made(self) -> PlayerWindow:
        window = PlayerWindow()
        window.details.changed.connect(self._change)
        window.details.copy_wanted.connect(self._copy)
        window.details.tags_wanted.connect(lambda: self._command(Command.TAGS))
        window.details.share_wanted.connect(lambda: self._command(Command.SHARE))
        window.transcript.wanted.connect(self._command)
        window.trim_wanted.connect(self._trim)
        window.export_wanted.connect(self._export_piece)
        window.screen_.failed.connect(self._not_played)
        return window

    def _export_piece(self, chosen: Range) -> None:
        if self._item:
            self.export(self._item, chosen)

    def _command(self, command: Command) -> None:
        if self._item:
            self._library.commands.do(command, [self._item])

    def _load(self, item: Item, at_s: float) -> None:
        if item.path is not None and self.window:
            self.window.load(QUrl.fromLocalFile(str(item.path)), at_s)
            return
        keeper = self._library.keeper
        if keeper is None or item.recording_id is None:
            return

        def told(stream: Any) -> None:
            if self.window and self._item and self._item.key == item.key:
                url = stream["playlistUrl"] or stream["downloadUrl"]
                if url:
                    self.window.load(QUrl(url), at_s)
                else:
                    self._not_played(tr("The server has nothing to play of it yet."))

        self._context.background.run(keeper.stream(item.recording_id), told, self._library.tell)

    def _read_text(self, item: Item) -> None:
        store = self._library.store

        def read() -> tuple[Transcript | None, Sequence[Chapter]]:
            return store.transcript(item), _own_chapters(item)

        def told(found: tuple[Transcript | None, Sequence[Chapter]]) -> None:
            transcript, chapters = found
            segments = transcript.segments if transcript else ()
            self._show_text(item, segments, chapters)
            self._ask_chapters(item, segments)

        self._context.background.in_thread(read, told, self._library.tell)

    def _ask_chapters(self, item: Item, segments: Sequence[Any]) -> None:
        """Those of the analysis; a server that has none, or is away, leaves the person's own."""
        keeper = self._library.keeper
        if keeper is None or keeper.sync is None or item.recording_id is None:
            return

        def told(analysis: Any) -> None:
            chapters = [Chapter(one["start"], one["title"]) for one in analysis["chapters"]]
            if chapters:
                self._show_text(item, segments, chapters)

        call = operations.get_analysis(item.recording_id)
        self._context.background.run(keeper.sync.send(call), told)  # where it fails, the player works without

    def _show_text(self, item: Item, segments: Sequence[Any], chapters: Sequence[Chapter]) -> None:
        if self.window and self._item and self._item.key == item.key:
            self.window.show_text(segments, chapters)

    def _show_speech(self) -> None:
        item, speech = self._item, self._library.speech
        if self.window and item:
            job = speech.jobs.get(item.path) if item.path else None
            words = speech_words(job, recording=speech.holds)
            self.window.transcript.show_speech(offer([item], speech.jobs), words, here=item.path is not None)

    def _not_played(self, why: str) -> None:
        if self.window:
            hint = tr("Opening it in the browser may help.")
            self.window.banner.show_problem(Problem(tr("This cannot be played here"), why, hint))

    def _change(self, wanted: dict[str, Any], before: dict[str, Any]) -> None:
        if self._item:
            self._library.change(self._item, wanted, before)

    def _copy(self, here: bool) -> None:
        if self._item and self._item.share_url and self.window:
            at_s = self.window.screen_.at_s if here else 0.0
            link = link_at(self._item.share_url, at_s)
            QGuiApplication.clipboard().setText(link)
            self._context.messages.notify(tr("Copied"), link)

    def _trim(self, chosen: Range) -> None:
        """A new recording beside the old one, sent to the server like any other."""
        item = self._item
        if item is None:
            return
        folder = recordings_folder(self._context.settings.value)
        folder.mkdir(parents=True, exist_ok=True)
        title = tr("{title} (cut)", title=item.title)
        order = Order(item, Form.MP4, new_file(folder, title), chosen)

        def done(path: Path) -> None:
            self._library.again()
            self._context.messages.notify(tr("The piece is a recording of its own now"), title)
            if self._context.settings.value.server:
                self._library.commands.send_titled({path: title})

        self._run(order, tr("Cutting {title}", title=item.title), files.trim, done)

    def _run(
        self, order: Order, title: str, work: Callable[..., Any], done: Callable[[Path], object]
    ) -> None:
        keeper = self._library.keeper
        if keeper is None:
            return
        parent = self.window if self.window and self.window.isVisible() else self._library.window
        dialog = ProgressDialog(title, parent)

        def made(path: Path) -> None:
            self._end(dialog)
            done(path)

        def failed(error: Exception) -> None:
            self._library.tell(error)  # in the window that the dialog belongs to
            self._end(dialog)

        running = self._context.background.run(
            work(keeper, order, lambda part: self._progress.emit(dialog, part)), made, failed
        )
        dialog.cancelled.connect(running.cancel)
        dialog.cancelled.connect(lambda: self._dialogs.discard(dialog))
        self._dialogs.add(dialog)
        dialog.open()

    def _end(self, dialog: ProgressDialog) -> None:
        if dialog in self._dialogs:
            self._dialogs.discard(dialog)
            dialog.accept()

    def _show_progress(self, dialog: ProgressDialog, part: float) -> None:
        if dialog in self._dialogs:
            dialog.show_progress(part)


def _own_chapters(item: Item) -> Sequence[Chapter]:
    """The markers that the person set while recording."""
    if item.path is None:
        return ()
    try:
        markers = manifest.read(item.path).markers
    except ManifestError:
        return ()
    return [Chapter(one.at_s, one.title) for one in markers]
