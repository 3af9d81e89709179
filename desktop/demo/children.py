"""Programs that another program starts and is answerable for: stopped in reverse order, however it ends."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from desktop.errors import HeddleError
from desktop.i18n import tr

_LOG_LINES = 15


class Children:
    """Each child runs in a session of its own: Ctrl-C reaches the parent alone, and the order is kept."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[tuple[str, subprocess.Popen[str], float]] = []

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        piped: bool = False,
        pass_fds: Sequence[int] = (),
        patience_s: float = 10.0,
    ) -> "subprocess.Popen[str]":
        """Starts a program. Its stderr, and its stdout unless `piped`, go to a log named after it."""
        with (self._logs / f"{name}.log").open("a", encoding="utf-8") as log:
            try:
                process = subprocess.Popen(
                    list(command),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE if piped else log,
                    stderr=log,
                    env=dict(env),
                    text=True,
                    encoding="utf-8",
                    start_new_session=True,
                    pass_fds=tuple(pass_fds),
                )
            except OSError as error:
                raise HeddleError(tr("{name} could not be started", name=name), str(error)) from error
        self._running.append((name, process, patience_s))
        return process

    def log(self, name: str) -> str:
        """The last lines that the program wrote."""
        try:
            lines = (self._logs / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-_LOG_LINES:])

    def stop(self, name: str) -> None:
        """Asks the program to end and waits; one that does not in time is killed with all it started."""
        for entry in [entry for entry in self._running if entry[0] == name]:
            self._running.remove(entry)
            _end(entry[1], entry[2])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _undisturbed():
            while self._running:
                name, _, _ = self._running[-1]
                with contextlib.suppress(OSError):
                    self.stop(name)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """An impatient second Ctrl-C must not leave half of the programs behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(process: "subprocess.Popen[str]", patience_s: float) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT if os.name == "nt" else signal.SIGTERM)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            _kill_session(process)
            process.wait()
    if process.stdout:
        process.stdout.close()


def _kill_session(process: "subprocess.Popen[str]") -> None:
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
