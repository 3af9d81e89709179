"""Files for a person from a recording: `python -m media.export KIND SOURCE OUTPUT`, a process of its own.

It prints JSON lines: `{"progress": 0.42}` now and then, at the end `{"done": …}` or `{"error": …}`. The
output appears under its name only when it is whole, so ending the process is how one cancels.

Kinds: `mp4` (an ordinary MP4, its index in front), `audio` (M4A), `gif`, `poster`, `preview` (WebP), `trim`.
With `--from` and `--to`, seconds, only what lies between, to the picture (`media/cutting.py`).
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from media.errors import MediaError, RenditionError

KINDS = ("mp4", "audio", "gif", "poster", "preview", "trim")
_GIF_BOX = 480, 480  # pixels
_GIF_FPS = 10
_GIF_MOST_S = 20.0  # all of it is in memory while it is drawn


def main(arguments: list[str] | None = None) -> int:
    """0 when the file is there, 1 with the reason on standard output when it is not."""
    asked = _parser().parse_args(arguments)
    part = asked.output.with_name(f".{asked.output.name}.part")
    try:
        told = _make(asked, part)
        part.replace(asked.output)
    except (MediaError, OSError) as error:
        part.unlink(missing_ok=True)
        _say({"error": _told(error)})
        return 1
    _say({"done": {**told, "path": str(asked.output), "bytes": asked.output.stat().st_size}})
    return 0


def _told(error: MediaError | OSError) -> dict[str, str]:
    if isinstance(error, MediaError):
        return {"title": error.title, "detail": error.detail, "hint": error.hint}
    return {"title": "The file could not be written", "detail": error.strerror or str(error), "hint": ""}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="media.export")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--from", dest="begin", type=float, default=0.0)
    parser.add_argument("--to", dest="end", type=float, default=None)
    return parser


def _make(asked: argparse.Namespace, part: Path) -> dict[str, Any]:
    # Codecs load when they are needed: a wrong word on the command line is told at once.
    from media.cutting import make_trim
    from media.downloads import make_audio, make_download
    from media.gifs import make_gif
    from media.preview import make_preview
    from media.probe import probe
    from media.sniff import SNIFF_BYTES, Container, sniff
    from media.thumbnails import make_poster

    with asked.source.open("rb") as file:
        kind = sniff(file.read(SNIFF_BYTES))
    if kind is None or kind is Container.UNDECIDED:
        raise RenditionError("The video cannot be read", "It is of no kind that is known.")
    facts = probe(asked.source, kind=kind)
    duration_s = facts.duration_s
    given: dict[str, Any] = {"kind": kind, "duration_s": duration_s, "watch": _watch()}
    end = min(asked.end if asked.end is not None else duration_s, duration_s) or duration_s
    whole = asked.begin <= 0 and end >= duration_s
    if asked.kind == "audio" and whole:
        return asdict(make_audio(asked.source, part, **given))
    if asked.kind == "poster":
        return asdict(make_poster(asked.source, part, **given))
    if asked.kind == "preview":
        gif = part.with_suffix(".gif")
        made = make_preview(asked.source, part, gif, **given)
        gif.unlink()
        return asdict(made)
    if asked.kind == "gif":
        most = min(end, asked.begin + _GIF_MOST_S)
        return make_gif(
            asked.source, part, begin_s=asked.begin, end_s=most, box=_GIF_BOX, fps=_GIF_FPS, **given
        )
    if asked.kind == "mp4" and whole:
        return asdict(make_download(asked.source, part, **given))
    form = {"growing_form": asked.kind == "trim", "sound_only": asked.kind == "audio"}
    times = {"begin_s": asked.begin, "end_s": end}
    return asdict(make_trim(asked.source, part, facts=facts, watch=given["watch"], **times, **form))


def _watch() -> Any:
    def watch(fraction: float) -> None:
        _say({"progress": round(fraction, 3)})

    return watch


def _say(values: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
