"""The client's settings file."""

import threading
from dataclasses import asdict
from pathlib import Path

import pytest

from desktop import settings
from desktop.errors import ConfigError, UsageError
from desktop.settings import Settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEDDLE_SELF_TEST", "HEDDLE_ASSISTANT"):
        monkeypatch.delenv(name)


def file_of(home: Path) -> Path:
    return home / "config.toml"


def test_without_a_file_everything_has_its_default() -> None:
    assert settings.load() == Settings()


def test_settings_survive_being_changed(heddle_home: Path) -> None:
    changed = Settings(
        server="https://h.example", recordings=Path("/a b/ü\"'"), fps=60, microphone="Blue\\Yeti"
    )
    settings.change(asdict(changed))
    assert settings.load() == changed
    assert not list(heddle_home.glob(".config.toml.[0-9]*"))


def test_the_environment_names_the_server_for_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.change({"server": "https://h.example"})
    monkeypatch.setenv("HEDDLE_SERVER", "http://127.0.0.1:8080/")
    assert settings.load().server == "http://127.0.0.1:8080"
    assert settings.saved().server == "https://h.example"
    assert settings.overridden("server") == "HEDDLE_SERVER"
    assert settings.overridden("fps") is None


def test_a_sign_in_remembers_the_server_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.change({"fps": 60})
    monkeypatch.setenv("HEDDLE_SERVER", "http://127.0.0.1:1")
    settings.change({"server": "https://h.example/"})
    monkeypatch.delenv("HEDDLE_SERVER")
    assert settings.load() == Settings(server="https://h.example", fps=60)


def test_a_broken_environment_is_told_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_SERVER", "somewhere")
    with pytest.raises(ConfigError, match="HEDDLE_SERVER"):
        settings.load()


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_CONFIG", str(tmp_path / "mine.toml"))
    settings.change({"fps": 5})
    assert (tmp_path / "mine.toml").exists()


def test_comments_and_what_a_newer_version_wrote_stay(heddle_home: Path) -> None:
    before = '# mine\nfps = 24 # slow\nfuture = { a = 1 }\n\n[table]\nkey = "value"\n'
    file_of(heddle_home).write_text(before)
    settings.change({"fps": 25, "countdown": 3})
    after = file_of(heddle_home).read_text()
    assert settings.load() == Settings(fps=25, countdown=3)
    for kept in ("# mine\n", "# slow\n", "future = { a = 1 }\n", '[table]\nkey = "value"\n'):
        assert kept in after


def test_the_default_takes_a_key_out_of_the_file(heddle_home: Path) -> None:
    settings.change({"fps": 60, "camera": "Brio"})
    settings.change({"fps": 30, "camera": None})
    assert file_of(heddle_home).read_text() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("fps", 0),
        ("fps", 1000),
        ("fps", "many"),
        ("fps", True),
        ("theme", "pink"),
        ("notifications", "yes"),
        ("server", "heddle.example"),
        ("upload_limit", "quickly"),
    ],
)
def test_what_is_no_setting_or_no_value_is_refused_and_changes_nothing(
    name: str, value: object, heddle_home: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        settings.change({"countdown": 5, name: value})  # type: ignore[dict-item]  # a wrong kind is the point
    assert caught.value.detail or caught.value.hint
    assert not file_of(heddle_home).exists()


def test_a_broken_file_says_where_and_what_to_do_and_is_left_alone(heddle_home: Path) -> None:
    file_of(heddle_home).write_text("server = ")
    with pytest.raises(ConfigError) as caught:
        settings.load()
    assert "config.toml" in caught.value.detail
    assert caught.value.hint
    with pytest.raises(ConfigError):
        settings.change({"fps": 60})
    assert file_of(heddle_home).read_text() == "server = "


def test_values_of_the_wrong_kind_are_left_at_their_default(heddle_home: Path) -> None:
    file_of(heddle_home).write_text('server = 7\nfps = "many"\ncolour = "red"\n')
    assert settings.load() == Settings()


def test_changes_at_the_same_moment_are_all_kept() -> None:
    names = {"fps": 50, "countdown": 3, "camera": "Brio", "microphone": "Yeti", "theme": "dark"}
    threads = [
        threading.Thread(target=settings.change, args=({name: value},)) for name, value in names.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert settings.load() == Settings(fps=50, countdown=3, camera="Brio", microphone="Yeti", theme="dark")
