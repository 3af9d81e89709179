"""No update is lost and no reader is blocked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from server import migrations, outbox
from server.config import Settings
from server.db import Database
from server.outbox import OutboxRow


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    url = Settings(data=tmp_path).sqlalchemy_url
    migrations.upgrade(url)
    db = Database(url)
    async with db.write() as session:
        await session.execute(text("CREATE TABLE counter (n INTEGER)"))
        await session.execute(text("INSERT INTO counter VALUES (0)"))
    yield db
    await db.close()


async def count(db: Database) -> int:
    async with db.read() as session:
        return int((await session.execute(text("SELECT n FROM counter"))).scalar_one())


async def add_one(db: Database) -> None:
    async with db.write() as session:
        n = (await session.execute(text("SELECT n FROM counter"))).scalar_one()
        await asyncio.sleep(0)
        await session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})


async def test_twelve_coroutines_that_read_change_and_write_lose_no_update(db: Database) -> None:
    async def ten_times() -> None:
        for _ in range(10):
            await add_one(db)

    await asyncio.gather(*(ten_times() for _ in range(12)))
    assert await count(db) == 120


async def test_two_pools_on_one_file_lose_no_update_either(db: Database, tmp_path: Path) -> None:
    second = Database(Settings(data=tmp_path).sqlalchemy_url)
    try:
        await asyncio.gather(*(add_one(one) for one in (db, second) for _ in range(10)))
    finally:
        await second.close()
    assert await count(db) == 20


async def test_a_reader_goes_on_while_a_writer_writes(db: Database) -> None:
    async with db.write() as session:
        await session.execute(text("UPDATE counter SET n = 7"))
        assert await count(db) == 0
    assert await count(db) == 7


async def test_a_reading_session_cannot_write(db: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        async with db.read() as session:
            await session.execute(text("UPDATE counter SET n = 1"))


async def test_a_block_that_raises_changes_nothing(db: Database) -> None:
    async def fail() -> None:
        async with db.write() as session:
            await session.execute(text("UPDATE counter SET n = 1"))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await count(db) == 0


async def test_moments_come_back_aware_and_equal(db: Database) -> None:
    moment = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    async with db.write() as session:
        outbox.record(session, "x", recording_id=None, user_id=None, data={})
        await session.flush()
        row = (await session.scalars(OutboxRow.__table__.select().with_only_columns(OutboxRow.id))).one()
        (await session.get_one(OutboxRow, row)).not_before = moment
    async with db.read() as session:
        stored = (await session.get_one(OutboxRow, row)).not_before
    assert stored == moment
    assert stored is not None
    assert stored.tzinfo == UTC


async def test_commits_with_events_are_announced_and_others_are_not(db: Database) -> None:
    heard: list[int] = []
    db.on_events(lambda: heard.append(1))
    await add_one(db)
    assert heard == []
    async with db.write() as session:
        outbox.record(session, "x", recording_id=None, user_id=None, data={})
    assert heard == [1]


@pytest.mark.parametrize("given", ["postgresql://u@h/d", "postgres://u@h/d"])
def test_a_bare_postgresql_url_gets_the_asyncio_driver(given: str) -> None:
    assert Settings(database_url=given).sqlalchemy_url == "postgresql+asyncpg://u@h/d"
