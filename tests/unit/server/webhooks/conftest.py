"""Webhooks over a real database, to real receivers on this machine, under a clock that tests move."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from server.bus import Event
from server.config import Settings
from server.db import Database, new_id, now
from server.identity.models import UserRow
from server.recordings.schemas import Recording
from server.webhooks.addresses import Allowed
from server.webhooks.intake import Intake
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.webhooks.sender import Sender
from server.webhooks.signing import new_secret
from server.webhooks.transport import Client
from tests.support.receiver import Receiver

HERE = Allowed.parse("127.0.0.1")
# Reading the certificates takes as long as a test.
TLS = httpx.create_ssl_context()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhook_allow": "127.0.0.1", "public_url": "https://video.test"})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    db = Database(settings.sqlalchemy_url)
    yield db
    await db.close()


async def until(probe: Callable[[], object], *, timeout_s: float = 20) -> None:
    """Waits for what other threads and tasks do."""
    async with asyncio.timeout(timeout_s):
        while not probe():  # noqa: ASYNC110 (threads of a receiver have nothing to wait on from here)
            await asyncio.sleep(0.005)


@dataclass
class Clock:
    """Stands still until it is moved; ahead of the real one, by which rows say since when they are due."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(hours=1))

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Bench:
    """What the server opens, in parts: events go in at `tell`, deliveries out at `send`."""

    db: Database
    clock: Clock
    client: Client
    sender: Sender
    intake: Intake
    user_id: str = ""
    recordings: dict[str, Recording] = field(default_factory=dict)
    administrators: list[str] = field(default_factory=list)
    _events: int = 0

    async def person(self, name: str) -> str:
        row = UserRow(email=f"{name}@example.org", username=name, password_hash="-", role="member")
        async with self.db.write() as session:
            session.add(row)
        return row.id

    async def subscribe(self, url: str, *events: str, user_id: str = "") -> SubscriptionRow:
        row = SubscriptionRow(
            user_id=user_id or self.user_id, url=url, events=[*events] or ["*"], secret=new_secret()
        )
        async with self.db.write() as session:
            session.add(row)
        return row

    def event(self, type_: str, recording_id: str | None = None, *, user_id: str = "", **data: Any) -> Event:
        self._events += 1
        told = {"recordingId": recording_id, **data}
        return Event(self._events, type_, recording_id, user_id or self.user_id, told, now())

    async def tell(self, type_: str, recording_id: str | None = None, **more: Any) -> Event:
        event = self.event(type_, recording_id, **more)
        await self.intake.hear(event)
        return event

    async def send(self) -> None:
        """All that may be sent at this moment, to the end."""
        while await self.sender.fill() or self.sender._sending:
            if self.sender._sending:
                await asyncio.wait(self.sender._sending)

    async def deliveries(self) -> list[DeliveryRow]:
        async with self.db.read() as session:
            return list(await session.scalars(select(DeliveryRow).order_by(DeliveryRow.id)))

    async def webhook(self, row: SubscriptionRow) -> SubscriptionRow:
        """As it is now."""
        async with self.db.read() as session:
            return (await session.scalars(select(SubscriptionRow).where(SubscriptionRow.id == row.id))).one()


@pytest.fixture
async def bench(db: Database) -> AsyncIterator[Bench]:
    clock, client = Clock(), Client(HERE, timeout_s=10, tls=TLS)
    sender = Sender(db, client, clock=clock)
    known: dict[str, Recording] = {}
    administrators: list[str] = []

    async def find(recording_id: str) -> Recording | None:
        return known.get(recording_id)

    async def who() -> list[str]:
        return administrators

    async def everybody(user_ids: Collection[str]) -> Collection[str]:
        return user_ids

    intake = Intake(
        db,
        recording_of=find,
        administrators=who,
        active=everybody,
        public_url="https://video.test/",
        on_noted=sender.wake,
    )
    bench = Bench(db, clock, client, sender, intake, recordings=known, administrators=administrators)
    bench.user_id = await bench.person("ann")
    yield bench
    await sender.stop()
    await client.close()


@pytest.fixture
def recording_id() -> str:
    return new_id()
