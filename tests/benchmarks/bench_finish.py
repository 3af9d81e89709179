"""From the end of a recording to its final playlist, whatever the length.

A growing file of 10 s and one of 30 min go through the real upload worker to the real server; the clock
starts when the recorder's part is done: the last fragment is on disk and the journal knows no more comes.
"""

import argparse
import os
import time
from pathlib import Path

from tests.benchmarks.playlists import media_playlist, wait_for_playlist
from tests.benchmarks.table import Figure
from tests.support import longplay, media
from tests.support.processes import wait_until
from tests.support.recorder import start_worker
from tests.support.servers import Server
from uploader.journal import Journal

LENGTHS_S = (10, 1800)
LOOP_S = 2.0


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """Each length once per repeat; the slowest is shown."""
    loop = longplay.take_apart(media.make_recording(folder / "loop.mp4", LOOP_S, size=(640, 360)), LOOP_S)
    (folder / "server").mkdir()
    figures = []
    with Server(folder / "server" / "data") as server:
        os.environ.update(server.client_env)
        for seconds in LENGTHS_S:
            waits = [
                finish(folder / f"{seconds}-{turn}.mp4", loop, seconds, server)
                for turn in range(options.repeat)
            ]
            note = f"worst of {options.repeat}, from the last byte on disk"
            figures.append(
                Figure(f"end to final playlist, {seconds} s", max(waits), "s", target=1.0, note=note)
            )
    return figures


def finish(file: Path, loop: longplay.Loop, seconds: float, server: Server) -> float:
    """Seconds between the end of a growing file and its final playlist."""
    pieces = list(longplay.play(loop, seconds=seconds))
    with file.open("wb", buffering=0) as output, Journal() as journal:
        upload_id = journal.add(file, title="Long", server=server.url, growing=True)
        with start_worker() as worker:
            for piece in pieces[:-1]:
                output.write(piece)
            sent = file.stat().st_size
            wait_until(
                lambda: journal.get(upload_id).offset >= sent, timeout_s=300, what="caught up", poll_s=0.05
            )
            playlist = media_playlist(server, journal.get(upload_id).share_url or "")
            output.write(pieces[-1])
            began = time.time()
            journal.finish(upload_id)
            took = wait_for_playlist(playlist, "#EXT-X-ENDLIST") - began
            assert worker.wait(60) == 0, worker.stderr
    return took
