"""The speech models of a server, as its administrator sees them."""

import shutil
from pathlib import Path

import pytest

from server.ai import speech
from server.ai.weights import manage
from server.config import Settings
from server.errors import SetupError
from tests.support.speech import MODEL


def test_models_are_listed_used_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data=tmp_path, transcribe_model="mine")
    assert speech.look(settings).folder is None
    shutil.copytree(MODEL, tmp_path / "models" / "mine")
    assert speech.look(settings).folder == tmp_path / "models" / "mine"
    manage(settings, "list", "")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if line.startswith("*")] == [["*", "mine", "3", "MB", "here"]]
    assert any("large-v3 " in line and "here" not in line for line in lines)
    manage(settings, "remove", "mine")
    assert not (tmp_path / "models" / "mine").exists()
    with pytest.raises(SetupError, match="There is no speech model"):
        manage(settings, "remove", "mine")


def test_why_there_is_no_transcription_is_said(tmp_path: Path) -> None:
    off = speech.look(Settings(data=tmp_path, transcribe="off"))
    assert (off.folder, off.reason) == (None, speech.OFF)
    missing = speech.look(Settings(data=tmp_path, transcribe_model="base"))
    assert "heddle-server models download base" in missing.hint
    wordy = speech.look(Settings(data=tmp_path, transcribe_vocabulary="x" * 100))
    assert wordy.reason == "The vocabulary is too long"
