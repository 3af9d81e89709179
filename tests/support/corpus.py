"""Everything that is done with an upload, in one process, and films in every shape that people send.

`python -m tests.support.corpus FOLDER COUNT FILM...` damages the films in so many ways and says in JSON lines
what became of each: a library that breaks down takes this process with it, and nobody else.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from media.downloads import make_audio, make_download
from media.errors import MediaError, UnreadableMedia
from media.facts import Probe
from media.preview import make_preview
from media.probe import probe
from media.remux import normalise
from media.sniff import SNIFF_BYTES, TAKEN, Container, sniff
from media.storyboard import make_storyboard
from media.thumbnails import make_poster
from media.waveform import make_waveform

FIRST_SEED = 10
FLIPS = 24
MAX_PIXELS = 4096 * 1024  # a flipped bit makes a picture enormous, and that is refused like any other
PATIENCE_S = 60.0


class TooLong(Exception):
    """A step took longer than its child would be allowed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a film: facts of the file that streams, what was made, and what was not and why."""

    facts: Probe
    made: frozenset[str]
    refused: dict[str, str]


def work_through(film: Path, folder: Path) -> Outcome:
    """The steps as the server does them; raises MediaError where the server would refuse the film."""
    with film.open("rb") as file:
        kind = sniff(file.read(SNIFF_BYTES), final=True)
    if not kind:
        raise UnreadableMedia("Not taken", TAKEN)
    watch = _watch()
    facts = probe(film, kind=kind, max_pixels=MAX_PIXELS, watch=watch)
    made, refused = set(), {}
    source, streams = film, kind
    if not facts.streams_as_it_is:
        source, streams = folder / "normalised.mp4", Container.MP4
        normalise(film, source, kind=kind, facts=facts, threads=1, max_pixels=MAX_PIXELS, watch=watch)
        facts = probe(source, kind=streams)
        made.add(source.name)
    how: dict[str, Any] = {
        "kind": streams,
        "duration_s": facts.duration_s,
        "max_pixels": MAX_PIXELS,
        "watch": watch,
    }
    steps: dict[str, Callable[[], object]] = {
        "poster.jpg": lambda: make_poster(film, folder / "poster.jpg", **{**how, "kind": kind}),
        "storyboard.jpg": lambda: make_storyboard(source, folder / "storyboard.jpg", **how),
        "preview.webp": lambda: make_preview(source, folder / "preview.webp", folder / "preview.gif", **how),
        "waveform.json": lambda: make_waveform(source, folder / "waveform.json", **how),
        "download.mp4": lambda: make_download(source, folder / "download.mp4", **how),
        "audio.m4a": lambda: make_audio(source, folder / "audio.m4a", **how),
    }
    for name, step in steps.items():
        try:
            step()
            made.add(name)
        except MediaError as refusal:
            refused[name] = f"{refusal.title}: {refusal.detail}"
    return Outcome(facts, frozenset(made), refused)


def damaged(whole: bytes, seed: int) -> bytes:
    """The same bytes with some bits flipped; sometimes a piece is missing, sometimes one is there twice."""
    dice = np.random.default_rng(seed)
    data = bytearray(whole)
    # Headers are few among the bytes and hold most of what can go wrong.
    reach = len(data) if seed % 3 else min(len(data), 1500)
    for at in dice.integers(0, reach, int(dice.integers(1, FLIPS))):
        data[at] ^= 1 << int(dice.integers(0, 8))
    first, second = sorted(int(at) for at in dice.integers(0, len(data), 2))
    if seed % 7 == 3:
        del data[first : min(second, first + 4000)]
    elif seed % 7 == 5:
        data[first:first] = data[first : min(second, first + 4000)]
    return bytes(data)


def _watch() -> Callable[[float], None]:
    ends = time.monotonic() + PATIENCE_S

    def watch(_fraction: float) -> None:
        if time.monotonic() > ends:
            raise TooLong

    return watch


def main() -> None:
    folder, count, films = Path(sys.argv[1]), int(sys.argv[2]), [Path(name) for name in sys.argv[3:]]
    for number in range(count):
        film = films[number % len(films)]
        damage(film, number // len(films) + FIRST_SEED, folder)


def damage(film: Path, seed: int, folder: Path) -> None:
    """Says which film it is before it touches it, and then what became of it."""
    said: dict[str, Any] = {"film": film.name, "seed": seed}
    _say(said)
    copy = folder / f"damaged{film.suffix}"
    copy.write_bytes(damaged(film.read_bytes(), seed))
    try:
        outcome = work_through(copy, folder)
        said["streams"] = outcome.facts.streams_as_it_is
    except MediaError as refusal:
        said["sentence"] = f"{refusal.title}: {refusal.detail}"
    except TooLong:
        said["sentence"] = "too long"
    for path in folder.iterdir():
        path.unlink()
    _say(said)


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
