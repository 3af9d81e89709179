"""A database alone, and a server whose clock the test moves."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from server import secrets
from server.config import Settings
from server.db import Database, now
from server.identity.service import Identity
from server.identity.sessions import signing


class Clock:
    """The time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead

    def move(self, **by: float) -> None:
        self.ahead += timedelta(**by)


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
    yield identity
    identity.close()
