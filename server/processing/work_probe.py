"""What the codec child finds out without encoding or drawing anything: the least that it loads."""

from pathlib import Path
from typing import Any

from media.encoder_probe import Question, tried
from media.encoders import missing
from media.presets import BALANCED
from media.presets import load as load_presets
from media.probe import probe
from media.sniff import Container
from media.untrusted import Watch
from server.processing.given import Works
from server.processing.protocol import CHECK, HAS_ENCODER, TRY_ENCODER, Request
from server.processing.steps import StepName


def _probe(request: Request, watch: Watch) -> dict[str, Any]:
    return probe(
        Path(request.source),
        kind=Container(request.kind),
        thorough=request.thorough,
        max_pixels=request.max_pixels,
        watch=watch,
    ).as_dict()


def _check(request: Request, watch: Watch) -> dict[str, Any]:
    found = {}
    for path in map(Path, request.reads):
        facts = probe(path, kind=Container.MP4, thorough=False, max_pixels=request.max_pixels, watch=watch)
        found[path.name] = facts.as_dict()
    return found


def _try_encoder(request: Request, _watch: Watch) -> dict[str, Any]:
    preset = load_presets().video_named(request.settings["encoder"])
    return {"reason": missing(preset) or tried(Question(preset.name, BALANCED, None))}


def _has_encoder(request: Request, _watch: Watch) -> dict[str, Any]:
    return {"reason": missing(load_presets().rendition_named(request.settings["encoder"])) or ""}


FUNCTIONS: Works = {
    StepName.PROBE: _probe,
    CHECK: _check,
    TRY_ENCODER: _try_encoder,
    HAS_ENCODER: _has_encoder,
}
