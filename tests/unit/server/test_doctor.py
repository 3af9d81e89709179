"""`heddle-server doctor` in odd states: each finding says what to do, nothing is made, and nothing breaks."""

import os
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from server import cli, doctor, migrations
from server.config import Settings
from server.doctor import Finding
from server.errors import InvalidRequest, SetupError
from tests.support.databases import put_migrated


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def without_codecs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encoders are tried elsewhere, and take a process each."""
    monkeypatch.setattr(doctor, "_codecs", lambda _settings: [])


def look(data: Path, **settings: object) -> dict[str, Finding]:
    known = Settings(data=data, **{"port": 0, "min_free_bytes": 0, **settings})  # type: ignore[arg-type]  # what pydantic makes of words
    found = doctor.examine(known)
    assert [one for one in found if not one.ok and not one.hint] == []
    return {one.what: one for one in found}


def wrong(found: dict[str, Finding]) -> set[str]:
    """Pages are built, or not."""
    return {what for what, one in found.items() if not one.ok} - {"pages"}


def test_where_nothing_is_yet_nothing_is_made(data: Path) -> None:
    found = look(data)
    assert wrong(found) == set()
    assert "not there yet" in found["data folder"].detail
    assert not data.exists()


def test_a_folder_that_is_none_or_lies_in_one_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file", tmp_path / "file" / "data"):
        assert "data folder" in wrong(look(place))


def test_a_folder_that_may_not_be_looked_into_is_a_finding(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied", str(data))

    monkeypatch.setattr(Path, "exists", refused)
    found = look(data)
    assert {"data folder", "disk", "database", "server"} <= wrong(found)
    assert f"{data}: Permission denied" in found["data folder"].detail


def test_a_folder_that_cannot_be_written_is_a_finding(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data.mkdir()

    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refused)
    assert wrong(look(data)) == {"data folder"}


def test_a_full_disk_says_how_much_must_be_free(data: Path) -> None:
    found = look(data, min_free_bytes=2**60)
    assert wrong(found) == {"disk"}
    assert "HEDDLE_MIN_FREE_BYTES" in found["disk"].hint


def of_revision(number: str) -> Callable[[Path], None]:
    def write(data: Path) -> None:
        put_migrated(data)
        with closing(sqlite3.connect(data / "heddle.db")) as database:
            database.execute("UPDATE alembic_version SET version_num = ?", [number])
            database.commit()

    return write


def broken(data: Path) -> None:
    (data / "heddle.db").write_bytes(b"this is no database at all " * 100)


@pytest.mark.parametrize(
    ("write", "ok", "said"),
    [
        (put_migrated, True, f"revision {migrations.newest()}"),
        (of_revision("0001"), True, "brings them to"),
        (of_revision("9999"), False, "of a newer Heddle"),
        (broken, False, "not a database"),
        (lambda data: (data / "heddle.db").touch(), True, "no tables yet"),
    ],
    ids=["newest", "older", "newer", "broken", "empty"],
)
def test_the_version_of_the_database_is_told(
    data: Path, write: Callable[[Path], None], ok: bool, said: str
) -> None:
    data.mkdir()
    write(data)
    found = look(data)
    assert (found["database"].ok, said in found["database"].detail) == (ok, True), found["database"]


def test_a_clock_that_was_set_back_is_a_finding(data: Path) -> None:
    data.mkdir()
    (data / "secrets.json").write_text("{}")
    assert wrong(look(data)) == set()
    soon = time.time() + 3600
    os.utime(data / "secrets.json", (soon, soon))
    found = look(data)
    assert wrong(found) == {"clock"}
    assert "NTP" in found["clock"].hint


def test_a_taken_port_is_a_finding(data: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        found = look(data, port=taken.getsockname()[1])
    assert wrong(found) == {"server"}
    assert "--port" in found["server"].hint


def test_settings_that_cannot_be_used_are_findings(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = look(data, rate_limits=str(data / "limits.toml"))
    assert wrong(found) == {"settings"}
    monkeypatch.setenv("HEDDLE_TRUSTED_PROXY", "10.0.0.1")
    found = look(data)
    assert wrong(found) == {"settings"}
    assert "HEDDLE_TRUSTED_PROXIES" in found["settings"].hint


def test_a_bucket_that_cannot_be_used_is_a_finding(data: Path) -> None:
    assert wrong(look(data, blobs_url="s4://bucket")) == {"object storage"}


COMMANDS = [
    "reindex", "worker", "migrate", "transcribe --all", "analytics rebuild", "user list", "keys list",
    "keys rotate", "user invite ada@example.org", "user password ada@example.org --password-stdin",
    "models remove tiny",
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_no_command_makes_a_mistyped_folder(data: Path, words: str) -> None:
    for made in (False, True):
        if made:
            data.mkdir()
        done = CliRunner().invoke(cli.app, [*words.split(), "--data", str(data)], input="a good password\n")
        assert isinstance(done.exception, SetupError), done.output
        assert "No server keeps its data there" in done.exception.title
        assert "heddle-server serve" in done.exception.hint
    assert list(data.iterdir()) == []


def test_an_account_may_be_there_before_the_first_start(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so may one in a mistyped folder, which is told."""
    ada = SimpleNamespace(email="ada@example.org", role="member")
    monkeypatch.setattr(cli, "_with_identity", lambda _settings, _work: ada)
    words = ["user", "add", "ada@example.org", "--password-stdin", "--data", str(data)]
    done = CliRunner().invoke(cli.app, words, input="a good password\n")
    assert (done.exit_code, f"Nothing was kept in {data} before" in done.output) == (0, True), done.output
    data.mkdir()
    (data / "secrets.json").touch()
    again = CliRunner().invoke(cli.app, words, input="a good password\n")
    assert again.output == "Added ada@example.org (member).\n"


@pytest.mark.parametrize(
    ("email", "password"), [("ada@example.org", "12345678"), ("nobody", "a good password")]
)
def test_nothing_is_made_for_an_account_that_is_refused(data: Path, email: str, password: str) -> None:
    words = ["user", "add", email, "--password-stdin", "--data", str(data)]
    done = CliRunner().invoke(cli.app, words, input=f"{password}\n")
    assert isinstance(done.exception, InvalidRequest), done.output
    assert not data.exists()
