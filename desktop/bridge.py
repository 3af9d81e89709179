"""Between the window and the recorder: `heddle record --control` as a process, its events as Qt signals.

A busy window never costs a frame, since it records nothing itself; a window that dies never costs a take,
since the recorder finishes its file when nobody listens any more.
"""

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess, Signal

from desktop.i18n import tr
from desktop.models.session import ENDED, Phase, Session, apply
from media import self_command

_WAIT_MS = 15_000
_MORE_STDERR = 2000


def recorder_command() -> list[str]:
    """How this installation starts the recorder's engine room."""
    return self_command.command("desktop", "record", "--control")


class RecorderBridge(QObject):
    """One recorder at a time: armed before it is needed, replaced by a fresh one after each take."""

    changed = Signal(object)  # the Session after each event
    ended = Signal(object)  # the Session of a take that is over, its upload too or left to the background

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command or recorder_command())
        self._process: QProcess | None = None
        self._buffer = b""
        self._wanted: dict[str, Any] | None = None  # a start that waits for the recorder to be ready
        self.session = Session()

    def arm(self) -> None:
        """Has a recorder ready, so that recording starts at once."""
        if self._process:
            return
        process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed_to_start)
        self._process, self._buffer = process, b""
        self._set(Session())
        process.start(self._command[0], self._command[1:])

    def start(self, title: str) -> None:
        """Records as soon as the recorder is ready; a fresh one takes over from one that still uploads."""
        if self.session.phase in ENDED:
            self.release()
        self._wanted = {"title": title}
        self.arm()
        self._start_if_ready()

    def pause_or_resume(self) -> None:
        """Pauses a running recording, resumes a paused one."""
        self._send("resume" if self.session.phase is Phase.PAUSED else "pause")

    def stop(self) -> None:
        """Finishes the recording."""
        self._send("stop")

    def release(self) -> None:
        """Lets go of the recorder; whatever it still has to upload goes on without it."""
        process, self._process = self._process, None
        if process:
            process.closeWriteChannel()
            process.waitForFinished(_WAIT_MS)
            process.deleteLater()

    def _start_if_ready(self) -> None:
        if self._wanted is not None and self.session.phase is Phase.READY:
            wanted, self._wanted = self._wanted, None
            self._send("start", **wanted)

    def _send(self, command: str, **values: object) -> None:
        if self._process:
            self._process.write((json.dumps({"command": command, **values}) + "\n").encode())

    def _read(self) -> None:
        if not self._process:
            return
        *lines, self._buffer = (self._buffer + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return  # not ours: a library that prints
        if isinstance(event, dict):
            self._set(apply(self.session, event))
            self._start_if_ready()

    def _set(self, session: Session) -> None:
        if session != self.session:
            self.session = session
            self.changed.emit(session)

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process:
            self._lose(self._process.errorString())

    def _finished(self) -> None:
        process = self._process
        if not process:
            return
        self._read()
        words = bytes(process.readAllStandardError().data()).decode(errors="replace")[-_MORE_STDERR:]
        if self.session.phase in ENDED:
            self._process = None
            process.deleteLater()
            self.ended.emit(self.session)
        else:
            self._lose(words.strip())

    def _lose(self, detail: str) -> None:
        """The recorder went away without a word of its own."""
        process, self._process, self._wanted = self._process, None, None
        if process:
            process.deleteLater()
        title = tr("The recorder went away unexpectedly")
        self._set(apply(self.session, {"event": "exit", "title": title, "detail": detail}))
        self.ended.emit(self.session)
