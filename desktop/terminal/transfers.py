"""Several uploads in a terminal: links on standard output, one progress line (or JSON lines) about the
bytes.
"""

import json
import shutil
import sys
import time

from desktop.i18n import tr
from desktop.models.session import problem
from desktop.models.words import duration, problem_text, size
from desktop.recorder.follower import upload_event
from uploader.model import Upload
from uploader.states import UploadState

BAR = 24
SMOOTH = 0.8
LOG_EVERY_S = 5.0


class Transfers:
    """Shows rows of the journal; draws nothing but what changed."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._linked: set[str] = set()
        self._problems: dict[str, str] = {}
        self._events: dict[str, str] = {}
        self._tty = sys.stderr.isatty()
        self._width = 0
        self._speed = Speed()
        self._logged_at = float("-inf")

    def show(self, rows: list[Upload]) -> None:
        """The present state of all uploads of this command."""
        for row in rows:
            if self._json:
                self._emit(row)
            elif row.share_url and row.id not in self._linked:
                self._linked.add(row.id)
                self.clear()
                sys.stdout.write(f"{row.share_url}\n")
                sys.stdout.flush()
            if row.state is UploadState.WAITING and row.error:
                self.problem(row)
        if not self._json:
            self._draw(rows)

    def say(self, text: str) -> None:
        """A lasting line."""
        self.clear()
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def problem(self, row: Upload) -> None:
        """What is wrong with an upload, once for each thing."""
        text = problem_text(problem(row.error or {}))
        if self._problems.get(row.id) != text:
            self._problems[row.id] = text
            self.say(f"{row.path.name}: {text}")

    def clear(self) -> None:
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            self._width = 0

    def close(self) -> None:
        """Leaves the last line standing."""
        if self._width:
            sys.stderr.write("\n")
            self._width = 0

    def _emit(self, row: Upload) -> None:
        event = json.dumps(upload_event(row, row.created_at))
        if self._events.get(row.id) != event:
            self._events[row.id] = event
            sys.stdout.write(event + "\n")
            sys.stdout.flush()

    def _draw(self, rows: list[Upload]) -> None:
        line = progress_line(rows, self._speed)
        if self._tty:
            line = line[: max(shutil.get_terminal_size().columns - 1, 1)]
            sys.stderr.write("\r" + line + " " * (self._width - len(line)))
            self._width = len(line)
        elif time.monotonic() - self._logged_at >= LOG_EVERY_S or all(row.ended for row in rows):
            self._logged_at = time.monotonic()
            sys.stderr.write(line + "\n")
        sys.stderr.flush()


class Speed:
    """Bytes a second, smoothed over a few seconds."""

    def __init__(self) -> None:
        self._last: tuple[float, int] | None = None
        self.rate = 0.0

    def note(self, done: int, at: float) -> None:
        """`done` bytes have arrived at time `at`."""
        if self._last is None:
            self._last = (at, done)
        seconds = at - self._last[0]
        if seconds >= 0.25:
            now = max(0.0, (done - self._last[1]) / seconds)
            self.rate = SMOOTH * self.rate + (1 - SMOOTH) * now if self.rate else now
            self._last = (at, done)


def progress_line(rows: list[Upload], speed: Speed) -> str:
    """A bar over all files together, with speed and the time that is left."""
    done, total = sum(row.offset for row in rows), sum(row.size or 0 for row in rows)
    speed.note(done, time.monotonic())
    share = done / total if total else 0.0
    full = int(BAR * share)
    parts = [f"[{'#' * full}{'.' * (BAR - full)}] {int(100 * share)} %", f"{size(done)} / {size(total)}"]
    if all(row.ended for row in rows):
        return "  ".join(parts)
    if speed.rate:
        parts += [f"{size(speed.rate)}/s", tr("{time} left", time=duration((total - done) / speed.rate))]
    if len(rows) > 1:
        parts.append(tr("{done} of {all} files", done=sum(row.ended for row in rows), all=len(rows)))
    return "  ".join(parts)
