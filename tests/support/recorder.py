"""`heddle record`, the recorder's engine and the upload worker as real processes."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.support.processes import Event, Program, wait_until

BIN = Path(sys.executable).parent
LINK_S = 20.0
FINISH_S = 60.0


class Recorder(Program):
    """A running `heddle record --json`."""

    def __init__(self, output: Path, *options: str, env: Mapping[str, str] | None = None) -> None:
        command = [BIN / "heddle", "record", "--json", "--output", output, *options]
        super().__init__(command, env=env)
        self.output = output

    def recording(self) -> Event:
        """Wait until the engine records."""
        return self.event("state", state="recording")

    def link(self) -> Event:
        """The first upload event that carries the share link."""
        return self.first(
            lambda line: line.get("event") == "upload" and bool(line.get("shareUrl")),
            timeout_s=LINK_S,
            what="an upload event with the share link",
        )

    def recorded(self, seconds: float) -> Event:
        """Wait until so much media time is on disk."""
        return self.first(
            lambda line: line.get("event") == "stats" and line.get("timeS", 0) >= seconds,
            timeout_s=seconds * 3 + 20,
            what=f"{seconds} s recorded",
        )

    def sent(self, size: int) -> Event:
        """Wait until the server has acknowledged so many bytes."""
        return self.first(
            lambda line: line.get("event") == "upload" and (line.get("offset") or 0) >= size,
            timeout_s=60,
            what=f"{size} bytes uploaded",
        )

    def stop(self) -> Event:
        """Ctrl-C, then the finished event; the process has ended with success."""
        self.interrupt()
        finished = self.event("state", state="finished", timeout_s=FINISH_S)
        code = self.wait(FINISH_S)
        assert code == 0, f"exit code {code}: {self.stderr[-2000:]}"
        return finished

    def child(self, *words: str) -> psutil.Process:
        """The living descendant whose command line holds all of `words`."""

        def probe() -> psutil.Process | None:
            return next((process for process in self._family() if _runs(process, words)), None)

        return wait_until(probe, timeout_s=10, what=f"a child of heddle record running {words}")

    def _family(self) -> list[psutil.Process]:
        try:
            return list(self.stats.children(recursive=True))
        except psutil.Error:
            return []


def _runs(process: psutil.Process, words: Sequence[str]) -> bool:
    try:
        command = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return all(word in command for word in words)


def workers(home: Path) -> list[psutil.Process]:
    """Upload workers that serve this client folder, detached ones too."""
    return [
        process
        for process in psutil.process_iter()
        if _runs(process, ("-m", "uploader")) and _home_of(process) == str(home)
    ]


def kill_workers(home: Path) -> int:
    """kill -9 of the upload workers of a client folder; how many there were."""
    found = workers(home)
    for process in found:
        process.kill()
    for process in found:
        wait_until(lambda process=process: not process.is_running(), timeout_s=10, what="a dead worker")  # type: ignore[misc]  # a lambda with a default
    return len(found)


def _home_of(process: psutil.Process) -> str | None:
    try:
        home: str | None = process.environ().get("HEDDLE_HOME")
        return home
    except psutil.Error:
        return None


def start_worker(env: Mapping[str, str] | None = None, *options: str) -> Program:
    """An upload worker in the foreground; ends when the queue is drained."""
    return Program([sys.executable, "-m", "uploader", *options], env=env)


def engine(*options: str, env: Mapping[str, str] | None = None, log_folder: Path | None = None) -> Program:
    """The recording engine alone, `python -m capture`."""
    return Program([sys.executable, "-m", "capture", *options], env=env, log_folder=log_folder)


def journal_rows(home: Path) -> list[dict[str, Any]]:
    """The uploads in a client's journal, read with SQLite itself."""
    import sqlite3

    path = home / "journal.db"
    if not path.exists():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
    try:
        connection.row_factory = sqlite3.Row
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'uploads'").fetchone():
            return []  # being made at this moment
        return [dict(row) for row in connection.execute("SELECT * FROM uploads")]
    finally:
        connection.close()


def home() -> Path:
    """The client folder of the running test."""
    return Path(os.environ["HEDDLE_HOME"])


def lasted(duration_s: float, asked_s: float) -> bool:
    """Nothing is missing. A busy machine may end a take a little later; sound and picture still agree."""
    return asked_s - 0.05 <= duration_s <= asked_s + 1.0
