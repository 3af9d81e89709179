"""`heddle settings`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from desktop import settings
from desktop.cli import app
from desktop.errors import UsageError


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["settings", *arguments])


def test_a_setting_is_set_read_and_unset() -> None:
    assert run("set", "fps", "60").exit_code == 0
    assert run("get", "fps").output == "60\n"
    assert settings.load().fps == 60
    assert run("unset", "fps").exit_code == 0
    assert run("get", "fps").output == "30\n"


def test_the_list_marks_what_is_not_the_default() -> None:
    run("set", "notifications", "off")
    lines = {line.split()[0 if line[0] == " " else 1]: line for line in run().output.splitlines()}
    assert set(lines) == set(settings.TABLE)
    assert lines["notifications"].startswith("* ")
    assert lines["notifications"].endswith("off")
    assert lines["camera"].endswith("(none)")


def test_for_programs_the_list_is_json_lines() -> None:
    told = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert {one["name"] for one in told} == set(settings.TABLE)
    assert all(one["about"] for one in told)


def test_the_path_is_that_of_the_file(heddle_home: Path) -> None:
    assert run("path").output.strip() == str(heddle_home / "config.toml")


def test_it_says_when_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_SERVER", "https://other.example")
    result = run("set", "server", "https://h.example")
    assert "HEDDLE_SERVER" in result.stderr
    assert settings.saved().server == "https://h.example"


@pytest.mark.parametrize(
    "arguments",
    [("get",), ("get", "colour"), ("set", "fps"), ("set", "fps", "many"), ("set", "theme", "pink")],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    arguments: tuple[str, ...], heddle_home: Path
) -> None:
    result = run(*arguments)
    assert isinstance(result.exception, UsageError)
    assert not (heddle_home / "config.toml").exists()
