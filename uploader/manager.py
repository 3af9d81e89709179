"""Starting and stopping the worker process. Light to import: the command line does so before every
recording.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from media import self_command
from uploader import paths
from uploader.lock import LOOKED_AT_S, FileLock, is_held

STOP_S = 10.0
_POLL_S = 0.01

# The workers this process has started: one that has not taken its lock yet must not be started again.
_begun: dict[Path, "subprocess.Popen[bytes]"] = {}


def is_running(journal: Path | None = None) -> bool:
    """Whether a worker serves this journal."""
    return is_held(paths.worker_lock(journal or paths.default_journal()))


def ensure_running(journal: Path | None = None, *, server: str | None = None) -> None:
    """Starts the journal's worker unless one runs; it outlives its parent and ends when there is nothing
    to do.

    Called before a recording (with the server it will go to, so that a connection is open by then) and
    again after a row was added: the worker may have just left.
    """
    journal = journal or paths.default_journal()
    begun = _begun.get(journal)
    if (begun is not None and begun.poll() is None) or is_running(journal):
        return
    journal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = self_command.command("uploader", "--journal", str(journal))
    if server:
        command += ["--server", server]
    process = _begun[journal] = _detached(command)
    # Collects the worker's exit status should it end before us; a daemon, so it never keeps us alive.
    threading.Thread(target=process.wait, name="upload worker's end", daemon=True).start()


def stop(journal: Path | None = None, *, timeout_s: float = STOP_S) -> bool:
    """Ends the journal's worker; what it was doing is taken up by the next. False when it is still there."""
    journal = journal or paths.default_journal()
    pid = worker_pid(journal)
    if pid is None:
        return True
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return True
    deadline = time.monotonic() + timeout_s
    while is_running(journal):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)  # a lock of another process tells nobody when it is free
    return True


def worker_pid(journal: Path) -> int | None:
    """The running worker's process number; None when none runs."""
    path = paths.worker_lock(journal)
    if not is_held(path):
        return None
    text = _pid_file(journal).read_text(encoding="ascii") if _pid_file(journal).exists() else ""
    return int(text) if text.isdigit() else None


def take_lock(journal: Path) -> FileLock | None:
    """For the worker itself; None when another one runs."""
    lock = FileLock(paths.worker_lock(journal))
    if not lock.acquire(LOOKED_AT_S):
        return None
    # Beside the lock, not inside it: Windows lets nobody read a locked byte.
    _pid_file(journal).write_text(str(os.getpid()), encoding="ascii")
    return lock


def _pid_file(journal: Path) -> Path:
    return journal.with_name(journal.name + ".worker-pid")


def _detached(command: list[str]) -> "subprocess.Popen[bytes]":
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
        )
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
