"""The queue of letters: durable, patient, and not for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.config import Settings
from server.db import Database, now
from server.errors import SetupError
from server.mail.letters import Words
from server.mail.models import MailRow
from server.mail.opening import open_mailer
from server.mail.queue import GIVE_UP_AFTER, KEEP_DEAD, LEASE, Postman, post
from server.ports.mail import Letter, MailRefused, MailUnavailable

WORDS = Words("A subject", ("Words.",))


class FakeMailer:
    """Takes letters, or raises what it is told to; `hangs` never comes to an end."""

    def __init__(self) -> None:
        self.taken: list[Letter] = []
        self.problem: Exception | None = None
        self.hangs = False
        self.reached = asyncio.Event()

    async def send(self, letter: Letter) -> None:
        self.reached.set()
        if self.hangs:
            await asyncio.Event().wait()
        if self.problem is not None:
            raise self.problem
        self.taken.append(letter)


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    db = Database(settings.sqlalchemy_url)
    yield db
    await db.close()


@pytest.fixture
def mailer() -> FakeMailer:
    return FakeMailer()


async def queue(db: Database, *recipients: str) -> None:
    async with db.write() as session:
        for one in recipients:
            post(session, one, WORDS)


async def rows(db: Database) -> list[MailRow]:
    async with db.read() as session:
        return list(await session.scalars(select(MailRow).order_by(MailRow.number)))


async def its_time_comes(db: Database) -> None:
    async with db.write() as session:
        await session.execute(update(MailRow).values(not_before=now() - timedelta(seconds=1)))


async def test_what_commits_is_sent_and_then_forgotten(db: Database, mailer: FakeMailer) -> None:
    async def fail() -> None:
        async with db.write() as session:
            post(session, "never@example.org", WORDS)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    postman = Postman(db, mailer)
    stack = AsyncExitStack()
    postman.rounds.start(stack)
    await queue(db, *(f"n{n}@example.org" for n in range(6)))
    async with asyncio.timeout(20):
        while await rows(db):  # noqa: ASYNC110 (nothing to wait on from outside)
            await asyncio.sleep(0.01)  # another task sends them
    await stack.aclose()
    await postman.rounds.stop()  # twice does no harm
    assert sorted(one.recipient for one in mailer.taken) == [f"n{n}@example.org" for n in range(6)]
    assert mailer.taken[0].subject == "A subject"


async def test_a_letter_that_was_being_sent_when_the_server_died_is_sent_by_the_next(
    db: Database, mailer: FakeMailer
) -> None:
    await queue(db, "ada@example.org")
    mailer.hangs = True
    dying = Postman(db, mailer)
    dying.rounds.start(AsyncExitStack())
    async with asyncio.timeout(20):
        await mailer.reached.wait()
    await dying.rounds.stop()
    (row,) = await rows(db)
    assert now() < row.not_before <= now() + LEASE
    mailer.hangs = False
    following = Postman(db, mailer)
    assert await following.deliver() == 0  # for as long as the one before may be at it
    await its_time_comes(db)
    assert await following.deliver() == 1
    assert [one.id for one in mailer.taken] == [row.id]
    assert await rows(db) == []


async def test_two_servers_send_a_letter_once(db: Database, mailer: FakeMailer) -> None:
    await queue(db, "ada@example.org")
    counts = await asyncio.gather(*(Postman(db, mailer).deliver() for _ in range(4)))
    assert sum(counts) == len(mailer.taken) == 1


@pytest.mark.parametrize("problem", [MailUnavailable("451 later"), RuntimeError("a bug")])
async def test_what_could_not_be_sent_is_tried_again_after_longer_and_longer(
    db: Database, mailer: FakeMailer, problem: Exception
) -> None:
    await queue(db, "ada@example.org")
    mailer.problem = problem
    postman = Postman(db, mailer, wait_s=100)
    waits = []
    for _ in range(8):
        await its_time_comes(db)
        begun = now()
        assert await postman.deliver() == 1
        (row,) = await rows(db)
        waits.append(round((row.not_before - begun).total_seconds(), -2))
    assert waits == [100, 200, 400, 800, 1600, 3200, 3600, 3600]
    assert row.attempt == 8
    assert row.error
    mailer.problem = None
    await its_time_comes(db)
    await postman.deliver()
    assert len(mailer.taken) == 1


@pytest.mark.parametrize("why", ["refused", "too old"])
async def test_what_nobody_takes_is_given_up_and_its_words_are_gone(
    db: Database, mailer: FakeMailer, why: str
) -> None:
    await queue(db, "ada@example.org")
    mailer.problem = MailRefused("550 unknown") if why == "refused" else MailUnavailable("451 later")
    if why == "too old":
        async with db.write() as session:
            await session.execute(update(MailRow).values(created_at=now() - GIVE_UP_AFTER))
    postman = Postman(db, mailer)
    await postman.deliver()
    (row,) = await rows(db)
    assert row.dead_at is not None
    assert (row.text, row.html) == ("", "")
    assert row.error in ("550 unknown", "451 later")
    await its_time_comes(db)
    assert await postman.deliver() == 0
    async with db.write() as session:
        await session.execute(update(MailRow).values(dead_at=now() - KEEP_DEAD - timedelta(hours=1)))
    await postman._prune()
    assert await rows(db) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"mail_url": "imap://mail.example.org"},
        {"mail_url": "smtp+plain://a:secret@mail.example.org"},
        {"mail_from": "nobody"},
        {"mail_from": ""},
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_the_start(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(SetupError) as refused:
        open_mailer(Settings(data=tmp_path, **changes))  # type: ignore[arg-type]  # a row of settings
    assert "secret" not in str(refused.value)
