"""Finding what a test left running: threads of this process, and processes it started, however detached."""

import os
import threading
import time
from dataclasses import dataclass

import psutil

RUN_MARK = "HEDDLE_TEST_RUN"
# What was closed may need a moment to be gone; what was forgotten never goes.
GRACE_S = 2.0
POLL_S = 0.02

# Kept by the standard library or a library for the life of the process, whoever asked first.
SHARED_THREADS = ("pytest_timeout", "AnyIO worker thread", "ThreadPoolExecutor-forkserver")
SHARED_PROCESSES = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Threads by identity, and the numbers of all processes, ours or not: to tell costs more than to list."""

    threads: frozenset[int]
    processes: frozenset[int]


def snapshot() -> Snapshot:
    """What is alive now."""
    return Snapshot(frozenset(id(thread) for thread in threading.enumerate()), frozenset(psutil.pids()))


def left_behind(before: Snapshot) -> list[str]:
    """Words for what is alive now, was not before, and outlived the grace; processes among it are killed."""
    deadline = time.monotonic() + GRACE_S
    while True:
        threads, processes = _new_threads(before), _new_processes(before)
        if not threads and not processes:
            return []
        if time.monotonic() > deadline:
            break
        time.sleep(POLL_S)
    words = [f"thread {thread.name!r}" for thread in threads]
    for process in processes:
        words.append(f"process {_describe(process)}")
        _kill(process)
    return words


def _new_threads(before: Snapshot) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if id(thread) not in before.threads and not thread.name.startswith(SHARED_THREADS)
    ]


def _new_processes(before: Snapshot) -> list[psutil.Process]:
    mark = os.environ.get(RUN_MARK)
    found = []
    for pid in set(psutil.pids()) - before.processes:
        try:
            process = psutil.Process(pid)
            if _is_ours(process, mark) and not _is_of_another(process, before, mark):
                found.append(process)
        except psutil.Error:  # gone meanwhile, or somebody else's
            continue
    return found


def _is_ours(process: psutil.Process, mark: str | None) -> bool:
    if process.status() == psutil.STATUS_ZOMBIE:
        return False
    if not mark or process.environ().get(RUN_MARK) != mark:
        return False
    command = " ".join(process.cmdline())
    return not any(shared in command for shared in SHARED_PROCESSES)


def _is_of_another(process: psutil.Process, before: Snapshot, mark: str | None) -> bool:
    """Started by a program of ours that ran before the test and goes on, such as a browser for many tests."""
    for parent in process.parents():
        if parent.pid == os.getpid() or parent.pid not in before.processes:
            continue
        try:
            if _is_ours(parent, mark):
                return True
        except psutil.Error:  # gone meanwhile, or somebody else's
            continue
    return False


def _describe(process: psutil.Process) -> str:
    try:
        return f"{process.pid} ({' '.join(process.cmdline())[:160]})"
    except psutil.Error:
        return str(process.pid)


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
        process.wait(timeout=5)
    except psutil.Error:
        return
