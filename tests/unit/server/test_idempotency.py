"""One key, one thing: whoever was first, and whatever failed in between."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from server.db import Database, new_id, now
from server.idempotency import IdempotencyRow, KeyReused, Once, claim
from server.wiring import Services

ONCE = Once("caller", "key", "request")


@pytest.fixture
def db(services: Services) -> Database:
    return services.db


async def made(db: Database, once: Once | None, resource_id: str) -> str:
    async with db.write() as session:
        return await claim(session, once, resource_id)


async def test_the_second_time_gives_the_first_things_id(db: Database) -> None:
    first, second = new_id(), new_id()
    assert await made(db, ONCE, first) == first
    assert await made(db, ONCE, second) == first
    assert await made(db, Once("another caller", "key", "request"), second) == second
    assert await made(db, None, second) == second


async def test_a_key_is_for_one_request(db: Database) -> None:
    await made(db, ONCE, new_id())
    with pytest.raises(KeyReused):
        await made(db, Once("caller", "key", "another request"), new_id())


async def test_what_failed_did_not_use_the_key(db: Database) -> None:
    async def broken() -> None:
        async with db.write() as session:
            await claim(session, ONCE, new_id())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken()
    second = new_id()
    assert await made(db, ONCE, second) == second


async def test_a_key_is_forgotten_after_a_day(db: Database) -> None:
    await made(db, ONCE, new_id())
    async with db.write() as session:
        await session.execute(update(IdempotencyRow).values(created_at=now() - timedelta(hours=25)))
    second = new_id()
    assert await made(db, ONCE, second) == second


async def test_who_was_faster_wins_a_race(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look finds nothing, as it does when another server's transaction has not ended yet."""
    from server import idempotency

    first, second = new_id(), new_id()
    await made(db, ONCE, first)
    look, looks = idempotency._known, iter([False])

    async def blind_once(*args: object) -> IdempotencyRow | None:
        return await look(*args) if next(looks, True) else None  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(idempotency, "_known", blind_once)
    assert await made(db, ONCE, second) == first
