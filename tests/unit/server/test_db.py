"""No update is lost and no reader is blocked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import outbox
from server.config import Settings
from server.db import Database, Waiting
from server.outbox import OutboxRow
from tests.support.databases import both_databases, on_postgres, put_migrated


@pytest.fixture
def url(tmp_path: Path, database_url: str) -> str:
    put_migrated(tmp_path)
    return Settings(data=tmp_path, database_url=database_url).sqlalchemy_url


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    db = Database(url)
    async with db.write() as session:
        await session.execute(text("CREATE TABLE counter (n INTEGER)"))
        await session.execute(text("INSERT INTO counter VALUES (0)"))
    yield db
    await db.close()


async def count(db: Database) -> int:
    async with db.read() as session:
        return int((await session.execute(text("SELECT n FROM counter"))).scalar_one())


async def add_one(db: Database, *about: str) -> None:
    async with db.write(*about) as session:
        n = (await session.execute(text("SELECT n FROM counter"))).scalar_one()
        await asyncio.sleep(0)
        await session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})


@both_databases
async def test_twelve_coroutines_that_read_change_and_write_lose_no_update(db: Database) -> None:
    async def ten_times() -> None:
        for _ in range(10):
            await add_one(db)

    await asyncio.gather(*(ten_times() for _ in range(12)))
    assert await count(db) == 120


@both_databases
async def test_two_pools_on_one_database_lose_no_update_either(db: Database, url: str) -> None:
    second = Database(url)
    try:
        await asyncio.gather(*(add_one(one) for one in (db, second) for _ in range(10)))
    finally:
        await second.close()
    assert await count(db) == 20


@both_databases
async def test_a_reader_goes_on_while_a_writer_writes(db: Database) -> None:
    async with db.write() as session:
        await session.execute(text("UPDATE counter SET n = 7"))
        assert await count(db) == 0
    assert await count(db) == 7


@both_databases
async def test_a_reading_session_cannot_write(db: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        async with db.read() as session:
            await session.execute(text("UPDATE counter SET n = 1"))


@both_databases
async def test_a_block_that_raises_changes_nothing(db: Database) -> None:
    async def fail() -> None:
        async with db.write() as session:
            await session.execute(text("UPDATE counter SET n = 1"))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await count(db) == 0


async def test_whoever_is_cancelled_while_writing_holds_nobody_up(db: Database) -> None:
    """Whatever is kept of it: its traceback has the statement that it waited for."""
    counting = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300000)"

    async def write_long() -> None:
        async with db.write() as session:
            await session.execute(text("UPDATE counter SET n = 7"))
            task = asyncio.current_task()
            assert task
            asyncio.get_running_loop().call_later(0.005, task.cancel)
            await session.execute(text(f"{counting} SELECT max(x) FROM c"))

    with pytest.raises(asyncio.CancelledError) as kept:
        await asyncio.create_task(write_long())
    await add_one(db)
    assert await count(db) == 1
    assert kept.tb


@both_databases
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


@both_databases
async def test_whoever_waits_for_something_hears_when_it_has_committed(db: Database) -> None:
    heard: list[int] = []
    db.on_commit(Waiting.EVENTS, lambda: heard.append(1))
    db.on_commit(Waiting.LETTERS, lambda: heard.append(2))
    await add_one(db)
    assert heard == []
    async with db.write() as session:
        outbox.record(session, "x", recording_id=None, user_id=None, data={})
    assert heard == [1]

    async def fail() -> None:
        async with db.write() as session:
            outbox.record(session, "x", recording_id=None, user_id=None, data={})
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert heard == [1]


@pytest.mark.parametrize("given", ["postgresql://u@h/d", "postgres://u@h/d"])
def test_a_bare_postgresql_url_gets_the_asyncio_driver(given: str) -> None:
    assert Settings(database_url=given).sqlalchemy_url == "postgresql+asyncpg://u@h/d"


def test_what_libpq_calls_sslmode_is_what_the_driver_calls_ssl() -> None:
    given = Settings(database_url="postgresql://u@h/d?host=/run/pg&sslmode=require")
    assert given.sqlalchemy_url == "postgresql+asyncpg://u@h/d?host=/run/pg&ssl=require"


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ValueError, match="must begin with postgresql://"):
        Settings(database_url="mysql://h/d")


@on_postgres
async def test_writers_about_different_things_run_side_by_side(db: Database) -> None:
    both = asyncio.Barrier(2)

    async def meet(about: str) -> None:
        async with db.write(about):
            await both.wait()

    async with asyncio.timeout(20):
        await asyncio.gather(meet("one"), meet("other"))


@on_postgres
async def test_writers_about_the_same_thing_wait_for_each_other(db: Database) -> None:
    await asyncio.gather(*(add_one(db, "counter") for _ in range(40)))
    assert await count(db) == 40


@on_postgres
async def test_writers_about_several_things_wait_for_those_about_any_of_them(db: Database) -> None:
    about = [("counter", "a", "b"), ("b", "counter"), ("counter",), ("c", "counter", "counter")]
    async with asyncio.timeout(60):
        await asyncio.gather(*(add_one(db, *about[number % 4]) for number in range(40)))
    assert await count(db) == 40
    both = asyncio.Barrier(2)

    async def meet(*about: str) -> None:
        async with db.write(*about):
            await both.wait()

    async with asyncio.timeout(20):
        await asyncio.gather(meet("one", "two"), meet("three", "four"))


@on_postgres
async def test_a_writer_that_does_not_say_what_it_is_about_runs_alone(db: Database) -> None:
    done: list[str] = []

    async def alone() -> None:
        async with db.write():
            done.append("alone")

    async def waiting() -> int:
        async with db.read() as session:
            query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            return int((await session.execute(query)).scalar_one())

    async with asyncio.timeout(20):
        async with db.write("one"):
            other = asyncio.create_task(alone())
            while not await waiting():  # noqa: ASYNC110 (nothing to wait on from outside)
                await asyncio.sleep(0)
            done.append("one")
        await other
    assert done == ["one", "alone"]
