"""Whether this server can transcribe, with which model, and what to do where it cannot."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media.errors import MediaError
from media.transcribe.options import SpeechOptions
from server.config import Settings

OFF = "Transcription is turned off on this server."


@dataclass(frozen=True, slots=True)
class Speech:
    """`reason` is empty where it can; otherwise it says why not, and `hint` what the administrator can do."""

    folder: Path
    options: SpeechOptions
    reason: str = ""
    hint: str = ""

    @property
    def usable(self) -> bool:
        return not self.reason


def look(settings: Settings) -> Speech:
    """Looks anew each time, so that a model is used as soon as it is there. Blocking, a few file lookups."""
    folder = model_folder(settings)
    try:
        options = options_of(settings)
    except MediaError as error:
        return Speech(folder, SpeechOptions(), error.title, error.hint)
    if settings.transcribe == "off":
        return Speech(folder, options, OFF, "Set HEDDLE_TRANSCRIBE=auto.")
    if importlib.util.find_spec("faster_whisper") is None:
        reason = "Transcription is off: the speech library is not installed."
        return Speech(
            folder, options, reason, "Install Heddle with the extra `ai`, then start the server again."
        )
    if not (folder / "model.bin").is_file():
        reason = f"Transcription is off: there is no speech model at {folder}."
        hint = "Put a faster-whisper model there, or name the folder of one with HEDDLE_TRANSCRIBE_MODEL."
        return Speech(folder, options, reason, hint)
    return Speech(folder, options)


def model_folder(settings: Settings) -> Path:
    """A path is a path; a name is a folder among the models."""
    named = Path(settings.transcribe_model).expanduser()
    if named.is_absolute() or (named / "model.bin").is_file():
        return named.absolute()
    return settings.models_root / settings.transcribe_model


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
