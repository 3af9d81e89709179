"""Whether this server can transcribe, with which model, and what to do where it cannot."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media.errors import MediaError
from media.transcribe.options import SpeechOptions
from media.transcribe.store import ModelStore
from server.config import Settings

OFF = "Transcription is turned off on this server."


@dataclass(frozen=True, slots=True)
class Speech:
    """With a model's `folder` it can; otherwise `reason` says why not, and `hint` what to do about it."""

    options: SpeechOptions
    reason: str = ""
    hint: str = ""
    folder: Path | None = None


def look(settings: Settings) -> Speech:
    """Looks anew each time, so that a model is used as soon as it is there. Blocking, a few file lookups."""
    try:
        options = options_of(settings)
    except MediaError as error:
        return Speech(SpeechOptions(), error.title, error.hint)
    if settings.transcribe == "off":
        return Speech(options, OFF, "Set HEDDLE_TRANSCRIBE=auto.")
    if importlib.util.find_spec("faster_whisper") is None:
        reason = "Transcription is off: the speech library is not installed."
        return Speech(options, reason, "Install Heddle with the extra `ai`, then start the server again.")
    try:
        return Speech(options, folder=store(settings).locate(settings.transcribe_model))
    except MediaError as error:
        return Speech(options, f"{error.title}. {error.detail}".strip(), error.hint)


def store(settings: Settings) -> ModelStore:
    return ModelStore(settings.models_root, command="heddle-server models download")


def options_of(settings: Settings, asked: dict[str, Any] | None = None) -> SpeechOptions:
    """What the settings say, and what somebody asked for beyond. Raises SpeechError."""
    words = tuple(term.strip() for term in settings.transcribe_vocabulary.split(",") if term.strip())
    asked = asked or {}
    return SpeechOptions(
        language=asked.get("language") or settings.transcribe_language or None,
        translate=bool(asked.get("translate")),
        vocabulary=tuple(asked.get("vocabulary") or ()) or words,
        device="cpu",  # the child sees no device of this machine
        threads=settings.transcribe_threads,
    )
