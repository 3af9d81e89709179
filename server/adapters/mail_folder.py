"""Mail where there is no mail server: each letter is a file in a folder, to be read or sent on by hand."""

import asyncio
from email.headerregistry import Address
from pathlib import Path

import structlog

from server.ports.mail import Letter, MailUnavailable, message_of

_log = structlog.get_logger(__name__)


class FolderMailer:
    """A Mailer. Letters hold keys to accounts, so the folder is its owner's alone."""

    def __init__(self, folder: Path, sender: Address) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        data = message_of(letter, self._sender).as_bytes()
        # The same letter again is the same file again.
        path = self._folder / f"{letter.created_at:%Y%m%dT%H%M%S}-{letter.id}.eml"
        try:
            await asyncio.to_thread(_write, path, data)
        except OSError as problem:
            raise MailUnavailable(f"{path.parent}: {problem.strerror or problem}") from problem
        _log.info("mail_kept", file=str(path), subject=letter.subject)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_suffix(".part")
    half.touch(mode=0o600)
    half.write_bytes(data)
    half.replace(path)
