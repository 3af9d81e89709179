"""Mail through an SMTP server (RFC 5321): by TLS, by STARTTLS, or in the open where the settings say so."""

from dataclasses import dataclass
from email.headerregistry import Address
from urllib.parse import unquote, urlsplit

import aiosmtplib

from server.ports.mail import Letter, MailRefused, MailUnavailable, message_of

# For each step of the conversation; a dead server must not hold the queue.
TIMEOUT_S = 20.0
SCHEMES = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes, as its address says: `smtp://` insists on STARTTLS, `smtps://` is TLS from the start,
    `smtp+plain://` has neither. A name and a password stand before the host, percent-encoded."""

    scheme: str
    host: str
    port: int
    username: str | None
    password: str | None

    @classmethod
    def of(cls, url: str) -> "Server":
        """Raises ValueError, never with the password in it."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("the address cannot be read") from None
        if parts.scheme not in SCHEMES:
            raise ValueError(f"{parts.scheme!r} is not known; {', '.join(SCHEMES)} are")
        if not parts.hostname:
            raise ValueError("the address names no host")
        name = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        if name and parts.scheme == "smtp+plain" and parts.hostname not in _AT_HOME:
            raise ValueError("smtp+plain:// would send the password in the open: use smtp:// or smtps://")
        return cls(parts.scheme, parts.hostname, port or SCHEMES[parts.scheme], name, password)


class SmtpMailer:
    """A Mailer. One connection a letter: they are few, and a kept one is closed by the other side."""

    def __init__(self, server: Server, sender: Address, *, timeout_s: float = TIMEOUT_S) -> None:
        self._server = server
        self._sender = sender
        self._timeout_s = timeout_s

    async def send(self, letter: Letter) -> None:
        message = message_of(letter, self._sender)
        try:
            async with self._connection() as connection:
                await connection.send_message(
                    message, sender=self._sender.addr_spec, recipients=[letter.recipient]
                )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _judged([(one.code, one.message) for one in refused.recipients]) from refused
        except aiosmtplib.SMTPAuthenticationError as problem:
            # The administrator's mistake, which they may mend: the letters wait.
            raise MailUnavailable(f"the mail server refused the sign-in: {problem.message}") from problem
        except aiosmtplib.SMTPResponseException as answered:
            raise _judged([(answered.code, answered.message)]) from answered
        except (aiosmtplib.SMTPException, OSError) as problem:
            raise MailUnavailable(f"{type(problem).__name__}: {problem}") from problem

    def _connection(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.username,
            password=self._server.password,
            use_tls=self._server.scheme == "smtps",
            start_tls=self._server.scheme == "smtp",
            timeout=self._timeout_s,
        )


def _judged(answers: list[tuple[int, str]]) -> MailRefused | MailUnavailable:
    """5yz is for ever, 4yz for now (RFC 5321 section 4.2.1)."""
    said = "; ".join(f"{code} {message}" for code, message in answers)
    return MailRefused(said) if all(code >= 500 for code, _ in answers) else MailUnavailable(said)
