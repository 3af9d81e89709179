"""Which network address and which device a request comes from."""

from starlette.requests import HTTPConnection

from server.agents import OTHER, browser_of, system_of
from server.identity.sessions.schemas import LONGEST_CLIENT, LONGEST_NAME, Device


def address_of(connection: HTTPConnection) -> str:
    """As the server was told by proxies it trusts."""
    return connection.client.host if connection.client else "unknown"


def device_of(connection: HTTPConnection, name: str | None) -> Device:
    client = connection.headers.get("user-agent", "")
    return Device(_printable(name or "")[:LONGEST_NAME], _printable(client)[:LONGEST_CLIENT])


def browser_of_page(connection: HTTPConnection) -> Device:
    """For somebody who signs in on a page of ours and gives no name: `Firefox on Linux`."""
    agent = connection.headers.get("user-agent", "")
    browser, system = browser_of(agent), system_of(agent)
    name = "Browser" if browser == OTHER else browser
    return device_of(connection, name if system == OTHER else f"{name} on {system}")


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()
