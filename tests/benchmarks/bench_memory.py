"""Memory of recorder, upload worker and server while one recording goes on: it must not grow with its length.

Growth is the median of the last fifth against that of the first, after half a minute in which everything is
loaded and every queue and pool was once in use.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

import psutil

from tests.benchmarks.table import Figure
from tests.support.processes import Program, rss_bytes
from tests.support.recorder import Recorder, home, workers
from tests.support.servers import Server
from tests.support.services import open_pulse, open_screen

SIZE = (1280, 720)
GROWTH_MIB = 16.0
WARM_S = 30


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """One recording with sound of moving content, `--minutes` long."""
    (folder / "server").mkdir()
    with open_screen(*SIZE) as screen, open_pulse(folder / "pulse") as pulse:
        os.environ.update(screen.env | pulse.env)
        scene = [sys.executable, "-m", "tests.support.content", "scrolling", "--sound"]
        with Program(scene) as content, Server(folder / "server" / "data") as server:
            content.says("ready")
            with Recorder(folder / "take.mp4", env=server.client_env) as recorder:
                recorder.link()
                recorder.recorded(WARM_S)
                curves = watch(recorder, server, (options.minutes or 1) * 60)
                recorder.stop()
    return [figure(name, curve, options.minutes or 1) for name, curve in curves.items()]


def watch(recorder: Recorder, server: Server, seconds: float) -> dict[str, list[float]]:
    """MiB of each program, once a second."""
    pids = {
        "recorder": recorder.child("-m", "capture").pid,
        "upload worker": workers(home())[0].pid,
        "server": server.program.pid,
    }
    curves: dict[str, list[float]] = {name: [] for name in pids}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for name, pid in pids.items():
            try:
                curves[name].append(rss_bytes(pid) / (1 << 20))
            except psutil.NoSuchProcess:
                raise AssertionError(f"the {name} went away: {recorder.stdout[-1000:]}") from None
        time.sleep(1)
    return curves


def figure(name: str, curve: list[float], minutes: float) -> Figure:
    """Growth from the first fifth of the curve to its last."""
    fifth = max(1, len(curve) // 5)
    early, late = statistics.median(curve[:fifth]), statistics.median(curve[-fifth:])
    note = f"{early:.0f} -> {late:.0f} MiB, peak {max(curve):.0f}, in {minutes:g} min"
    return Figure(f"{name} memory growth", late - early, "MiB", target=GROWTH_MIB, note=note)
