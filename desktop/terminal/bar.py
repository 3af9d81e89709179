"""How far one piece of work is: a line that is rewritten in a terminal, one now and then in a log."""

import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 24
LOG_EVERY_S = 5.0


class Bar:
    """`stream` defaults to standard error."""

    def __init__(self, stream: TextIO | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream or sys.stderr
        self._tty = self._stream.isatty()
        self._clock = clock
        self._logged_at = clock()
        self._width = 0

    def show(self, fraction: float | None, words: str) -> None:
        """`fraction` 0 to 1, None where nobody knows how much there is."""
        if fraction is None:
            line = words
        else:
            full = round(WIDTH * fraction)
            line = f"[{'#' * full}{'.' * (WIDTH - full)}] {100 * fraction:3.0f} %  {words}"
        if self._tty:
            line = line[: max(shutil.get_terminal_size().columns - 1, 1)]
            self._write("\r" + line + " " * (self._width - len(line)))
            self._width = len(line)
        elif self._clock() - self._logged_at >= LOG_EVERY_S:
            self._logged_at = self._clock()
            self._write(f"{line}\n")

    def say(self, text: str) -> None:
        """A lasting line."""
        self.clear()
        self._write(f"{text}\n")

    def clear(self) -> None:
        if self._width:
            self._write("\r" + " " * self._width + "\r")
            self._width = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
