"""The progress of a recording in a terminal: one line that is rewritten, or a line now and then in a log."""

import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

from desktop.models.session import Session
from desktop.models.words import progress_line

LOG_EVERY_S = 5.0


class ProgressPrinter:
    """Shows a session. Where no terminal is, a line each few seconds and at each change of phase."""

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        tty: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream or sys.stderr
        self._tty = self._stream.isatty() if tty is None else tty
        self._clock = clock
        self._last_at = float("-inf")
        self._last: tuple[str, str | None] = ("", None)
        self._width = 0

    def show(self, session: Session) -> None:
        """Draws the line anew where that is possible, else prints one if it is time for it."""
        line = progress_line(session)
        if self._tty:
            self._rewrite(line)
            return
        now, step = self._clock(), (session.phase.value, session.upload.state if session.upload else None)
        if step != self._last or now - self._last_at >= LOG_EVERY_S:
            self._last, self._last_at = step, now
            self._write(f"{line}\n")

    def say(self, text: str) -> None:
        """A lasting line above the progress."""
        self.clear()
        self._write(f"{text}\n")

    def close(self) -> None:
        """Leaves the last line standing."""
        if self._tty and self._width:
            self._write("\n")
            self._width = 0

    def clear(self) -> None:
        """Takes the rewritten line away, to make room for another."""
        if self._tty and self._width:
            self._write("\r" + " " * self._width + "\r")
            self._width = 0

    def _rewrite(self, line: str) -> None:
        columns = shutil.get_terminal_size().columns
        line = line[: max(columns - 1, 1)]
        self._write("\r" + line + " " * (self._width - len(line)))
        self._width = len(line)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
