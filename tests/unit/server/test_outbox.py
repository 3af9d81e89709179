"""An event exists with its change or not at all, and reaches everyone at least once, in order."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server import outbox
from server.bus import Bus, Event
from server.config import Settings
from server.db import Database
from server.outbox import MAX_ATTEMPTS, Dispatcher
from tests.support.databases import both_databases, put_migrated

A = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
B = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"


@pytest.fixture
async def db(tmp_path: Path, database_url: str) -> AsyncIterator[Database]:
    put_migrated(tmp_path)
    db = Database(Settings(data=tmp_path, database_url=database_url).sqlalchemy_url)
    yield db
    await db.close()


class Listener:
    """Notes what it hears; fails as often as it is told to."""

    def __init__(self, *, failures: int = 0, on: str = "") -> None:
        self.heard: list[str] = []
        self._failures = failures
        self._on = on

    async def __call__(self, event: Event) -> None:
        if self._failures and event.type.startswith(self._on):
            self._failures -= 1
            raise RuntimeError("not now")
        self.heard.append(event.type)


async def note(db: Database, type_: str, recording_id: str = A) -> None:
    async with db.write() as session:
        outbox.record(session, type_, recording_id=recording_id, user_id=None, data={"n": 1})


def dispatcher(db: Database, *listeners: Listener) -> Dispatcher:
    bus = Bus()
    for listener in listeners:
        bus.subscribe(listener)
    return Dispatcher(db, bus, retry_s=0)


async def drain(dispatcher: Dispatcher) -> None:
    while await dispatcher.deliver():
        pass


@both_databases
async def test_events_are_delivered_in_the_order_of_their_commits(db: Database) -> None:
    listener = Listener()
    for name in ("one", "two", "three"):
        await note(db, name)
    await drain(dispatcher(db, listener))
    assert listener.heard == ["one", "two", "three"]


@both_databases
async def test_an_event_of_a_change_that_was_rolled_back_never_happened(db: Database) -> None:
    async def fail() -> None:
        async with db.write() as session:
            outbox.record(session, "one", recording_id=A, user_id=None, data={})
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    listener = Listener()
    await drain(dispatcher(db, listener))
    assert listener.heard == []


async def test_what_was_not_delivered_before_a_crash_is_delivered_after_it(db: Database) -> None:
    await note(db, "one")
    listener = Listener()
    await drain(dispatcher(db, listener))
    await drain(dispatcher(db, listener))
    await note(db, "two")
    await drain(dispatcher(db, listener))
    assert listener.heard == ["one", "two"]


@both_databases
async def test_a_failed_event_holds_back_its_recording_and_no_other(db: Database) -> None:
    listener = Listener(failures=1, on="one")
    for name, recording in (("one", A), ("two", A), ("other", B)):
        await note(db, name, recording)
    subject = dispatcher(db, listener)
    await subject.deliver()
    assert listener.heard == ["other"]
    await drain(subject)
    assert listener.heard == ["other", "one", "two"]


async def test_one_failing_handler_does_not_keep_the_event_from_the_others(db: Database) -> None:
    good, bad = Listener(), Listener(failures=1)
    await note(db, "one")
    await dispatcher(db, bad, good).deliver()
    assert good.heard == ["one"]


@both_databases
async def test_an_event_that_always_fails_is_set_aside_at_last(db: Database) -> None:
    listener = Listener(failures=10_000, on="bad")
    await note(db, "bad")
    await note(db, "good")
    subject = dispatcher(db, listener)
    for _ in range(MAX_ATTEMPTS + 1):
        await subject.deliver()
    assert listener.heard == ["good"]


async def test_a_running_dispatcher_delivers_without_being_asked(db: Database) -> None:
    heard = asyncio.Event()
    bus = Bus()

    async def hear(_event: Event) -> None:
        heard.set()

    bus.subscribe(hear, ["one"])
    subject = Dispatcher(db, bus)
    subject.start()
    try:
        await note(db, "one")
        async with asyncio.timeout(1):
            await heard.wait()
        assert subject.alive
    finally:
        await subject.stop()
    assert not subject.alive


async def test_stopping_delivers_what_is_ready(db: Database) -> None:
    listener = Listener()
    subject = dispatcher(db, listener)
    subject.start()
    await note(db, "one")
    await subject.stop()
    assert listener.heard == ["one"]


async def test_a_subscription_hears_its_types_until_it_is_ended(db: Database) -> None:
    bus, listener = Bus(), Listener()
    end = bus.subscribe(listener, ["one"])
    subject = Dispatcher(db, bus)
    for name in ("one", "two"):
        await note(db, name)
    await drain(subject)
    end()
    await note(db, "one")
    await drain(subject)
    assert listener.heard == ["one"]
