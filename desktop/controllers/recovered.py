"""At the start: uploads that the last run left go on, and what a crash left is offered in one window."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from desktop import settings
from desktop.child import Child
from desktop.context import Context
from desktop.i18n import tr
from desktop.models.recovered import Recovered, any_unfinished, recovered
from desktop.models.session import Problem
from media import self_command
from uploader.paths import default_journal

if TYPE_CHECKING:
    from desktop.views.recovered import RecoveredWindow

Lines = list[dict[str, Any]]


class RecoveredController(QObject):
    """Looks once; most starts find nothing, and load nothing for it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._sending: frozenset[Path] = frozenset()
        self._children: set[Child] = set()
        self.window: RecoveredWindow | None = None

    def open(self) -> None:
        """Off Qt's thread; nothing waits for it."""
        folder = settings.recordings_folder(self._context.settings.value)

        def look() -> tuple[frozenset[Path], bool]:
            return _go_on(), folder.is_dir() and any_unfinished(folder)

        self._context.background.in_thread(look, self._looked)

    def close(self) -> None:
        """Idempotent."""
        for child in tuple(self._children):
            child.drop(wait=True)
        self._children.clear()
        if self.window:
            self.window.close()
            self.window.deleteLater()
            self.window = None

    def _looked(self, found: tuple[frozenset[Path], bool]) -> None:
        self._sending, unfinished = found
        if unfinished:
            # The child marks them; it passes over those whose recorder lives.
            self._run(("recover", "--no-upload"), self._show)

    def _show(self, lines: Lines, _words: str) -> None:
        takes = recovered(lines, self._sending)
        if not takes:
            return
        from desktop.views.recovered import RecoveredWindow

        self.window = window = RecoveredWindow()
        window.play_clicked.connect(lambda take: QDesktopServices.openUrl(QUrl.fromLocalFile(str(take.path))))
        window.send_clicked.connect(self._send)
        window.trash_clicked.connect(self._trash)
        window.show_takes(takes, can_send=bool(self._context.settings.value.server))
        window.show()

    def _send(self, take: Recovered) -> None:
        server = self._context.settings.value.server or ""

        def work() -> bool:
            from desktop.library.sending import queue

            return queue(take.path, take.title, server)

        self._context.background.in_thread(
            work, lambda _sent: self._done(take, tr("It is being sent.")), self._failed
        )

    def _trash(self, take: Recovered) -> None:
        def ended(lines: Lines, words: str) -> None:
            if lines:
                self._done(take, tr("In the trash, for seven days."))
            else:
                self._failed(OSError(words.strip()))

        self._run(("storage", "trash", take.path.name), ended)

    def _done(self, take: Recovered, words: str) -> None:
        if self.window:
            self.window.show_done(take, words)

    def _failed(self, error: Exception) -> None:
        if self.window:
            self.window.banner.show_problem(Problem(tr("That did not work"), str(error)))

    def _run(self, arguments: tuple[str, ...], done: Callable[[Lines, str], None]) -> None:
        lines: Lines = []
        child = Child(self_command.command("desktop", *arguments, "--json"), self)
        child.told.connect(lines.append)

        def ended(words: str) -> None:
            self._children.discard(child)
            child.deleteLater()
            done(lines, words)

        child.ended.connect(ended)
        self._children.add(child)
        child.open()


def _go_on() -> frozenset[Path]:
    if not default_journal().exists():
        return frozenset()
    from desktop.library.sending import go_on

    return go_on()
