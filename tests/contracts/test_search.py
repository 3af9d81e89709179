"""What every search index does, whatever the database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from server.adapters.search_common import slips_in
from server.config import Settings
from server.db import Database, new_id
from server.identity.models import UserRow
from server.ports.search import Document, Filters, Piece, Query, SearchIndex
from server.recordings.models import RecordingRow
from server.search.adapters import open_index
from server.search.query import parse
from tests.support.databases import both_databases, on_postgres, put_migrated

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Archive:
    """Recordings of two people, each in a workspace with its person's id, and the index of them."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.index: SearchIndex = open_index(db)
        self.ann, self.bob = new_id(), new_id()
        self._made = 0

    async def add_people(self) -> None:
        async with self.db.write() as session:
            for id_, name in ((self.ann, "ann"), (self.bob, "bob")):
                session.add(
                    UserRow(id=id_, email=f"{name}@x.org", username=name, password_hash="-", role="member")
                )

    async def put(
        self,
        title: str,
        *said: str,
        owner: str | None = None,
        language: str = "en",
        duration_s: float | None = 60.0,
        more: tuple[Piece, ...] = (),
    ) -> Document:
        self._made += 1
        id_, owner = new_id(), owner or self.ann
        made = LONG_AGO + timedelta(days=self._made)
        async with self.db.write() as session:
            session.add(
                RecordingRow(
                    id=id_, user_id=owner, workspace_id=owner, title=title, recording_type="screen",
                    status="completed", settings={}, slug=id_[:30], created_at=made,
                )
            )  # fmt: skip
        pieces = [Piece("transcript", text, 5.0 * n, 5.0 * n + 4) for n, text in enumerate(said)]
        document = Document(
            id_, owner, language, made, duration_s, "1", (Piece("title", title), *pieces, *more)
        )
        await self.index.put(document)
        return document

    async def find(self, typed: str, *, who: str | None = None, **filters: object) -> list[str]:
        query = Query(frozenset([who or self.ann]), parse(typed), Filters(**filters))  # type: ignore[arg-type] # by name
        found, total = await self.index.search(query, 0, 20)
        assert total == len(found)
        return [one.recording_id for one in found]

    async def moments(self, typed: str) -> list[tuple[str, float | None]]:
        found, _ = await self.index.search(Query(frozenset([self.ann]), parse(typed)), 0, 20)
        return [(piece.text, piece.start_s) for one in found for piece in one.pieces]


@pytest.fixture
async def archive(tmp_path: Path, database_url: str) -> AsyncIterator[Archive]:
    put_migrated(tmp_path)
    db = Database(Settings(data=tmp_path, database_url=database_url).sqlalchemy_url, pool=4)
    archive = Archive(db)
    await archive.add_people()
    yield archive
    await db.close()


@both_databases
async def test_words_are_found_in_any_form_and_place(archive: Archive) -> None:
    talk = await archive.put(
        "Quarterly Budget", "Welcome to the meeting", "please open the café settings",
        "then change your password", more=(Piece("description", "Numbers for Zürich"),),
    )  # fmt: skip
    await archive.put("Something else", "nothing of it")
    for typed in (
        "budget", "BUDGET zurich", "passw", "meetings", "changed passwords", '"open the cafe"',
        "cafe budget", "password -holiday", 'budget -"the open"', "quart* settings ", '"meeting please open"',
    ):  # fmt: skip
        assert await archive.find(typed) == [talk.recording_id], typed
    for typed in (
        "holiday",
        '"the open"',
        "budget -password",
        "passw ",
        '"budget welcome"',
        'budget -"the cafe"',
    ):
        assert await archive.find(typed) == [], typed


@both_databases
async def test_the_moments_are_those_with_the_most_of_the_words_then_the_earliest(archive: Archive) -> None:
    await archive.put("Plans", "a budget", "nothing", "the budget of the plans", "budgets again", "plan")
    assert await archive.moments("budget plan ") == [
        ("the budget of the plans", 10.0),
        ("Plans", None),
        ("a budget", 0.0),
        ("budgets again", 15.0),
        ("plan", 20.0),
    ]
    assert await archive.moments('"the budget"') == [("the budget of the plans", 10.0)]


