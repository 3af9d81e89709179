"""The command line itself."""

import errno
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

import pytest

from capture.errors import NoWindow
from desktop import cli
from desktop.errors import ExitCode
from desktop.terminal.usage import usage_words
from media.errors import SpeechError

HEAVY = ("PySide6", "av", "capture", "cv2", "httpx", "numpy", "sqlite3")


def heddle(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "desktop", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_help_lists_every_command() -> None:
    answer = heddle("--help")
    assert answer.returncode == 0
    said = " ".join(answer.stdout.split())
    assert all(f"{name} {words}" in said for name, (_, _, words) in cli._COMMANDS.items())


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


def test_what_is_wrong_with_a_command_line_is_said_in_the_users_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HEDDLE_LANGUAGE", "de")
    answer = heddle("record", "--fps", "many")
    assert answer.returncode == ExitCode.USAGE
    assert answer.stderr.splitlines() == [
        "Aufruf: python -m desktop record [OPTIONS]",
        "`python -m desktop record -h` erklärt ihn.",
        "",
        "Der Wert für '--fps' ist ungültig: es soll eine ganze Zahl sein",
    ]
    assert "Es gibt keinen Befehl 'dance'" in heddle("dance").stderr


@pytest.mark.parametrize(
    "words",
    [
        ["record", "--foo"],
        ["record", "--zzzzzz"],
        ["dance"],
        ["upload"],
        ["record", "--fps"],
        ["record", "--fps", "many"],
        ["record", "--fps", "-4"],
        ["record", "--seconds", "many"],
        ["record", "--json=1"],
        ["trim", "a", "b"],
        ["app", "--do", "dance"],
    ],
)
def test_all_that_the_library_says_of_a_command_line_is_translated(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDDLE_LANGUAGE", "de")
    with pytest.raises(Exception) as raised:  # noqa: PT011 - of private classes of the library
        cli.app(words, standalone_mode=False)
    told = usage_words(raised.value).splitlines()[-1]
    assert not any(
        english in told
        for english in (" should ", "No such", "Missing", "equires", " does not ", "Got ", "not one")
    )


def test_without_a_command_they_are_listed() -> None:
    answer = heddle()
    assert (answer.returncode, answer.stdout) == (ExitCode.USAGE, "")
    assert "record" in answer.stderr


def test_an_error_with_words_is_told_without_a_traceback() -> None:
    answer = heddle("record", "--region", "nowhere")
    assert answer.returncode == ExitCode.USAGE
    assert "--region 0,0,960,1080" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_it_says_its_version() -> None:
    answer = heddle("--version")
    assert (answer.returncode, answer.stdout.split()[0]) == (0, "heddle")


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def command(**_: object) -> NoReturn:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/data/take.mp4"), "/data/take.mp4: Permission"),
        (OSError(errno.ENOSPC, "No space left on device"), "Make room on this disk"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "readonly database"),
        (NoWindow("There is no such window", "Nothing is called Notes"), "Nothing is called Notes"),
        (SpeechError("The model is damaged", hint="Download it again."), "Download it again."),
    ],
)
def test_what_a_person_can_mend_is_never_a_traceback(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", raising(error))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == ExitCode.FAILED
    assert words in capsys.readouterr().err


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "app", raising(ValueError("a bug")))
    with pytest.raises(ValueError, match="a bug"):
        cli.main()


def test_a_reader_that_leaves_early_hears_no_complaint() -> None:
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    assert reader.stdin
    reader.wait()
    answer = subprocess.run(
        [sys.executable, "-m", "desktop", "settings"],
        stdout=reader.stdin,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    reader.stdin.close()
    assert (answer.returncode, answer.stderr) == (ExitCode.FAILED, "")
