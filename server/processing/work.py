"""The work of the codec child, by name. Imports FFmpeg: nothing but the child imports this."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from media.cuts import Cut, file_name
from media.downloads import make_audio, make_download
from media.encoder_probe import Question, tried
from media.encoders import missing
from media.facts import Probe, Rung
from media.pictures import Coding
from media.pieces import Piece, encode_piece, join_pieces
from media.portraits import make_portrait
from media.presets import BALANCED
from media.presets import load as load_presets
from media.preview import make_preview
from media.probe import probe
from media.remux import normalise
from media.renditions import make_renditions
from media.scenes import look
from media.sniff import Container
from media.storyboard import make_storyboard, to_vtt
from media.thumbnails import make_poster
from media.untrusted import Watch
from media.waveform import make_waveform
from server.processing.hearing import transcribe
from server.processing.parent import Parent
from server.processing.protocol import CHECK, HAS_ENCODER, PORTRAIT, TRY_ENCODER, Request
from server.processing.steps import StepName

load_presets()  # before this process may read nothing but the video


def do(request: Request, parent: Parent) -> dict[str, Any]:
    """The result as JSON can carry it. Files go into the current folder, under the names that the table of
    steps has for them; `files` of the result lists them, where it is not the one at `output`.

    Raises MediaError or OSError.
    """
    return FUNCTIONS[request.work](request, parent)


def _probe(request: Request, watch: Watch) -> dict[str, Any]:
    return probe(
        Path(request.source),
        kind=Container(request.kind),
        thorough=request.thorough,
        max_pixels=request.max_pixels,
        watch=watch,
    ).as_dict()


def _poster(request: Request, watch: Watch) -> dict[str, Any]:
    return asdict(make_poster(Path(request.source), Path(request.output), **_common(request, watch)))


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
    outputs = {Path(f"{rung.name}.mp4"): rung for rung in _rungs(request)}
    shared: dict[str, Any] = {"facts": _facts(request), "max_pixels": request.max_pixels, "watch": watch}
    source, kind = Path(request.source), Container(request.kind)
    if "parts" in request.settings:
        made = join_pieces(source, outputs, list(_parts(request)), kind=kind, **shared)
    else:
        made = make_renditions(source, outputs, kind=kind, coding=_coding(request), **shared)
    return {"files": [path.name for path in outputs], "encoded": [asdict(one) for one in made]}


def _piece(request: Request, watch: Watch) -> dict[str, Any]:
    cut = Cut(**request.settings["cut"])
    outputs = {Path(file_name(cut.number, rung.name)): rung for rung in _rungs(request)}
    piece = encode_piece(
        Path(request.source),
        outputs,
        cut,
        facts=_facts(request),
        coding=_coding(request),
        init_length=request.settings["init"],
        max_pixels=request.max_pixels,
        watch=watch,
    )
    return {"files": [path.name for path in outputs], "piece": asdict(piece)}


def _parts(request: Request) -> Iterator[tuple[Piece, dict[str, Path]]]:
    folder = Path(request.reads[0])
    for part in request.settings["parts"]:
        values = dict(part)
        number = values.pop("number")
        yield Piece(**values), {rung.name: folder / file_name(number, rung.name) for rung in _rungs(request)}


def _check(request: Request, watch: Watch) -> dict[str, Any]:
    found = {}
    for path in map(Path, request.reads):
        facts = probe(path, kind=Container.MP4, thorough=False, max_pixels=request.max_pixels, watch=watch)
        found[path.name] = facts.as_dict()
    return found


def _portrait(request: Request, _watch: Watch) -> dict[str, Any]:
    make_portrait(Path(request.source), Path(request.output))
    return {}


def _rungs(request: Request) -> list[Rung]:
    return [Rung(**rung) for rung in request.settings["rungs"]]


def _coding(request: Request) -> Coding:
    presets = load_presets()
    encoder = request.settings.get("encoder") or presets.rendition.name
    return Coding(presets.rendition_named(encoder), Fraction(request.settings["rate"]), request.threads)


def _try_encoder(request: Request, _watch: Watch) -> dict[str, Any]:
    preset = load_presets().video_named(request.settings["encoder"])
    return {"reason": missing(preset) or tried(Question(preset.name, BALANCED, None))}


def _has_encoder(request: Request, _watch: Watch) -> dict[str, Any]:
    return {"reason": missing(load_presets().rendition_named(request.settings["encoder"])) or ""}


def _scenes(request: Request, watch: Watch) -> dict[str, Any]:
    seen = look(Path(request.source), **_common(request, watch))
    Path(request.output).write_text(json.dumps(seen.as_dict(), separators=(",", ":")), "utf-8")
    return {"scenes": len(seen.scenes), "silences": len(seen.silences or ()), "complete": seen.complete}


def _storyboard(request: Request, watch: Watch) -> dict[str, Any]:
    output = Path(request.output)
    board = make_storyboard(Path(request.source), output, **_common(request, watch))
    cues = output.with_suffix(".vtt")
    cues.write_text(to_vtt(board))
    return {**asdict(board), "files": [*board.sheets, cues.name]}


def _preview(request: Request, watch: Watch) -> dict[str, Any]:
    webp = Path(request.output)
    gif = webp.with_suffix(".gif")
    preview = make_preview(Path(request.source), webp, gif, **_common(request, watch))
    return {**asdict(preview), "files": [webp.name, gif.name]}


def _waveform(request: Request, watch: Watch) -> dict[str, Any]:
    made = make_waveform(Path(request.source), Path(request.output), **_common(request, watch))
    return {"points": len(made.data) // 2}


def _download(request: Request, watch: Watch) -> dict[str, Any]:
    return asdict(make_download(Path(request.source), Path(request.output), **_common(request, watch)))


def _audio(request: Request, watch: Watch) -> dict[str, Any]:
    return asdict(make_audio(Path(request.source), Path(request.output), **_common(request, watch)))


def _common(request: Request, watch: Watch) -> dict[str, Any]:
    return {
        "kind": Container(request.kind),
        "duration_s": request.duration_s,
        "max_pixels": request.max_pixels,
        "watch": watch,
    }


def _facts(request: Request) -> Probe:
    return Probe(**(request.facts or {}))


# By the names of the steps.
FUNCTIONS: dict[str, Callable[[Request, Parent], dict[str, Any]]] = {
    StepName.PROBE: _probe,
    StepName.POSTER: _poster,
    StepName.NORMALISE: _normalise,
    StepName.RENDITION: _rendition,
    StepName.TRANSCRIPT: transcribe,
    StepName.SCENES: _scenes,
    StepName.STORYBOARD: _storyboard,
    StepName.PREVIEW: _preview,
    StepName.WAVEFORM: _waveform,
    StepName.DOWNLOAD: _download,
    StepName.AUDIO: _audio,
    StepName.PIECE: _piece,
    StepName.AV1: _rendition,
    CHECK: _check,
    TRY_ENCODER: _try_encoder,
    HAS_ENCODER: _has_encoder,
    PORTRAIT: _portrait,
}
