"""At the start: uploads that the last run left go on, and what a crash left is offered in one window."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from desktop import settings
from desktop.child import Child
from desktop.context import Context
from desktop.i18n import tr
from desktop.models import private_server
from desktop.models.recovered import (
    Cause,
    Recovered,
    Sent,
    any_unfinished,
    finished,
    is_unfinished,
    offered,
    recovered,
    state_words,
)
from desktop.models.session import Problem
from desktop.models.under_way import UnderWay
from media import self_command
from uploader.lock import is_held
from uploader.paths import default_journal, home

if TYPE_CHECKING:
    from desktop.views.recovered import RecoveredWindow

Lines = list[dict[str, Any]]

AGAIN_MS = 1000  # a recorder whose app died finishes its file in this time, or in a few of them
TRIES = 30


class RecoveredController(QObject):
    """Looks once; most starts find nothing, and load nothing for it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._under_way = UnderWay(home())
        self._left = self._under_way.left
        self._server_fell = False
        self._lines: Lines = []
        self._sent = Sent()
        self._arriving: tuple[Path, ...] = ()
        self._tries = TRIES
        self._children: set[Child] = set()
        self._film: Any = None
        self._clock = QTimer(self, interval=AGAIN_MS)
        self._clock.timeout.connect(self._look_after)
        self.window: RecoveredWindow | None = None
        context.bridge.changed.connect(self._under_way.follow)

    def open(self) -> None:
        """Off Qt's thread; nothing waits for it. To be called before a private server is started."""
        here = home()
        card, lock = private_server.card_file(here), private_server.lock_file(here)
        self._server_fell = card.exists() and not is_held(lock)
        self._look()

    def close(self) -> None:
        """Idempotent."""
        for child in tuple(self._children):
            child.drop(wait=True)
        self._children.clear()
        self._close_film()
        if self.window:
            self.window.close()
            self.window.deleteLater()
            self.window = None

    def _look(self) -> None:
        folder = settings.recordings_folder(self._context.settings.value)

        def look() -> tuple[Sent, bool]:
            return _go_on(), folder.is_dir() and any_unfinished(folder)

        self._context.background.in_thread(look, self._looked)

    def _looked(self, found: tuple[Sent, bool]) -> None:
        self._sent, unfinished = found
        if self._server_fell:
            self._arriving, self._server_fell = self._sent.private, False
        if unfinished:
            # The child marks them; it passes over those whose recorder lives.
            self._run(("recover", "--no-upload"), self._gather)
        elif self._left or self._arriving:
            self._gather([], "")

    def _gather(self, lines: Lines, _words: str) -> None:
        """What all of them left, each file once."""
        self._lines += lines
        cut, sent, left, arriving = recovered(self._lines, self._sent), self._sent, self._left, self._arriving

        def read() -> tuple[tuple[Recovered, ...], bool]:
            whole = finished(left, sent, Cause.APP), finished(arriving, sent, Cause.SERVER)
            return offered((cut, *whole)), any(is_unfinished(one) for one in left)

        self._context.background.in_thread(read, self._gathered)

    def _gathered(self, found: tuple[tuple[Recovered, ...], bool]) -> None:
        takes, finishing = found
        self._tries -= 1
        if finishing and self._tries:
            QTimer.singleShot(AGAIN_MS, self, self._look)
            return
        self._under_way.forget(self._left)
        if takes:
            self._show(takes)

    def _show(self, takes: Sequence[Recovered]) -> None:
        from desktop.views.recovered import RecoveredWindow

        self.window = window = RecoveredWindow()
        window.play_clicked.connect(self._play)
        window.send_clicked.connect(self._send)
        window.trash_clicked.connect(self._trash)
        window.closed.connect(self._closed)
        window.show_takes(takes, can_send=bool(self._context.settings.value.server))
        window.show()
        if any(take.sending for take in takes):
            self._clock.start()

    def _closed(self) -> None:
        self._clock.stop()
        self._close_film()

    def _look_after(self) -> None:
        """What is being sent arrives while somebody looks."""
        from desktop.library.sending import known

        self._context.background.in_thread(known, self._show_sent)

    def _show_sent(self, sent: Sent) -> None:
        for take, state in self.window.states.items() if self.window else ():
            now = replace(take, sending=take.path in sent.sending, link=sent.links.get(take.path, ""))
            if words := state_words(now):
                state.setText(words)

    def _play(self, take: Recovered) -> None:
        def elsewhere(_why: str = "") -> None:
            """Qt's multimedia is not installed, or has no codec for it: the system has a player."""
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(take.path)))

        try:
            from desktop.views.film import Film
        except ImportError:
            elsewhere()
            return
        self._close_film()
        if self.window:
            self._film = film = Film()
            film.failed.connect(elsewhere)
            film.setAccessibleName(take.title)
            self.window.put_film(film)
            film.play(take.path)

    def _close_film(self) -> None:
        film, self._film = self._film, None
        if film is not None:
            film.close_file()
        if self.window:
            self.window.put_film(None)

    def _send(self, take: Recovered) -> None:
        server = self._context.settings.value.server or ""

        def work() -> bool:
            from desktop.library.sending import queue

            return queue(take.path, take.title, server)

        def sending(_sent: object) -> None:
            self._done(take, tr("It is being sent."))
            self._clock.start()

        self._context.background.in_thread(work, sending, self._failed)

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


def _go_on() -> Sent:
    if not default_journal().exists():
        return Sent()
    from desktop.library.sending import go_on

    return go_on()
