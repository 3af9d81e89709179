"""The command line itself."""

import subprocess
import sys

import pytest

from desktop import cli
from desktop.errors import ExitCode

HEAVY = ("PySide6", "av", "capture", "cv2", "httpx", "numpy", "sqlite3")


def heddle(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "desktop", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_help_lists_every_command() -> None:
    answer = heddle("--help")
    assert answer.returncode == 0
    assert all(name in answer.stdout for name in cli._COMMANDS)


def test_help_loads_nothing_that_takes_long() -> None:
    program = "import sys; from desktop.cli import app; app(['--help'], standalone_mode=False); "
    program += f"print([name for name in {HEAVY!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", list(cli._COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    answer = heddle(name, "--help")
    assert answer.returncode == 0, answer.stderr
    assert f"heddle {name}" in answer.stdout.replace("python -m desktop", "heddle")


def test_an_unknown_command_is_a_usage_error() -> None:
    answer = heddle("dance")
    assert answer.returncode == ExitCode.USAGE
    assert "dance" in answer.stderr


def test_an_error_with_words_is_told_without_a_traceback() -> None:
    answer = heddle("record", "--region", "nowhere")
    assert answer.returncode == ExitCode.USAGE
    assert "--region 0,0,960,1080" in answer.stderr
    assert "Traceback" not in answer.stderr
