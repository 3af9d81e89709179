"""A program that the app starts and talks to in JSON lines. It ends when its standard input does."""

import contextlib
import json
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal

from media.jsonlines import LONGEST, Lines, read_object

_WAIT_MS = 15_000
_MORE_STDERR = 2000


class Child(QObject):
    """Nothing here waits but `wait`."""

    told = Signal(object)  # a JSON object, as it comes
    ended = Signal(str)  # its last words on standard error; once

    def __init__(
        self, command: Sequence[str], parent: QObject | None = None, *, longest: int = LONGEST
    ) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._longest = longest  # bytes of a line
        self._lines = Lines(longest)
        self._over = False
        self._dropped = False
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed_to_start)

    @property
    def running(self) -> bool:
        """False once it is gone, or could not be started."""
        return not self._over

    def open(self) -> None:
        """Starts it; what goes wrong comes with `ended`."""
        self._process.start(self._command[0], self._command[1:])

    def send(self, values: dict[str, object]) -> None:
        """One line; one that is gone has said so already."""
        if self.running:
            self._process.write((json.dumps(values) + "\n").encode())

    def let_go(self) -> None:
        """Asks it to end."""
        self._process.closeWriteChannel()

    def drop(self, *, wait: bool = False) -> None:
        """Ends it for good: nothing is told any more, and this goes with it. `wait` when the app ends too."""
        self._dropped = True
        self.blockSignals(True)
        self.let_go()
        if wait:
            self.wait()
        if self._over:
            self.deleteLater()
        else:
            self.setParent(QCoreApplication.instance())  # whoever made it may go before it

    def wait(self) -> None:
        """For its end, after `let_go`; one that does not come to it is ended with force."""
        if self.running and not self._process.waitForFinished(_WAIT_MS):
            self._process.kill()
            self._process.waitForFinished(_WAIT_MS)

    def _read(self) -> None:
        for line in self._lines.feed(bytes(self._process.readAllStandardOutput().data())):
            with contextlib.suppress(ValueError):  # not for us: a library that prints
                self.told.emit(read_object(line, self._longest))

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(self._process.errorString())

    def _finished(self) -> None:
        self._read()
        words = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        self._end(words[-_MORE_STDERR:].strip())

    def _end(self, words: str) -> None:
        if not self._over:
            self._over = True
            self.ended.emit(words)
            if self._dropped:
                self.deleteLater()
