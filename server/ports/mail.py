"""Mail on its way out: a finished letter goes to whoever delivers it."""

from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Any, Protocol

_DOMAIN_OF_IDS = "heddle.invalid"
# Addresses and ids, which machines read to the letter.
_AS_IT_STANDS = ("List-Unsubscribe", "List-Unsubscribe-Post", "In-Reply-To", "References")


class _Verbatim(UnstructuredHeader):
    """Never folded: the standard library makes an encoded word of what is longer than a line, and no mail
    program looks for an address in one."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined] # of the class it is mixed into


_HEADERS: Any = HeaderRegistry()
for _name in _AS_IT_STANDS:
    _HEADERS.map_to_type(_name, _Verbatim)
_POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class Letter:
    """`id` stays the same however often it is sent: a receiver can tell a second copy by its Message-ID.

    `headers` are further ones, such as List-Unsubscribe.
    """

    id: str
    recipient: str
    subject: str
    text: str
    html: str
    created_at: datetime
    headers: dict[str, str] = field(default_factory=dict)


class MailRefused(Exception):
    """It will never be taken: trying again would change nothing. The sentence says why."""


class MailUnavailable(Exception):
    """It could not be handed over now; later it may be."""


class Mailer(Protocol):
    """Hands letters over. Ordering and retries are the queue's (`server.mail.queue`)."""

    async def send(self, letter: Letter) -> None:
        """Returns when whoever delivers has taken it. Within a minute; safe to call again with the same.

        Raises MailRefused or MailUnavailable.
        """
        ...


def message_of(letter: Letter, sender: Address) -> EmailMessage:
    """RFC 5322: text, and the same as HTML (RFC 2046 multipart/alternative).

    Raises MailRefused for what cannot stand in a header: a line break there would be a header of its own.
    """
    message = EmailMessage(policy=_POLICY)
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=letter.recipient)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.created_at)
        message["Message-ID"] = f"<{letter.id}@{_domain(sender)}>"
        # Answers of machines (away until Monday) help nobody here (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        for name, value in letter.headers.items():
            if name in _AS_IT_STANDS and not value.isascii():
                raise ValueError(f"{name} holds more than ASCII")
            message[name] = value
    except (ValueError, IndexError) as problem:
        raise MailRefused(f"The letter cannot be written: {problem}.") from problem
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def _domain(sender: Address) -> str:
    return sender.domain if "." in sender.domain else _DOMAIN_OF_IDS
