"""The asyncio driver of SQLite, as SQLAlchemy uses it: one crossing to its thread for each statement."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server import sqlite


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"
    engine = create_async_engine(url, connect_args={"async_creator_fn": sqlite.connect})
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT UNIQUE)"))
    yield engine
    await engine.dispose()


async def test_rows_come_back_and_numbers_of_what_was_changed(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        many = [{"word": "one"}, {"word": "two"}]
        assert (await connection.execute(text("INSERT INTO words (word) VALUES (:word)"), many)).rowcount == 2
        one = await connection.execute(text("INSERT INTO words (word) VALUES ('three')"))
        assert one.lastrowid == 3
        found = await connection.execute(text("SELECT id, word FROM words ORDER BY id"))
        assert found.all() == [(1, "one"), (2, "two"), (3, "three")]
        assert (await connection.execute(text("DELETE FROM words WHERE id > 1"))).rowcount == 2


async def test_what_is_refused_says_why_and_leaves_the_connection_usable(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("INSERT INTO words (word) VALUES ('one')"))
        with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: words\.word"):
            await connection.execute(text("INSERT INTO words (word) VALUES ('one')"))
        with pytest.raises(OperationalError, match="no such table"):
            await connection.execute(text("SELECT * FROM sentences"))
        assert (await connection.execute(text("SELECT count(*) FROM words"))).scalar_one() == 1


async def test_a_statement_crosses_once(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    crossings = 0
    cross = sqlite.Connection.run

    async def counted(self: sqlite.Connection, work: Callable[[Any], Any]) -> Any:
        nonlocal crossings
        crossings += 1
        return await cross(self, work)

    monkeypatch.setattr(sqlite.Connection, "run", counted)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT 1 UNION SELECT 2"))).all() == [(1,), (2,)]
    assert crossings == 1
