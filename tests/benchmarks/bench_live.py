"""A real recording seen through its link: how soon there is one, how far behind it plays, when it is final.

The delay is read from the picture: a clock runs on the filmed screen, the browser's video element is drawn to
a canvas at a known time, and the clock in it is decoded.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

from tests.benchmarks.playlists import media_playlist, wait_for_playlist
from tests.benchmarks.table import Figure
from tests.support import clock
from tests.support.browsers import NAMES, Browser, open_browser
from tests.support.processes import Program
from tests.support.recorder import Recorder
from tests.support.servers import Server
from tests.support.services import open_pulse, open_screen

SIZE = (1280, 720)
SETTLE_S = 6.0  # a player first joins, then closes in on the live edge
VIDEO = "document.querySelector('video')"
TAKES = 3


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """One take for each browser, and short ones for the link alone."""
    (folder / "server").mkdir()
    with open_screen(*SIZE) as screen, open_pulse(folder / "pulse") as pulse:
        os.environ.update(screen.env | pulse.env)
        scene = [sys.executable, "-m", "tests.support.content", "clock", "--sound"]
        with Program(scene) as content, Server(folder / "server" / "data") as server:
            content.says("ready")
            figures = beginnings(folder, server)
            for name in NAMES:
                figures += watched(name, folder, server, options.seconds)
    return figures


def beginnings(folder: Path, server: Server) -> list[Figure]:
    """Short takes: start to link, start to the first part in the playlist, stop to the final playlist."""
    links, watchable, final = [], [], []
    for number in range(TAKES):
        with Recorder(folder / f"short-{number}.mp4", env=server.client_env) as recorder:
            link = recorder.link()
            links.append(float(link["linkReadyS"]))
            started = recorder.event("state", state="preparing")["at"]
            playlist = media_playlist(server, link["shareUrl"])
            watchable.append(wait_for_playlist(playlist, "#EXT-X-PART:") - started)
            recorder.recorded(10)
            recorder.interrupt()
            stopped = time.time()
            final.append(wait_for_playlist(playlist, "#EXT-X-ENDLIST") - stopped)
            recorder.wait(60)
    return [
        Figure("link ready", statistics.median(links), "s", target=0.3, note=f"median of {TAKES}"),
        Figure("first watchable", statistics.median(watchable), "s", note="first part in the playlist"),
        Figure("stop to final playlist, 10 s", statistics.median(final), "s", target=1.0, note="from Ctrl-C"),
    ]


def watched(name: str, folder: Path, server: Server, seconds: float) -> list[Figure]:
    """How far behind the screen a browser plays, over `seconds`."""
    with Recorder(folder / f"{name}.mp4", env=server.client_env) as recorder, open_browser(name) as browser:
        link = recorder.link()
        recorder.recorded(2)
        browser.goto(link["shareUrl"])
        browser.wait_for(f"{VIDEO} && {VIDEO}.readyState >= 3", timeout_s=30)
        browser.evaluate(f"{VIDEO}.play()")
        time.sleep(SETTLE_S)
        delays = sample(browser, seconds)
        recorder.stop()
    worst = max(delays)
    note = f"worst {worst:.2f} s, {len(delays)} readings in {seconds:.0f} s"
    return [Figure(f"behind the screen, {name}", statistics.median(delays), "s", target=3.0, note=note)]


def sample(browser: Browser, seconds: float) -> list[float]:
    """Seconds between the filmed clock and the time of the browser's picture, about four times a second."""
    until, found = time.monotonic() + seconds, []
    while time.monotonic() < until:
        moment = browser.video_moment(640)
        if moment:
            picture, at_ms = moment
            shown = clock.read(picture, near_ms=int(at_ms))
            if shown is not None:
                found.append((at_ms - shown) / 1000)
        time.sleep(0.2)
    assert found, f"{browser.name} never showed the clock"
    return found
