import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from desktop import settings
from desktop.cli import app
from desktop.errors import HeddleError
from tests.support.double import Double
from tests.support.receiver import Receiver, self_signed
from uploader import credentials
from uploader.errors import NotHeddleError, ServerUnreachableError, UntrustedServerError
from uploader.journal import Journal
from uploader.states import UploadEvent


@pytest.fixture
def server() -> Iterator[Double]:
    with Double() as double:
        yield double


def heddle(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=given)


def test_a_sign_in_is_kept_and_the_server_remembered(server: Double, heddle_home: Path) -> None:
    result = heddle(
        "login", "--server", server.url + "/", "--email", "ada@b.c", "--password-stdin", given="right\n"
    )
    assert result.exit_code == 0, result.output
    assert f"Signed in to {server.url} as ada@b.c." in result.output
    assert str(heddle_home / "credentials.json") in result.output
    assert server.token not in result.output
    assert credentials.token_for(server.url) == server.token
    assert settings.load().server == server.url


def test_whoever_gives_nothing_is_asked(server: Double) -> None:
    result = heddle("login", given=f"{server.url}\nada@b.c\nright\n")
    assert result.exit_code == 0, result.output
    assert "right" not in result.output
    assert credentials.email_for(server.url) == "ada@b.c"


def test_a_wrong_password_is_said_in_the_servers_words(server: Double) -> None:
    result = heddle("login", "--server", server.url, "--email", "a@b", "--password-stdin", given="wrong\n")
    assert isinstance(result.exception, HeddleError)
    assert result.exception.detail == "E-mail or password is wrong."
    assert credentials.token_for(server.url) is None
    assert settings.load().server is None


def test_an_empty_standard_input_is_no_password(server: Double) -> None:
    result = heddle("login", "--server", server.url, "--email", "a@b", "--password-stdin")
    assert isinstance(result.exception, HeddleError)
    assert server.requests == []


def test_a_server_that_is_away_is_said_to_be() -> None:
    with Double() as gone:
        url = gone.url
    result = heddle("login", "--server", url, "--email", "a@b", "--password-stdin", given="right\n")
    assert isinstance(result.exception, ServerUnreachableError)


def test_a_sign_in_wakes_the_uploads_that_waited_for_it(server: Double, tmp_path: Path) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(b"video")
    with Journal() as journal:
        upload_id = journal.add(video, title="T", server=server.url, growing=False)
        journal.advance(upload_id, UploadEvent.START)
        journal.advance(upload_id, UploadEvent.LOST, attempt=7)
        heddle("login", "--server", server.url, "--email", "a@b", "--password-stdin", given="right\n")
        assert journal.get(upload_id).attempt == 0


def test_signing_out_forgets_here_and_there(server: Double, heddle_home: Path) -> None:
    heddle("login", "--server", server.url, "--email", "a@b", "--password-stdin", given="right\n")
    assert heddle("logout").exit_code == 0
    assert ("POST", "/auth/logout") in server.requests
    assert json.loads((heddle_home / "credentials.json").read_text()) == {}
    assert isinstance(heddle("logout").exception, HeddleError)


def test_an_unencrypted_address_is_warned_about(monkeypatch: pytest.MonkeyPatch) -> None:
    result = heddle(
        "login", "--server", "http://192.0.2.1:1", "--email", "a@b", "--password-stdin", given="\n"
    )
    assert "not encrypted" not in result.output  # nothing is sent without a password
    from desktop.commands import login

    said: list[str] = []
    monkeypatch.setattr(login, "_say", said.append)
    monkeypatch.setattr(login, "_sign_in", _no_server)
    heddle("login", "--server", "http://192.0.2.1:1", "--email", "a@b", "--password-stdin", given="x\n")
    assert "not encrypted" in said[0]


async def _no_server(*_: str) -> None:
    raise ServerUnreachableError("not in this test")


def test_a_server_that_is_away_is_not_told_of_in_words_about_uploads(heddle_home: Path) -> None:
    words = ("--server", "http://127.0.0.1:1", "--email", "a@b.c", "--password-stdin")
    error = heddle("login", *words, given="right\n").exception
    assert isinstance(error, ServerUnreachableError)
    assert "Check the address" in error.hint


def test_an_address_of_something_else_on_the_server_is_said_to_be_wrong(server: Double) -> None:
    words = ("--server", f"{server.url}/s/abc", "--email", "a@b.c", "--password-stdin")
    error = heddle("login", *words, given="right\n").exception
    assert isinstance(error, NotHeddleError)
    assert "Check the address" in error.hint


@pytest.mark.parametrize("trusted", [False, True])
def test_a_certificate_that_nobody_trusts_is_said_to_be_none(
    tmp_path: Path, trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, tls = self_signed(tmp_path, "localhost"), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with Receiver(tls=tls) as receiver:
        server = f"https://localhost:{receiver.port}"
        words = ("--server", server, "--email", "a@b.c", "--password-stdin")
        error = heddle("login", *words, given="right\n").exception
    assert isinstance(error, NotHeddleError if trusted else UntrustedServerError)
    assert trusted or "localhost: self-signed certificate" in error.detail
    assert trusted or "SSL_CERT_FILE" in error.hint


def test_an_address_that_is_not_encrypted_is_told_from_a_server_that_is_away(server: Double) -> None:
    words = ("--server", server.url.replace("http:", "https:"), "--email", "a@b.c", "--password-stdin")
    error = heddle("login", *words, given="right\n").exception
    assert isinstance(error, ServerUnreachableError)
    assert "begins with http://" in error.detail
