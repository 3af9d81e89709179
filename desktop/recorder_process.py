"""One `heddle record --control` as a child of the app: commands go in, its events make its Session."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.child import Child
from desktop.i18n import tr
from desktop.models.session import ENDED, Session, apply


class RecorderProcess(QObject):
    """Whoever lets go of it, or dies, only ends the recording: the upload goes on."""

    changed = Signal(object)  # this, when its Session is another
    ended = Signal(object)  # this, when the process is gone

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.used = False  # a take was asked for
        self.session = Session()
        self._child = Child(command, self)
        self._child.told.connect(self._take)
        self._child.ended.connect(self._end)
        self.open, self.let_go, self.wait = self._child.open, self._child.let_go, self._child.wait

    @property
    def running(self) -> bool:
        """Whether there is a process to talk to."""
        return self._child.running

    def send(self, command: str, **values: object) -> None:
        """One command; a process that is gone has said so already."""
        self.used = self.used or command == "start"
        self._child.send({"command": command, **values})

    def _take(self, event: Mapping[str, Any]) -> None:
        session = apply(self.session, event)
        if session != self.session:
            self.session = session
            self.changed.emit(self)

    def _end(self, words: str) -> None:
        if self.session.phase not in ENDED:  # it went away without a word of its own
            title, safe, hint = tr("The recorder went away unexpectedly"), "", ""
            if self.session.path and self.session.size:
                safe = tr("What was recorded until then is safe in {path}.", path=self.session.path)
                hint = tr(
                    "The file plays and its link becomes a finished video. Start a new recording to go on."
                )
            detail = "\n".join(filter(None, (safe, words)))
            self._take({"event": "exit", "title": title, "detail": detail, "hint": hint})
        self.ended.emit(self)
