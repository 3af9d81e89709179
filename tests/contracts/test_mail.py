"""What every way of handing mail over does, whatever is behind it; SMTP against a real server."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

import pytest

from server.adapters.mail_folder import FolderMailer
from server.adapters.mail_smtp import Server, SmtpMailer
from server.db import new_id
from server.ports.mail import Letter, Mailer, MailRefused, MailUnavailable
from tests.support.smtp import NAME, Receiver, read, smtp_server

SENDER = Address("Heddle", addr_spec="heddle@example.org")


class Case(Protocol):
    mailer: Mailer

    def received(self) -> list[EmailMessage]: ...


@dataclass
class Folder:
    mailer: Mailer
    folder: Path

    def received(self) -> list[EmailMessage]:
        return [read(path.read_bytes()) for path in sorted(self.folder.glob("*.eml"))]


@dataclass
class Smtp:
    mailer: Mailer
    receiver: Receiver

    def received(self) -> list[EmailMessage]:
        return [read(data) for data in self.receiver.taken]


@pytest.fixture(params=["folder", "smtp"])
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Case]:
    if request.param == "folder":
        yield Folder(FolderMailer(tmp_path / "outbox", SENDER), tmp_path / "outbox")
        return
    receiver = Receiver()
    async with smtp_server(receiver) as port:
        yield Smtp(SmtpMailer(Server.of(f"smtp+plain://127.0.0.1:{port}"), SENDER), receiver)


def letter(**changes: Any) -> Letter:
    values: dict[str, Any] = {
        "id": new_id(),
        "recipient": "ada@example.org",
        "subject": "Grüße, ünd so weiter, " + "lang " * 30 + "Ende",
        "text": "Zeile eins\n.\n.Punkt\nFrom hier\n" + "ü" * 2000 + "\n",
        "html": "<p>Zeile <b>eins</b></p>",
        "created_at": datetime(2026, 11, 21, 20, 0, tzinfo=UTC),
    }
    return Letter(**values | changes)


async def test_a_letter_arrives_as_it_was_written(case: Case) -> None:
    sent = letter(headers={"List-Unsubscribe": "<https://example.org/u>"})
    await case.mailer.send(sent)
    (got,) = case.received()
    assert (got["To"], got["From"]) == (sent.recipient, "Heddle <heddle@example.org>")
    assert got["Subject"] == sent.subject
    assert got["List-Unsubscribe"] == "<https://example.org/u>"
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == sent.text
    assert html.get_content().strip() == sent.html
    assert sent.id in got["Message-ID"]


async def test_the_same_letter_again_can_be_told_to_be_the_same(case: Case) -> None:
    sent = letter()
    await case.mailer.send(sent)
    await case.mailer.send(sent)
    assert len({got["Message-ID"] for got in case.received()}) == 1


async def test_a_header_cannot_be_smuggled_in(case: Case) -> None:
    for changes in (
        {"subject": "x\r\nBcc: mallory@example.org"},
        {"recipient": "a@example.org, b@example.org"},
        {"recipient": "a@example.org>\r\nRCPT TO:<b@example.org"},
    ):
        with pytest.raises(MailRefused):
            await case.mailer.send(letter(**changes))
    assert case.received() == []


async def test_letters_in_the_folder_are_their_owners_alone(tmp_path: Path) -> None:
    await FolderMailer(tmp_path / "outbox", SENDER).send(letter())
    (file,) = (tmp_path / "outbox").iterdir()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_a_folder_that_cannot_be_written_is_for_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(MailUnavailable):
        await FolderMailer(tmp_path / "outbox", SENDER).send(letter())


@pytest.mark.parametrize(
    ("answer", "outcome"), [("550 No such mailbox", MailRefused), ("451 Come back later", MailUnavailable)]
)
async def test_what_a_server_says_no_to_is_over_or_for_later(answer: str, outcome: type[Exception]) -> None:
    receiver = Receiver(answers={"ada@example.org": answer})
    async with smtp_server(receiver) as port:
        with pytest.raises(outcome, match=answer[:3]):
            await SmtpMailer(Server.of(f"smtp+plain://127.0.0.1:{port}"), SENDER).send(letter())
    assert receiver.taken == []


async def test_a_server_that_is_not_there_or_says_nothing_is_for_later() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mailer = SmtpMailer(Server.of(f"smtp+plain://127.0.0.1:{port}"), SENDER, timeout_s=0.2)
    with pytest.raises(MailUnavailable, match="Timeout"):
        await mailer.send(letter())
    server.close()
    await server.wait_closed()
    with pytest.raises(MailUnavailable, match="Connect"):
        await mailer.send(letter())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One for localhost that signs itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def tls_of(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


# aiosmtpd warns of it, not knowing that the connection is TLS from its start.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_mail_goes_encrypted_and_signed_in(
    certificate: tuple[Path, Path], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    receiver, context = Receiver(), tls_of(certificate)
    options: dict[str, Any] = {"authenticator": receiver.authenticate, "auth_required": True}
    if scheme == "smtp":
        options |= {"tls_context": context, "require_starttls": True}
    else:
        options |= {"auth_require_tls": False}
    async with smtp_server(receiver, tls=context if scheme == "smtps" else None, **options) as port:
        await SmtpMailer(Server.of(f"{scheme}://{NAME}:p%40ss%3Aw%2Frd@localhost:{port}"), SENDER).send(
            letter()
        )
        assert receiver.tls == [True]
        wrong = SmtpMailer(Server.of(f"{scheme}://{NAME}:wrong@localhost:{port}"), SENDER)
        with pytest.raises(MailUnavailable, match="sign-in"):
            await wrong.send(letter())
    assert len(receiver.taken) == 1


async def test_a_server_without_encryption_or_with_a_foreign_certificate_gets_nothing(
    certificate: tuple[Path, Path],
) -> None:
    receiver = Receiver()
    async with smtp_server(receiver) as port:
        with pytest.raises(MailUnavailable):
            await SmtpMailer(Server.of(f"smtp://127.0.0.1:{port}"), SENDER).send(letter())
    async with smtp_server(receiver, tls=tls_of(certificate)) as port:
        with pytest.raises(MailUnavailable):
            await SmtpMailer(Server.of(f"smtps://localhost:{port}"), SENDER).send(letter())
    assert receiver.taken == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("smtp", 587, None)),
        ("smtps://ada:s%40cret@mail.example.org", ("smtps", 465, "s@cret")),
        ("smtp+plain://localhost:2525", ("smtp+plain", 2525, None)),
    ],
)
def test_an_address_says_how_mail_goes(url: str, expected: tuple[Any, ...]) -> None:
    server = Server.of(url)
    assert (server.scheme, server.port, server.password) == expected


@pytest.mark.parametrize(
    "url",
    ["http://x", "smtp://", "smtp://h:99999", "smtp+plain://ada:secret@mail.example.org", "mail.example.org"],
)
def test_a_wrong_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        Server.of(url)
    assert "secret" not in str(refused.value)
