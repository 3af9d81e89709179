"""Speech to text in the codec child: a finished file, or one that grows while it is listened to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from media.growing import open_growing
from media.sniff import Container
from media.transcript import Transcript
from media.untrusted import open_media
from server.processing.given import Works
from server.processing.parent import Parent
from server.processing.protocol import Request
from server.processing.steps import StepName


def transcribe(request: Request, parent: Parent) -> dict[str, Any]:
    """Goes on after `earlier` and tells each segment as it settles; all of the text goes into the output.

    Raises MediaError.
    """
    from media.transcribe.engine import Transcriber  # noqa: PLC0415 (two seconds, for this step alone)
    from media.transcribe.listener import Listener  # noqa: PLC0415 (two seconds, for this step alone)
    from media.transcribe.options import FILLED_S, LIVE_S, SpeechOptions  # noqa: PLC0415 (two seconds, for this step alone)
    from media.transcribe.sound import pieces_of  # noqa: PLC0415 (two seconds, for this step alone)

    options = SpeechOptions.from_dict(request.settings["options"])
    options = replace(options, least_s=LIVE_S if request.follows else FILLED_S)
    earlier = Transcript.from_dict(request.settings["earlier"] or {"segments": []})
    first_id = max((segment.id for segment in earlier.segments), default=-1) + 1
    transcriber = Transcriber(Path(request.settings["model"]), options)
    listener = Listener(transcriber, start_s=earlier.duration_s, first_id=first_id)
    size = 0 if request.follows else Path(request.source).stat().st_size
    with _opened(request, parent) as container:
        kind = Container(request.kind)
        for samples in pieces_of(container, kind, start_s=earlier.duration_s, size=size, watch=parent):
            if settled := listener.feed(samples):
                for segment in settled:
                    parent.tell("segment", segment=segment.as_dict())
                so_far = replace(listener.transcript(), segments=(), duration_s=listener.settled_s)
                parent.tell("settled", transcript=so_far.as_dict())
    rest = listener.finish()
    whole = replace(rest, segments=(*earlier.segments, *rest.segments))
    Path(request.output).write_text(whole.to_json(), encoding="utf-8")
    return {"language": whole.language, "segments": len(whole.segments), "model": whole.model}


@contextmanager
def _opened(request: Request, parent: Parent) -> Iterator[Any]:
    path, kind = Path(request.source), Container(request.kind)
    if not request.follows:
        with open_media(path, kind=kind, max_pixels=request.max_pixels) as container:
            yield container
        return
    growth, waiting = parent.growth, parent.waiting
    with open_growing(path, growth, waiting, kind=kind, max_pixels=request.max_pixels) as container:
        yield container


FUNCTIONS: Works = {StepName.TRANSCRIPT: transcribe}