@both_databases
async def test_what_comes_first(archive: Archive) -> None:
    said = await archive.put("Something", "we talk about gardening here")
    titled = await archive.put("Gardening")
    newest = await archive.put("Gardening")
    assert await archive.find("gardening") == [newest.recording_id, titled.recording_id, said.recording_id]
    everything = [newest.recording_id, titled.recording_id, said.recording_id]
    assert await archive.find("") == everything
    assert await archive.find("-something") == everything[:2]
    found, total = await archive.index.search(Query(frozenset([archive.ann]), parse("gardening")), 1, 2)
    assert ([one.recording_id for one in found], total) == ([said.recording_id], 3)
    assert await archive.index.search(Query(frozenset([archive.ann]), parse("gardening")), 7, 2) == ([], 3)


@both_databases
async def test_access_and_filters_are_part_of_the_question(archive: Archive) -> None:
    own = await archive.put("Budget", language="pt-BR", duration_s=30.0)
    other = await archive.put("Budget", owner=archive.bob, duration_s=None)
    id_ = own.recording_id
    assert await archive.find("budget") == [id_]
    assert await archive.find("budget", who=archive.bob) == [other.recording_id]
    assert await archive.find("budget", owner_id=archive.bob) == []
    assert await archive.find("budget", owner_id=archive.ann) == [id_]
    for narrow, wide in (
        ({"since": LONG_AGO + timedelta(days=2)}, {"since": LONG_AGO}),
        ({"until": LONG_AGO}, {"until": LONG_AGO + timedelta(days=1)}),
        ({"min_duration_s": 31.0}, {"min_duration_s": 30.0}),
        ({"max_duration_s": 29.0}, {"max_duration_s": 30.0}),
        ({"language": "p"}, {"language": "PT"}),
    ):
        assert await archive.find("budget", **narrow) == []
        assert await archive.find("budget", **wide) == [id_]
        assert await archive.find("", **wide) == [id_]


@both_databases
async def test_a_slip_is_known_by_words_that_somebody_has(archive: Archive) -> None:
    talk = await archive.put("Password", "the documentation was received", "пароль сервера")
    assert await archive.index.similar("pasword", 3) == ("password",)
    assert await archive.index.similar("dokumentatoin", 3) == ("documentation",)
    assert await archive.index.similar("пороль", 3) == ("пароль",)
    for known in ("password", "passw", "passwords", "the", "zzzzzzzz"):
        assert await archive.index.similar(known, 3) == (), known
    assert slips_in("the") == 0
    async with archive.db.write() as session:
        await session.execute(text("DELETE FROM recording_sessions"))
    assert await archive.index.similar("pasword", 3) == ()
    assert await archive.index.version(talk.recording_id) is None


@both_databases
async def test_a_document_replaces_the_one_before_it(archive: Archive) -> None:
    talk = await archive.put("Old", "words of before")
    await archive.index.put(replace(talk, version="2", pieces=(Piece("comment", "other ones", 3.0, None),)))
    assert await archive.find("before") == []
    assert await archive.moments("others") == [("other ones", 3.0)]
    assert await archive.index.version(talk.recording_id) == "2"
    await archive.index.put(replace(talk, recording_id=new_id()))  # gone meanwhile
    assert await archive.find("before") == []
    await archive.index.clear()
    assert await archive.find("") == []
    assert await archive.index.version(talk.recording_id) is None


@both_databases
async def test_any_text_can_be_put_and_searched(archive: Archive) -> None:
    words = " ".join(f"w{n}" for n in range(18_000))
    odd = (
        "l'été d'aujourd'hui",
        "C:\\temp\\x & | ! <-> :*",
        "a" * 5000,
        "nul\0byte",
        "½ ﷺ",
        "週次会議の議事録",
        words,
    )
    made = await archive.put("Odd", *odd, language="und")
    for typed in (
        "l'ete",
        "\"d'aujourd'hui\"",
        "temp x",
        "a" * 200,
        "w17999 ",
        "会議",
        '"w17000 w17001"',
        "½",
        "& | ! :*",
    ):
        assert await archive.find(typed) == [made.recording_id], typed
    assert await archive.find("議会") == []
    assert await archive.find('"w17001 w17000"') == []


@on_postgres
async def test_slips_are_found_without_the_extension_too(archive: Archive) -> None:
    async with archive.db.write() as session:
        await session.execute(text("DROP EXTENSION pg_trgm CASCADE"))
    await archive.put("Password")
    assert await archive.index.similar("pasword", 3) == ("password",)
