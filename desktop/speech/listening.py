"""What the process that listens is asked for: a file, the model that was chosen, a language, a device."""

from pathlib import Path

from desktop import settings
from desktop.settings import Settings
from media.errors import MediaError
from media.transcribe.catalogue import catalogue
from media.transcribe.options import SpeechOptions
from media.transcribe.store import ModelStore


def request(path: Path, now: Settings) -> dict[str, object]:
    """To write down what is said in a file. SpeechError where the model is not here."""
    options = SpeechOptions(language=now.speech_language, device=now.speech_device)
    return {
        "path": str(path.absolute()),
        "model": str(_model(now)),
        "options": options.as_dict(),
        "background": True,
    }


def has_model(now: Settings) -> bool:
    """Whether the chosen one is here."""
    try:
        return _model(now).is_dir()
    except MediaError:
        return False


def _model(now: Settings) -> Path:
    """Its folder. SpeechError where the model is not here."""
    return ModelStore(settings.models_folder(now)).locate(now.speech_model or catalogue().default)
