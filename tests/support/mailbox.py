"""The outbox folder of a server under test, read as its addressees would."""

import asyncio
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

_KEY = re.compile(r"/account/\w+#(\S+)")


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[EmailMessage]:
        """In the order in which they were written."""
        files = sorted(self._folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=default) for path in files]  # type: ignore[misc]  # the policy makes EmailMessage of them

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.all() if letter["To"] == address]

    async def letter(self, address: str, subject: str, *, after: int = 0) -> EmailMessage:
        """The newest to this address with these words in its subject, once there is one.

        The first `after` letters to this address are left out.
        """
        async with asyncio.timeout(20):
            while True:
                found = [letter for letter in self.to(address)[after:] if subject in letter["Subject"]]
                if found:
                    return found[-1]
                await asyncio.sleep(0.01)  # another task writes it

    async def key(self, address: str, subject: str, *, after: int = 0) -> str:
        """What stands behind the # of its link."""
        found = _KEY.search(text_of(await self.letter(address, subject, after=after)))
        assert found is not None
        return found[1]


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())
