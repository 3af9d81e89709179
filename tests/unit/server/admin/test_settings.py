"""Where each setting comes from."""

from pathlib import Path

import pytest

from server.admin.settings import HIDDEN, Source, effective
from server.config import Settings


def test_the_source_of_a_setting_is_whoever_won(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        "HEDDLE_PORT": "9000",
        "HEDDLE_HOST": "0.0.0.0",
        "HEDDLE_MAIL_URL": "smtp://me:hush@mail",
        "HEDDLE_AV1_RENDITIONS": "1",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = Settings(data=tmp_path, port=9999)
    found = {one.name: (one.value, one.source) for one in effective(settings)}
    assert found["HEDDLE_PORT"] == ("9999", Source.COMMAND_LINE)
    assert found["HEDDLE_HOST"] == ("0.0.0.0", Source.ENVIRONMENT)
    assert found["HEDDLE_DATA"] == (str(tmp_path), Source.COMMAND_LINE)
    assert found["HEDDLE_MAIL_URL"] == (HIDDEN, Source.ENVIRONMENT)
    assert found["HEDDLE_AV1_RENDITIONS"] == ("true", Source.ENVIRONMENT)
    assert found["HEDDLE_LOG_LEVEL"] == ("info", Source.DEFAULT)
