"""Real processes under test: output in files, read with deadlines, killed without mercy."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

import psutil

POLL_S = 0.01
Event = dict[str, Any]
T = TypeVar("T")


class DeadlineError(AssertionError):
    """Something awaited did not happen in time."""


def wait_until(probe: Callable[[], T | None], *, timeout_s: float, what: str, poll_s: float = POLL_S) -> T:
    """The first truthy answer of `probe`; DeadlineError naming `what` when there is none in time."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise DeadlineError(f"not within {timeout_s:g} s: {what}")
        time.sleep(poll_s)


class Program:
    """A child process, its stdout and stderr in files that `close` removes unless `log_folder` was given.

    Files instead of pipes: no reader threads, nothing lost when the child is killed, and a detached
    grandchild that keeps the descriptor open blocks nobody.
    """

    def __init__(
        self,
        command: Sequence[object],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log_folder: Path | None = None,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="program-", dir=log_folder))
        self._keeps_logs = log_folder is not None
        self.stdout_path, self.stderr_path = self._folder / "stdout", self._folder / "stderr"
        self._read_to = 0
        self.events: list[Event] = []
        with self.stdout_path.open("wb") as out, self.stderr_path.open("wb") as err:
            self.popen = subprocess.Popen(
                [str(part) for part in command],
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
                cwd=cwd,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
            )
        self.stats = psutil.Process(self.popen.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            print(f"--- {self.popen.args!r}\n{self.stdout[-4000:]}\n{self.stderr[-4000:]}")
        self.close()

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    @property
    def stdout(self) -> str:
        return self.stdout_path.read_text(errors="replace")

    @property
    def stderr(self) -> str:
        return self.stderr_path.read_text(errors="replace")

    def send(self, **command: Any) -> None:
        """One JSON line to its standard input."""
        stdin: IO[bytes] | None = self.popen.stdin
        assert stdin is not None
        stdin.write(json.dumps(command).encode() + b"\n")
        stdin.flush()

    def close_stdin(self) -> None:
        """End of input, as when the parent died."""
        if self.popen.stdin is not None and not self.popen.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self.popen.stdin.close()

    def read_events(self) -> list[Event]:
        """The JSON lines written since the last call; all are kept in `events`, other lines passed over."""
        with self.stdout_path.open("rb") as file:
            file.seek(self._read_to)
            data = file.read()
        whole = data.rfind(b"\n") + 1
        self._read_to += whole
        fresh = [json.loads(line) for line in data[:whole].splitlines() if line.startswith(b"{")]
        self.events += fresh
        return fresh

    def event(self, name: str, *, timeout_s: float = 20.0, **fields: Any) -> Event:
        """The first JSON line ever printed with `event == name` and these fields, awaited if need be."""
        return self.first(
            lambda line: (
                line.get("event") == name and all(line.get(key) == value for key, value in fields.items())
            ),
            timeout_s=timeout_s,
            what=f"event {name} {fields or ''}",
        )

    def first(self, matches: Callable[[Event], bool], *, timeout_s: float, what: str) -> Event:
        """The first JSON line that `matches`; fails early if the program ended without it."""

        def probe() -> Event | None:
            ended = not self.running
            self.read_events()
            found = next((line for line in self.events if matches(line)), None)
            if found is None and ended:
                raise DeadlineError(
                    f"{self.popen.args!r} ended with {self.popen.returncode} before {what}: "
                    f"{self.stdout[-1500:]}\n{self.stderr[-1500:]}"
                )
            return found

        try:
            return wait_until(probe, timeout_s=timeout_s, what=what)
        except DeadlineError as error:
            raise DeadlineError(f"{error}; last words: {self.stdout[-1500:]} {self.stderr[-800:]}") from None

    def says(self, text: str, *, timeout_s: float = 20.0) -> str:
        """Wait until stdout or stderr holds `text`; answers the line that does."""

        def probe() -> str | None:
            ended = not self.running
            lines = f"{self.stdout}\n{self.stderr}".splitlines()
            found = next((line for line in lines if text in line), None)
            if found is None and ended:
                raise DeadlineError(
                    f"{self.popen.args!r} ended with {self.popen.returncode} without saying {text!r}: "
                    f"{self.stdout[-1500:]}\n{self.stderr[-3000:]}"
                )
            return found

        return wait_until(probe, timeout_s=timeout_s, what=f"{self.popen.args!r} says {text!r}", poll_s=0.02)

    def kill(self) -> None:
        """kill -9, this process alone."""
        self.popen.kill()
        self.wait(10)

    def kill_tree(self) -> None:
        """kill -9 of the process and all its descendants, as a machine that loses power."""
        for process in [*children(self.pid), self.stats]:
            try:
                process.kill()
            except psutil.Error:
                continue
        self.wait(10)

    def interrupt(self) -> None:
        """Ctrl-C."""
        self.popen.send_signal(signal.SIGINT)

    def wait(self, timeout_s: float = 30.0) -> int:
        """Its exit status, awaited."""
        try:
            code = self.popen.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            last = f"{self.stdout[-1500:]} {self.stderr[-800:]}"
            raise DeadlineError(f"{self.popen.args!r} still runs after {timeout_s:g} s: {last}") from None
        self.close_stdin()
        return code

    def close(self, timeout_s: float = 10.0) -> None:
        """End it the gentle way, then the other; idempotent. Its descendants go with it."""
        family = children(self.pid)
        self.close_stdin()
        if self.running:
            self.popen.terminate()
            try:
                self.popen.wait(timeout=timeout_s)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait(timeout=5)
        for process in family:
            try:
                process.kill()
            except psutil.Error:
                continue
        if not self._keeps_logs:
            shutil.rmtree(self._folder, ignore_errors=True)


def children(pid: int) -> list[psutil.Process]:
    """All living descendants of a process; none if it is gone."""
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return []


def cpu_seconds(pid: int) -> float:
    """User and system seconds spent by a process, its living descendants and its reaped ones."""
    total = 0.0
    for process in [psutil.Process(pid), *children(pid)]:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
        total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def rss_bytes(pid: int) -> int:
    """Resident memory of a process and its living descendants (shared pages count in each)."""
    total = 0
    for process in [psutil.Process(pid), *children(pid)]:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total
