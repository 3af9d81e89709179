"""A real SMTP server (aiosmtpd) in the loop of the test, and the letters it was given."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

NAME, PASSWORD = "postman", "p@ss:w/rd"


@dataclass
class Receiver:
    """What a real SMTP server (aiosmtpd) was given; `answers` are said to recipients instead of 250."""

    taken: list[bytes] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        self.tls.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 Taken"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(NAME.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)


@asynccontextmanager
async def smtp_server(
    receiver: Receiver, *, tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[int]:
    def protocol() -> SMTP:
        return SMTP(receiver, hostname="localhost", loop=asyncio.get_running_loop(), **options)

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=default)  # type: ignore[return-value]  # the policy makes an EmailMessage
