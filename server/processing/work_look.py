"""What the codec child sees and hears in a video, and the pictures it makes of that."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from media.portraits import make_portrait
from media.preview import make_preview
from media.scenes import look
from media.storyboard import make_storyboard, to_vtt
from media.thumbnails import make_poster
from media.untrusted import Watch
from media.waveform import make_waveform
from server.processing.given import Works, common
from server.processing.protocol import PORTRAIT, Request
from server.processing.steps import StepName


def _poster(request: Request, watch: Watch) -> dict[str, Any]:
    return asdict(make_poster(Path(request.source), Path(request.output), **common(request, watch)))


def _scenes(request: Request, watch: Watch) -> dict[str, Any]:
    seen = look(Path(request.source), **common(request, watch))
    Path(request.output).write_text(json.dumps(seen.as_dict(), separators=(",", ":")), "utf-8")
    return {"scenes": len(seen.scenes), "silences": len(seen.silences or ()), "complete": seen.complete}


def _storyboard(request: Request, watch: Watch) -> dict[str, Any]:
    output = Path(request.output)
    board = make_storyboard(Path(request.source), output, **common(request, watch))
    cues = output.with_suffix(".vtt")
    cues.write_text(to_vtt(board))
    return {**asdict(board), "files": [*board.sheets, cues.name]}


def _preview(request: Request, watch: Watch) -> dict[str, Any]:
    webp = Path(request.output)
    gif = webp.with_suffix(".gif")
    preview = make_preview(Path(request.source), webp, gif, **common(request, watch))
    return {**asdict(preview), "files": [webp.name, gif.name]}


def _waveform(request: Request, watch: Watch) -> dict[str, Any]:
    made = make_waveform(Path(request.source), Path(request.output), **common(request, watch))
    return {"points": len(made.data) // 2}


def _portrait(request: Request, _watch: Watch) -> dict[str, Any]:
    make_portrait(Path(request.source), Path(request.output))
    return {}


FUNCTIONS: Works = {
    StepName.POSTER: _poster,
    StepName.SCENES: _scenes,
    StepName.STORYBOARD: _storyboard,
    StepName.PREVIEW: _preview,
    StepName.WAVEFORM: _waveform,
    PORTRAIT: _portrait,
}
