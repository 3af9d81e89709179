"""A database alone, a server whose clock the test moves, people in a team, and their mail."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from server import secrets
from server.config import Settings
from server.db import Database
from server.identity.service import Identity
from server.identity.sessions import signing
from server.wiring import Services
from tests.support.mailbox import Mailbox
from tests.support.moving_clock import Clock
from tests.support.people import QuickHasher, Team, make_team

SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def services_db(settings: Settings) -> AsyncIterator[Database]:
    db = Database(settings.sqlalchemy_url)
    yield db
    await db.close()


@pytest.fixture
async def identity(settings: Settings, services_db: Database, clock: Clock) -> AsyncIterator[Identity]:
    """Without the rest of the server."""
    signing.prepare(settings.data / signing.FILE)
    seal = secrets.load_or_create(settings.data / "secrets.json").seal_key
    identity = Identity(services_db, settings, seal, clock=clock)
    identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
    yield identity
    identity.close()


@pytest.fixture
async def team(sign_in: SignIn, services: Services) -> Team:
    return await make_team(sign_in, services)


@pytest.fixture
def mailbox(services: Services) -> Mailbox:
    return Mailbox(services.settings.data / "outbox")


@pytest.fixture
def quick_passwords(services: Services) -> None:
    services.identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
