"""The work of the codec child, by name. Imports FFmpeg: nothing but the child imports this."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from media.facts import Probe, Rung
from media.presets import load as load_presets
from media.probe import probe
from media.remux import normalise
from media.renditions import make_rendition
from media.scenes import look
from media.sniff import Container
from media.thumbnails import make_poster
from media.untrusted import Watch
from server.processing.protocol import Request
from server.processing.steps import StepName

load_presets()  # before this process may read nothing but the video


def do(request: Request, watch: Watch) -> dict[str, Any]:
    """The result as JSON can carry it. Files go into the current folder, under the names that the table of
    steps has for them; `files` of the result lists them, where it is not the one at `output`.

    Raises MediaError or OSError.
    """
    return FUNCTIONS[StepName(request.work)](request, watch)


def _probe(request: Request, watch: Watch) -> dict[str, Any]:
    return probe(
        Path(request.source),
        kind=Container(request.kind),
        thorough=request.thorough,
        max_pixels=request.max_pixels,
        watch=watch,
    ).as_dict()


def _poster(request: Request, watch: Watch) -> dict[str, Any]:
    poster = make_poster(
        Path(request.source),
        Path(request.output),
        kind=Container(request.kind),
        duration_s=request.duration_s,
        max_pixels=request.max_pixels,
        watch=watch,
    )
    return asdict(poster)


def _normalise(request: Request, watch: Watch) -> dict[str, Any]:
    encoded = normalise(
        Path(request.source),
        Path(request.output),
        kind=Container(request.kind),
        facts=_facts(request),
        threads=request.threads,
        max_pixels=request.max_pixels,
        watch=watch,
    )
    return asdict(encoded)


def _rendition(request: Request, watch: Watch) -> dict[str, Any]:
    encoded = make_rendition(
        Path(request.source),
        Path(request.output),
        kind=Container(request.kind),
        facts=_facts(request),
        rung=Rung(**(request.rung or {})),
        threads=request.threads,
        max_pixels=request.max_pixels,
        watch=watch,
    )
    return asdict(encoded)


def _scenes(request: Request, watch: Watch) -> dict[str, Any]:
    seen = look(
        Path(request.source),
        kind=Container(request.kind),
        duration_s=request.duration_s,
        max_pixels=request.max_pixels,
        watch=watch,
    )
    Path(request.output).write_text(json.dumps(seen.as_dict(), separators=(",", ":")), "utf-8")
    return {"scenes": len(seen.scenes), "silences": len(seen.silences or ()), "complete": seen.complete}


def _facts(request: Request) -> Probe:
    return Probe(**(request.facts or {}))


# By the names of the steps.
FUNCTIONS = {
    StepName.PROBE: _probe,
    StepName.POSTER: _poster,
    StepName.NORMALISE: _normalise,
    StepName.RENDITION: _rendition,
    StepName.SCENES: _scenes,
}
