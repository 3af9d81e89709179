"""`python -m tests.benchmarks [NAME...]`: speed and memory against the peers, ratios taken in one run.

Names: recorder (CPU against ffmpeg, SimpleScreenRecorder and OBS; one size, content or peer at a time with
--size, --content, --peer), camera (CPU of one frame), bubble (CPU of composing it),
live (link and delay), finish (stop to final playlist), upload (throughput against @tus/server),
serve (CPU of sending media, against nginx), memory,
sync (sound against picture), speech (transcription against bare faster-whisper),
ladder (renditions against ffmpeg, on one worker and two, and how soon after a stop),
search (in 100,000 segments), analytics (events of players),
sockets (2,000 WebSocket clients), listing (10,000 recordings, against a bare FastAPI route),
app (start to tray, memory and CPU of the app while it waits).
All of them by default.
"""

import argparse
import importlib
import json
import os
import tempfile
import time
import uuid
from pathlib import Path

from media import garbage
from tests.benchmarks import goals
from tests.benchmarks.recorders import PEERS
from tests.benchmarks.table import Figure, as_json, render
from tests.support import leaks

NAMES = (
    "recorder",
    "camera",
    "bubble",
    "live",
    "finish",
    "upload",
    "serve",
    "memory",
    "sync",
    "speech",
    "ladder",
    "search",
    "analytics",
    "sockets",
    "listing",
    "app",
)


def main() -> int:
    """Run the named benchmarks and print their tables; 1 when a target was missed."""
    garbage.collect_seldom()  # a pause of ours would look like one of the program that is measured
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=float, default=20, help="length of one recorded take")
    parser.add_argument("--repeat", type=int, default=3, help="paired takes per content; medians are shown")
    sizes, contents = tuple(goals.SIZES), (*goals.CONTENTS, *goals.MORE_CONTENTS)
    for name, known in (("size", sizes), ("content", contents), ("peer", tuple(PEERS))):
        words = f"recorder: only this one; again for more. Of {', '.join(known)}"
        parser.add_argument(f"--{name}", action="append", choices=known, metavar="NAME", help=words)
    parser.add_argument(
        "--no-bitrate", action="store_true", help="recorder: leave out the slow bitrates at equal quality"
    )
    parser.add_argument(
        "--minutes",
        type=float,
        help="length of the memory and sync runs (1 unless told) and of ladder's recording (10)",
    )
    parser.add_argument(
        "--database", choices=("sqlite", "postgresql"), default="sqlite", help="search: which index"
    )
    parser.add_argument("--gib", type=float, default=1, help="size of the uploaded file")
    parser.add_argument("--json", type=Path, help="also write the figures to a file")
    options = parser.parse_args()
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    figures = [figure for name in options.names or NAMES for figure in run(name, options)]
    if options.json:
        options.json.write_text(json.dumps(as_json(figures), indent=2) + "\n")
    return 1 if any(figure.met is False for figure in figures) else 0


def run(name: str, options: argparse.Namespace) -> list[Figure]:
    """One benchmark in a folder and a client home of its own; its table is printed at once."""
    os.environ.setdefault(leaks.RUN_MARK, uuid.uuid4().hex)
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    module = importlib.import_module(f"tests.benchmarks.bench_{name}")
    began, before, env = time.monotonic(), leaks.snapshot(), dict(os.environ)
    with tempfile.TemporaryDirectory(prefix=f"heddle-bench-{name}-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        os.environ["HEDDLE_HOME"] = str(home)
        os.environ["HEDDLE_SELF_TEST"] = "0"
        os.environ["HEDDLE_ASSISTANT"] = "off"
        figures: list[Figure] = module.run(Path(folder), options)
        left = leaks.left_behind(before)
        os.environ.clear()  # a benchmark's screen and sound server are gone with it
        os.environ.update(env)
    print(f"\n{name} ({time.monotonic() - began:.0f} s)\n{render(figures)}", flush=True)
    if left:
        print(f"left behind: {'; '.join(left)}")
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
