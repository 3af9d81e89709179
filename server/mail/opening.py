"""Who delivers mail, as the settings say."""

from email.headerregistry import Address
from email.utils import parseaddr

from server.adapters.mail_folder import FolderMailer
from server.config import Settings
from server.errors import SetupError
from server.ports.mail import Mailer


def open_mailer(settings: Settings) -> Mailer:
    """Raises SetupError."""
    sender = _sender(settings.mail_from)
    url = settings.mail_url.get_secret_value()
    if not url:
        return FolderMailer(settings.data / "outbox", sender)
    from server.adapters.mail_smtp import Server, SmtpMailer  # noqa: PLC0415 (only where it is used)

    try:
        return SmtpMailer(Server.of(url), sender)
    except ValueError as problem:
        raise SetupError(
            "The mail server's address is not valid",
            f"HEDDLE_MAIL_URL: {problem}.",
            "smtp://name:password@mail.example.org:587 is one; without it mail is kept in the data folder.",
        ) from problem


def _sender(text: str) -> Address:
    name, address = parseaddr(text)
    try:
        return Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError) as problem:
        raise SetupError(
            "The sender of mail is not an address",
            f"HEDDLE_MAIL_FROM is {text!r}.",
            "Heddle <video@example.org> is one.",
        ) from problem
