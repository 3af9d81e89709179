"""The app waiting in the tray: how soon it is there, what it takes while nobody uses it.

There is when it answers a second start: then Qt's loop runs, and the tray has been asked for its place. The
first start fills the disk's cache and is not counted. Memory and CPU are those of the app alone; the recorder
that it keeps ready is a process of its own and told apart.
"""

import argparse
import contextlib
import os
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.benchmarks.table import Figure
from tests.support.processes import Program, children, wait_until
from tests.support.services import open_screen

STARTS = 5
SETTLE_S = 8.0  # the recorder gets ready meanwhile, and looks of once after the start are over
IDLE_S = 10.0
START_TARGET_S, MEMORY_TARGET_MIB, CPU_TARGET_PERCENT = 1.0, 150.0, 0.1


def run(_folder: Path, _options: argparse.Namespace) -> list[Figure]:
    """On a screen of its own, with a person who has set the app up already."""
    with open_screen(1280, 720) as screen:
        os.environ.update(screen.env)
        os.environ["HEDDLE_SERVER"] = "http://127.0.0.1:1"
        with app():  # warms up
            pass
        starts, spent = [], []
        for _ in range(STARTS):
            with app() as (program, seconds):
                starts.append(seconds)
                spent.append(sum(psutil.Process(program.pid).cpu_times()[:2]))
        with app() as (program, _):
            idle = idle_figures(program)
    note = f"median of {STARTS} warm starts, worst {max(starts):.2f}; CPU {statistics.median(spent):.2f} s"
    start = Figure("start to tray", statistics.median(starts), "s", target=START_TARGET_S, note=note)
    return [start, *idle]


@contextlib.contextmanager
def app() -> Iterator[tuple[Program, float]]:
    """The app in the background, and how many seconds it took until it answered."""
    began = time.monotonic()
    with Program([sys.executable, "-m", "desktop", "app", "--background"]) as program:
        wait_until(answers, timeout_s=30, what="an app that answers", poll_s=0.005)
        yield program, time.monotonic() - began


def answers() -> bool:
    """Asked for nothing that it knows, the app says so and does nothing."""
    from desktop.instance import address

    try:
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(5)
            asking.connect(address())
            asking.sendall(b"{}\n")
            return bool(asking.recv(100))
    except OSError:
        return False


def idle_figures(program: Program) -> list[Figure]:
    """Memory and CPU once everything has settled."""
    time.sleep(SETTLE_S)
    process = psutil.Process(program.pid)
    before, began = sum(process.cpu_times()[:2]), time.monotonic()
    time.sleep(IDLE_S)
    percent = 100 * (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
    memory = process.memory_full_info()
    mib = 1 << 20
    recorder = sum(child.memory_info().rss for child in children(program.pid)) / mib
    note = f"{memory.uss / mib:.0f} its own; the recorder it keeps ready {recorder:.0f}"
    return [
        Figure("app idle, resident", memory.rss / mib, "MiB", target=MEMORY_TARGET_MIB, note=note),
        Figure("app idle, CPU", percent, "%", target=CPU_TARGET_PERCENT, note=f"in {IDLE_S:.0f} s"),
    ]
