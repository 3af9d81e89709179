"""Which network address and which device a request comes from."""

from starlette.requests import HTTPConnection

from server.identity.sessions.schemas import LONGEST_CLIENT, LONGEST_NAME, Device


def address_of(connection: HTTPConnection) -> str:
    """As the server was told by proxies it trusts."""
    return connection.client.host if connection.client else "unknown"


def device_of(connection: HTTPConnection, name: str | None) -> Device:
    client = connection.headers.get("user-agent", "")
    return Device(_printable(name or "")[:LONGEST_NAME], _printable(client)[:LONGEST_CLIENT])


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()
