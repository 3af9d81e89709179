"""Errors of engine and uploader as they stand in the window, by the tray and in the terminal."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtWidgets import QLabel
from typer.testing import CliRunner

from capture.errors import disk_nearly_full
from desktop.cli import app
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.session import problem
from desktop.terminal.transfers import Transfers
from desktop.views.banner import Banner
from uploader.errors import ServerUnreachableError
from uploader.journal import Journal

FULL = "Der Datenträger ist fast voll, die Aufnahme wurde beendet"


@pytest.fixture(autouse=True)
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_LANGUAGE", "de")


@pytest.fixture
def messages(qapp: Any) -> Iterator[Messages]:
    told = Messages(LiveSettings())
    yield told
    told.close()


def test_in_the_window_in_front(qtbot: Any) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_problem(problem(disk_nearly_full(1_999_000_000).describe()))
    assert banner.title.text() == FULL
    assert banner.text.text().startswith("Noch 1999 MB sind frei, wo die Aufnahme gespeichert wird.\nAlles")
    assert banner.accessibleName() == FULL


def test_in_a_notification(messages: Messages) -> None:
    messages.tell(problem(disk_nearly_full(1_999_000_000).describe()))
    assert messages.toast is not None
    shown = [label.text() for label in messages.toast.findChildren(QLabel)]
    assert FULL in shown
    assert any("Noch 1999 MB sind frei" in text for text in shown)


def test_in_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    with Journal(tmp_path / "journal.db") as journal:
        id_ = journal.add(film, server="http://127.0.0.1:9", title="Film", growing=False)
        away = ServerUnreachableError("http://127.0.0.1:9: All connection attempts failed")
        journal.note(id_, error=away.as_dict())
        row = journal.get(id_)
    Transfers(as_json=False).problem(row)
    assert capsys.readouterr().err.splitlines()[:2] == [
        "film.mp4: Der Server ist nicht erreichbar",
        "  http://127.0.0.1:9: Kein Verbindungsversuch gelang",
    ]


@pytest.mark.parametrize("command", [[], ["record"]])
def test_in_the_help_of_a_command(command: list[str]) -> None:
    told = CliRunner().invoke(app, [*command, "--help"]).stdout
    assert told.startswith("Aufruf: ")
    assert "Optionen:\n" in told
    assert "Zeigt diese Hilfe." in told
    assert not {"Usage", "Options", "message"} & set(re.findall(r"\w+", told))
