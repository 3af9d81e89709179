"""The client's settings file."""

from pathlib import Path

import pytest

from desktop import config
from desktop.config import ClientConfig
from desktop.errors import ConfigError


def test_without_a_file_everything_has_its_default() -> None:
    assert config.load() == ClientConfig()


def test_settings_survive_being_saved(heddle_home: Path) -> None:
    saved = ClientConfig(
        server="https://h.example", recordings=Path("/a b/ü\"'"), fps=60, microphone="Blue\\Yeti"
    )
    config.save(saved)
    assert config.load() == saved
    assert [path.name for path in heddle_home.iterdir()] == ["config.toml"]


def test_the_environment_names_the_server_for_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    config.save(ClientConfig(server="https://h.example"))
    monkeypatch.setenv("HEDDLE_SERVER", "http://127.0.0.1:8080/")
    assert config.load().server == "http://127.0.0.1:8080"


def test_a_sign_in_remembers_the_server_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    config.save(ClientConfig(fps=60))
    monkeypatch.setenv("HEDDLE_SERVER", "http://127.0.0.1:1")
    config.remember_server("https://h.example/")
    monkeypatch.delenv("HEDDLE_SERVER")
    assert config.load() == ClientConfig(server="https://h.example", fps=60)


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_CONFIG", str(tmp_path / "mine.toml"))
    config.save(ClientConfig(fps=5))
    assert (tmp_path / "mine.toml").exists()


def test_a_broken_file_says_where_and_what_to_do(heddle_home: Path) -> None:
    (heddle_home / "config.toml").write_text("server = ")
    with pytest.raises(ConfigError) as caught:
        config.load()
    assert "config.toml" in caught.value.detail
    assert caught.value.hint


def test_values_of_the_wrong_kind_are_left_at_their_default(heddle_home: Path) -> None:
    (heddle_home / "config.toml").write_text('server = 7\nfps = "many"\ncolour = "red"\n')
    assert config.load() == ClientConfig()
