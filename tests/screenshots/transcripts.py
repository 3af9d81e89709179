"""The window of transcription."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.models.session import Problem
from desktop.models.speech_models import Download, rows
from desktop.models.transcripts import NO_MODEL, Job, State
from desktop.settings import Settings
from desktop.views.transcription.window import TranscriptionWindow
from media.transcribe.store import Installed
from media.transcript import Segment

_FOLDER = Path("/recordings")
_SAID = (
    "Good morning, and welcome to the weekly review.",
    "We have three things today: the new launcher, the figures of last week, and what comes next.",
    "Let me begin with the launcher, which I have open here on the left.",
    "It remembers what you recorded last, so Enter is all it takes.",
)


def _window() -> TranscriptionWindow:
    window = TranscriptionWindow()
    window.listening.show_settings(Settings(speech_language="de"))
    return window


def recordings() -> QWidget:
    window = _window()
    jobs = (
        Job(_FOLDER / "2026-11-20 10.02.11 Weekly review.mp4", State.LISTENING, 0.42),
        Job(_FOLDER / "2026-11-20 14.30.00 Bug in the importer.mp4"),
        Job(_FOLDER / "2026-11-19 09.12.45 Welcome, Jonas.mp4", State.SENT),
        Job(
            _FOLDER / "2026-11-18 16.40.02 Demo.mp4",
            State.FAILED,
            problem=Problem("The speech model medium is not on this machine", code=NO_MODEL),
        ),
    )
    window.recordings.show_jobs(jobs, recording=False)
    segments = [Segment(n, 6.5 * n, 6.5 * n + 6, text) for n, text in enumerate(_SAID)]
    window.recordings.text.show_segments(segments, editable=False)
    return window


def models() -> QWidget:
    window = _window()
    here = [Installed("small", _FOLDER, 1), Installed("tiny.en", _FOLDER, 1)]
    download = Download("large-v3-turbo", 701_000_000, 1_620_000_000)
    window.models.show_models(rows(here, "small", download), download)
    window.show_models()
    return window


SHOTS: dict[str, Callable[[], QWidget]] = {"recordings": recordings, "models": models}
