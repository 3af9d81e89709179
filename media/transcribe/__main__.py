"""`python -m media.transcribe`: one file's speech, in a process that may die alone.

One request as a JSON line on standard input, events as JSON lines on standard output: `ready` (device),
`progress`, `segment`, then `done` with the transcript or `failed` with words for a person. With `background`
in the request everything else on the machine comes first; `{"pause": true}` holds it at its next pause, so
that a recording has the machine to itself, and `{"pause": false}` lets it go on. When the input closes its
parent is gone or wants no more, and so it ends.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from media.background import step_back
from media.errors import MediaError, UnreadableMedia
from media.sniff import SNIFF_BYTES, TAKEN, Container, sniff

_TELL_EVERY_S = 0.2


def main() -> None:
    # Ctrl-C in a terminal reaches the parent too, who decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    request = json.loads(sys.stdin.readline() or "{}")
    if request.get("background"):
        step_back()
    going = threading.Event()
    going.set()
    threading.Thread(target=_heed_parent, args=(going,), name="parent", daemon=True).start()
    try:
        _say("done", transcript=_transcribe(request, going))
    except MediaError as error:
        _say("failed", title=error.title, detail=error.detail, hint=error.hint)
    except ImportError as error:
        _say(
            "failed",
            title="Transcription is not installed",
            detail=str(error),
            hint="pip install 'heddle[ai]'",
        )
    except OSError as error:
        _say("failed", title="The file cannot be read", detail=str(error), hint="")


def _transcribe(request: dict[str, Any], going: threading.Event) -> dict[str, Any]:
    path = Path(request["path"])
    kind = _kind(path)
    # After the handler of Ctrl-C, and so that what is not installed can be told.
    from media.transcribe.engine import Transcriber
    from media.transcribe.files import transcribe_part
    from media.transcribe.options import SpeechOptions

    transcriber = Transcriber(Path(request["model"]), SpeechOptions.from_dict(request["options"]))
    device = transcriber.device
    _say("ready", device=device.name, computeType=device.compute_type, reason=device.reason)
    part = transcribe_part(
        path,
        kind,
        transcriber,
        watch=_Progress(going),
        on_segment=lambda segment: _say("segment", segment=segment.as_dict()),
    )
    return part.transcript.as_dict()


def _kind(path: Path) -> Container:
    with path.open("rb") as file:
        kind = sniff(file.read(SNIFF_BYTES), final=True)
    if not kind:
        raise UnreadableMedia(
            "This is no video Heddle can read",
            f"{path.name} does not begin as one.",
            f"These are read: {TAKEN}.",
        )
    return kind


class _Progress:
    """A Watch: tells a few times a second, and waits while the parent wants that."""

    def __init__(self, going: threading.Event) -> None:
        self._going = going
        self._next = 0.0

    def __call__(self, fraction: float) -> None:
        self._going.wait()
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_EVERY_S
            _say("progress", fraction=round(fraction, 4))


def _say(event: str, **values: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")
    sys.stdout.flush()


def _heed_parent(going: threading.Event) -> None:
    for line in sys.stdin:
        if json.loads(line).get("pause"):
            going.clear()
        else:
            going.set()
    os._exit(1)


if __name__ == "__main__":
    main()
