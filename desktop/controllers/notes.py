"""The speaker's notes: kept as they are typed, moved while somebody speaks."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from desktop.context import Context
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.notes import Notes, NotesFile
from desktop.models.session import Problem
from desktop.platform.own_windows import stays_out

if TYPE_CHECKING:
    from desktop.views.notes import NotesWindow

_KEEP_MS = 1000  # after the last letter
_STEP_MS = 33


class NotesController(QObject):
    """The window is made when it is first wanted."""

    def __init__(self, context: Context, file: NotesFile) -> None:
        super().__init__(context.application)
        self._context, self._file = context, file
        self.notes = Notes()
        self.window: NotesWindow | None = None
        self._keeping = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._keeping.timeout.connect(self._keep)
        self._moving = QTimer(self, interval=_STEP_MS)
        self._moving.timeout.connect(self._move)
        self._moved_at, self._rest = 0.0, 0.0
        context.actions.handle(Action.NOTES, self.toggle)

    def toggle(self) -> None:
        """Shows the window, or hides it."""
        if self.window and self.window.isVisible():
            self.hide()
            return
        window = self.window or self._make()
        window.show_notes(self.notes, running=False)
        window.show()
        window.show_whether_seen(seen=not stays_out(int(window.winId())))
        window.raise_()
        window.activateWindow()

    def hide(self) -> None:
        """What was typed is kept at once."""
        self._run(on=False)
        self._keep()
        if self.window:
            self.window.hide()

    def close(self) -> None:
        """At the end of the app; idempotent."""
        self.hide()
        window, self.window = self.window, None
        if window:
            window.deleteLater()

    def _make(self) -> "NotesWindow":
        from desktop.views.notes import NotesWindow

        self.notes = self._file.load()
        window = self.window = NotesWindow()
        window.show_notes(self.notes, running=False)
        window.edited.connect(lambda text: self._change(self.notes.with_text(text)))
        window.larger_wanted.connect(lambda steps: self._change(self.notes.larger(steps)))
        window.speed_chosen.connect(lambda speed: self._change(self.notes.with_speed(speed)))
        window.running_wanted.connect(lambda on: self._run(on=on))
        window.closed.connect(self.hide)
        area = QGuiApplication.primaryScreen().availableGeometry()
        window.move(area.right() - window.width(), area.top())
        return window

    def _change(self, notes: Notes) -> None:
        if notes != self.notes and self.window:
            self.notes = notes
            self.window.show_notes(notes, running=self._moving.isActive())
            self._keeping.start()

    def _keep(self) -> None:
        """Only what is other than it was is written."""
        self._keeping.stop()
        if self.window is None or self.notes == self._file.load():
            return
        try:
            self._file.save(self.notes)
        except OSError as error:
            self._context.messages.tell(Problem(tr("The notes cannot be kept"), str(error)))

    def _run(self, *, on: bool) -> None:
        self._moved_at, self._rest = time.monotonic(), 0.0
        if on:
            self._moving.start()
        else:
            self._moving.stop()
        if self.window:
            self.window.show_notes(self.notes, running=on)

    def _move(self) -> None:
        """By the clock: a late step goes further."""
        if self.window is None:
            return
        now = time.monotonic()
        self._rest += (now - self._moved_at) * self.notes.points_a_second(self.window.line)
        self._moved_at = now
        whole = int(self._rest)
        self._rest -= whole
        if not self.window.move_text(whole) and whole:
            self._run(on=False)
