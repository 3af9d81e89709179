"""What the codec child encodes or copies: versions to play, pieces of them, and files to keep."""

from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from media.cuts import Cut, file_name
from media.downloads import make_audio, make_download
from media.facts import Rung
from media.pictures import Coding
from media.pieces import Piece, encode_piece, join_pieces
from media.presets import load as load_presets
from media.remux import normalise
from media.renditions import make_renditions
from media.sniff import Container
from media.untrusted import Watch
from server.processing.given import Works, common, facts_of
from server.processing.protocol import Request
from server.processing.steps import StepName


def _normalise(request: Request, watch: Watch) -> dict[str, Any]:
    encoded = normalise(
        Path(request.source),
        Path(request.output),
        kind=Container(request.kind),
        facts=facts_of(request),
        threads=request.threads,
        max_pixels=request.max_pixels,
        watch=watch,
    )
    return asdict(encoded)


def _rendition(request: Request, watch: Watch) -> dict[str, Any]:
    outputs = {Path(f"{rung.name}.mp4"): rung for rung in _rungs(request)}
    shared: dict[str, Any] = {"facts": facts_of(request), "max_pixels": request.max_pixels, "watch": watch}
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
        facts=facts_of(request),
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


def _rungs(request: Request) -> list[Rung]:
    return [Rung(**rung) for rung in request.settings["rungs"]]


def _coding(request: Request) -> Coding:
    presets = load_presets()
    encoder = request.settings.get("encoder") or presets.rendition.name
    return Coding(presets.rendition_named(encoder), Fraction(request.settings["rate"]), request.threads)


def _download(request: Request, watch: Watch) -> dict[str, Any]:
    return asdict(make_download(Path(request.source), Path(request.output), **common(request, watch)))


def _audio(request: Request, watch: Watch) -> dict[str, Any]:
    return asdict(make_audio(Path(request.source), Path(request.output), **common(request, watch)))


FUNCTIONS: Works = {
    StepName.NORMALISE: _normalise,
    StepName.RENDITION: _rendition,
    StepName.AV1: _rendition,
    StepName.PIECE: _piece,
    StepName.DOWNLOAD: _download,
    StepName.AUDIO: _audio,
}
