"""A file's speech as text, from its first second or from where an earlier run was settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from media.sniff import Container
from media.transcribe.engine import Transcriber
from media.transcribe.listener import Listener
from media.transcribe.options import SpeechOptions
from media.transcribe.sound import pieces_of_file
from media.transcript import Segment, Transcript
from media.untrusted import Watch, ignore_progress

OnSegment = Callable[[Segment], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What one run over a growing file gave; the next one starts at `settled_s` seconds."""

    transcript: Transcript
    settled_s: float


def ignore_segment(_segment: Segment) -> None:
    """For those who wait for all of it."""


def transcribe_file(
    path: Path,
    kind: Container,
    model_folder: Path,
    options: SpeechOptions,
    *,
    watch: Watch = ignore_progress,
    on_segment: OnSegment = ignore_segment,
) -> Transcript:
    """All of a finished file. A file without sound, or without speech, has a transcript without segments.

    Raises MediaError, and whatever `watch` raises to stop the work.
    """
    transcriber = Transcriber(model_folder, options)
    return transcribe_part(path, kind, transcriber, watch=watch, on_segment=on_segment).transcript


def transcribe_part(
    path: Path,
    kind: Container,
    transcriber: Transcriber,
    *,
    start_s: float = 0.0,
    first_id: int = 0,
    final: bool = True,
    watch: Watch = ignore_progress,
    on_segment: OnSegment = ignore_segment,
) -> Part:
    """What can be settled of the file as it is now; without `final` more of it will come.

    The transcript holds only what was said from `start_s` on.
    """
    listener = Listener(transcriber, start_s=start_s, first_id=first_id)
    told = 0
    for samples in pieces_of_file(path, kind, start_s=start_s, watch=watch):
        for segment in listener.feed(samples):
            told += 1
            on_segment(segment)
    transcript = listener.finish() if final else listener.transcript()
    for segment in transcript.segments[told:]:
        on_segment(segment)
    return Part(transcript, transcript.duration_s if final else listener.settled_s)
