from pathlib import Path

import pytest

from media.transcribe.engine import Transcriber
from media.transcribe.options import SpeechOptions
from tests.support.speech import MODEL, Said, speech, write_sound


@pytest.fixture(scope="session")
def transcriber() -> Transcriber:
    """The small real Whisper, live: a sentence or two at once, for more are beyond it."""
    return Transcriber(MODEL, SpeechOptions(least_s=4.0, threads=2))


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Said]]:
    """An MP4 in which four sentences are said, and when."""
    sound, said = speech()
    return write_sound(tmp_path_factory.mktemp("talk") / "talk.mp4", sound), said
