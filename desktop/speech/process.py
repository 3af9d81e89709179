"""A transcription in a process of its own: it stops at once, and takes nothing with it when it crashes."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.models.told import text
from media import self_command
from media.captions import Transcript
from media.errors import MediaError
from media.jsonlines import ALL_WORDS, read_object
from media.transcribe.options import SpeechOptions

Event = dict[str, Any]
_LAST_WORDS = 600  # characters of what a dead process wrote


class Transcription:
    """Iterate over its events, then ask for the transcript; leaving the block ends the process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._transcript: Transcript | None = None

    def __iter__(self) -> Iterator[Event]:
        """`ready`, `progress` and `segment` events. HeddleError when it failed or went away."""
        for line in self._process.stdout or ():
            try:
                event = read_object(line, ALL_WORDS)
            except ValueError:  # a library that prints
                continue
            match event.get("event"):
                case "failed":
                    title = text(event, "title", tr("The transcription ended unexpectedly"))
                    raise HeddleError(title, text(event, "detail", ""), text(event, "hint", ""))
                case "done":
                    self._transcript = _transcript(event)
                    return
                case "ready" | "progress" | "segment":
                    yield event
        raise self._gone()

    @property
    def transcript(self) -> Transcript:
        if self._transcript is None:
            raise HeddleError(tr("The transcription has not ended"))
        return self._transcript

    def _gone(self) -> HeddleError:
        code = self._process.wait()
        words = self._process.stderr.read()[-_LAST_WORDS:].strip() if self._process.stderr else ""
        return HeddleError(
            tr("The transcription ended unexpectedly"),
            words or tr("Its process ended with code {code}.", code=code),
            tr("A smaller model needs less memory: heddle models list"),
        )


def _transcript(event: Event) -> Transcript:
    try:
        return Transcript.from_dict(event.get("transcript"))
    except MediaError as error:
        raise HeddleError(error.title, error.detail, error.hint) from error


@contextmanager
def transcribing(path: Path, model: Path, options: SpeechOptions) -> Iterator[Transcription]:
    """Starts it; it is gone when the block is left, also by Ctrl-C."""
    process = subprocess.Popen(
        self_command.command("media.transcribe"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    try:
        if process.stdin:
            request = {"path": str(path.absolute()), "model": str(model), "options": options.as_dict()}
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        yield Transcription(process)
    finally:
        process.kill()
        process.communicate()
