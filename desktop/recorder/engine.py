"""The capture engine as a child process: commands go in and events come out as JSON lines.

The engine runs in a process group of its own: Ctrl-C reaches this program alone, which decides what it means.
Closing the engine's stdin is its order to finish the file: a parent that dies never costs the take.
"""

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from desktop.errors import EngineError
from desktop.i18n import tr
from media import self_command
from media.jsonlines import read_object

Event = dict[str, Any]

# Some minutes of events: whoever drives an engine drains it all the time. If it hangs, the reader waits.
_QUEUE_SIZE = 4096
_STDERR_LINES, _STDERR_LONGEST = 20, 2000


def engine_command() -> list[str]:
    """How this installation starts the engine."""
    return self_command.command("capture", "--control")


def event_of(line: str) -> Event | None:
    """What the engine said in a line; None where it was not the engine's."""
    try:
        event = read_object(line)
    except ValueError:
        return None
    return event if isinstance(event.get("event"), str) else None


class Engine:
    """One engine process. `next_event` yields its events; the last one is `{"event": "exit", "code": …}`."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = list(command or engine_command())
        self._events: queue.Queue[Event] = queue.Queue(_QUEUE_SIZE)
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._process: subprocess.Popen[str] | None = None
        self._threads: list[threading.Thread] = []

    def open(self) -> None:
        """Starts the process; EngineError when that is impossible."""
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(tr("The recorder could not be started"), str(error)) from error
        for name, target in (("events", self._read_events), ("stderr", self._read_stderr)):
            thread = threading.Thread(target=target, name=f"engine-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    @property
    def pid(self) -> int | None:
        """The process id while there is a process."""
        return self._process.pid if self._process else None

    def send(self, command: str, /, **arguments: object) -> None:
        """Sends one command; an engine that is gone reports itself through its `exit` event instead."""
        if not self._process or not self._process.stdin:
            return
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps({"command": command, **arguments}) + "\n")
            self._process.stdin.flush()

    def next_event(self, timeout_s: float) -> Event | None:
        """The next event, None when none came in time."""
        try:
            return self._events.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def close(self, timeout_s: float = 10.0) -> None:
        """Lets the engine finish and waits for it; one that does not end in time is killed. Idempotent."""
        process = self._process
        if not process:
            return
        with contextlib.suppress(OSError, ValueError):
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for thread in self._threads:
            # The reader may wait for room in a queue that nobody drains any more.
            while thread.is_alive():
                self._drain()
                thread.join(0.05)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()

    def _drain(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._events.get_nowait()

    def _read_events(self) -> None:
        process = self._process
        if not process or not process.stdout:
            return
        for line in process.stdout:
            event = event_of(line)
            if event is not None:
                self._events.put(event)
            else:  # a library that prints to stdout must not end the take
                self._stderr.append(line.rstrip()[:_STDERR_LONGEST])
        code = process.wait()
        self._events.put({"event": "exit", "at": time.time(), "code": code, "detail": self._last_words()})

    def _read_stderr(self) -> None:
        if self._process and self._process.stderr:
            for line in self._process.stderr:
                self._stderr.append(line.rstrip())

    def _last_words(self) -> str:
        # stderr ends with the process; its reader is only a few lines behind.
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(1.0)
        return "\n".join(self._stderr).strip()
