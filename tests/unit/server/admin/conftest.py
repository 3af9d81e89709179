"""An owner of the server, beside Ann and Bob, who are members."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from server.wiring import Services
from tests.support.mailbox import Mailbox
from tests.support.people import QuickHasher, change_user

SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def owner(sign_in: SignIn, services: Services) -> httpx.AsyncClient:
    client = await sign_in("owner")
    await change_user(services, (await client.get("/api/v1/me")).json()["id"], role="owner")
    return client


@pytest.fixture
def mailbox(services: Services) -> Mailbox:
    return Mailbox(services.settings.data / "outbox")


@pytest.fixture
def quick_passwords(services: Services) -> None:
    services.identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
