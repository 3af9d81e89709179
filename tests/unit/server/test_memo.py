"""What is remembered is what the database says, or nothing."""

import asyncio
import sqlite3
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.models import UserRow
from server.memo import Memo
from server.wiring import Services
from tests.support.databases import both_databases

RECORDINGS = "/api/v1/recordings"


def test_a_value_lasts_until_something_changed_and_is_kept_only_for_what_was_read() -> None:
    versions = [1]
    memo: Memo[str] = Memo(lambda: versions[0], most=2)
    memo.keep("a", "one", memo.begin())
    assert memo.get("a") == "one"
    versions[0] = 2
    assert memo.get("a") is None
    begun = memo.begin()
    versions[0] = 3  # somebody wrote while it was worked out
    memo.keep("a", "two", begun)
    assert memo.get("a") is None
    for name in "abc":
        memo.keep(name, name, memo.begin())
        memo.get("a")
    assert [memo.get(name) for name in "abc"] == ["a", None, "c"]


def test_where_nobody_counts_changes_nothing_is_kept() -> None:
    memo: Memo[str] = Memo(lambda: None, most=2)
    memo.keep("a", "one", memo.begin())
    assert memo.get("a") is None


async def test_who_asks_while_a_value_is_worked_out_waits_for_it() -> None:
    memo, worked = Memo[str](lambda: 1, most=2), []

    async def ask(key: str) -> str:
        async with memo.turn(key):
            if (known := memo.get(key)) is not None:
                return known
            begun = memo.begin()
            worked.append(key)
            await asyncio.sleep(0)
            memo.keep(key, key.upper(), begun)
            return key.upper()

    assert await asyncio.gather(*(ask(key) for key in "aabaa")) == list("AABAA")
    assert sorted(worked) == ["a", "b"]


async def test_a_turn_that_fails_is_the_next_one_s() -> None:
    memo, tried = Memo[str](lambda: 1, most=2), []

    async def ask() -> None:
        async with memo.turn("a"):
            tried.append(len(tried))
            await asyncio.sleep(0)
            if len(tried) == 1:
                raise OSError

    failed = await asyncio.gather(ask(), ask(), return_exceptions=True)
    assert [type(one) for one in failed] == [OSError, type(None)]


@both_databases
async def test_a_reading_finds_what_is_there_and_can_write_nothing(services: Services) -> None:
    async def names(session: AsyncSession) -> list[str]:
        return list(await session.scalars(select(UserRow.username)))

    async def spoil(session: AsyncSession) -> None:
        await session.execute(text("DELETE FROM users"))

    db = services.db
    async with db.write() as session:
        session.add(UserRow(email="a@example.org", username="a", password_hash="-", role="member"))
    assert "a" in await db.fetch(names)
    if not db.is_postgres:
        with pytest.raises(Exception, match="readonly"):
            await db.fetch(spoil)
    assert "a" in await db.fetch(names)


async def test_the_version_is_another_after_a_change_of_any_process(services: Services) -> None:
    db = services.db
    if db.is_postgres:
        assert db.version() is None
        return
    before = db.version()
    assert db.version() == before
    async with db.write() as session:
        session.add(UserRow(email="a@example.org", username="a", password_hash="-", role="member"))
    after = db.version()
    assert after != before
    await elsewhere(services, "UPDATE users SET username = 'b'")
    assert db.version() != after


async def elsewhere(services: Services, statement: str) -> None:
    """Done by another process, as far as the database can tell."""

    def do() -> None:
        line = sqlite3.connect(services.settings.data / "heddle.db", timeout=30)
        line.execute(statement)
        line.commit()
        line.close()

    await asyncio.to_thread(do)


async def listed(client: httpx.AsyncClient, query: str = "") -> list[Any]:
    answer = await client.get(f"{RECORDINGS}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return [one["title"] for one in answer.json()["data"]]


async def test_a_list_is_never_older_than_what_it_lists(
    services: Services, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    assert await listed(ann) == []
    made = (await ann.post(RECORDINGS, json={"recordingType": "screen", "title": "One"})).json()
    for _ in range(3):
        assert await listed(ann) == ["One"]
        assert await listed(bob) == []
        assert await listed(ann, "?title=x&size=1") == ["One"]
    fields = await ann.get(f"{RECORDINGS}?fields=title")
    assert (await ann.get(f"{RECORDINGS}?fields=title")).json() == fields.json()
    assert fields.json()["data"] == [{"id": made["id"], "title": "One"}]
    await ann.patch(f"{RECORDINGS}/{made['id']}", json={"title": "Two"})
    assert await listed(ann) == ["Two"]
    await ann.delete(f"{RECORDINGS}/{made['id']}")
    assert await listed(ann) == []


async def test_who_is_signed_out_is_not_remembered(
    services: Services, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    for _ in range(2):
        assert await listed(ann) == []
    await ann.post("/auth/logout")
    assert (await ann.get(RECORDINGS)).status_code == 401
    # Also by another process, which only the database tells.
    assert await listed(bob) == []
    if not services.db.is_postgres:
        await elsewhere(services, "DELETE FROM sessions")
        assert (await bob.get(RECORDINGS)).status_code == 401
