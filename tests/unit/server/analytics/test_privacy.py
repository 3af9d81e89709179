"""What is kept cannot lead back to a person, and those who ask not to be counted are not."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from server.analytics.models import DayRow, EventRow, SaltRow, TotalRow, WatchingRow
from server.analytics.viewers import Asker, Viewers
from server.config import Settings
from server.wiring import Services
from tests.support.databases import on_sqlite
from tests.unit.server.analytics.conftest import CHROME, FIREFOX, IPHONE, MakeTalk, OpenPage, Talk

SECRET = "ab" * 32
ADA = Asker("203.0.113.7", CHROME)


@pytest.fixture
def viewers(services: Services) -> Viewers:
    return Viewers(services.db, SECRET)


async def test_a_viewer_is_known_again_in_one_recording_only(viewers: Viewers) -> None:
    assert await viewers.name("a", ADA, None) == await viewers.name("a", ADA, None)
    assert await viewers.name("a", ADA, None) != await viewers.name("b", ADA, None)
    assert await viewers.name("a", ADA, "x") == await viewers.name("a", Asker("other", FIREFOX), "x")
    assert await viewers.name("a", ADA, "x") != await viewers.name("b", ADA, "x")


async def test_address_and_browser_tell_viewers_apart(viewers: Viewers) -> None:
    others = [Asker("203.0.113.8", CHROME), Asker("203.0.113.7", FIREFOX), Asker("203.0.113.7", CHROME, "u1")]
    names = {await viewers.name("a", asker, None) for asker in (ADA, *others)}
    assert len(names) == 4


async def test_the_next_day_nobody_is_known_by_the_address(
    services: Services, talk: Talk, open_page: OpenPage, set_clock: Callable[[str], None]
) -> None:
    salts = []
    for day in ("2026-03-01", "2026-03-02"):
        set_clock(f"{day}T12:00:00+00:00")
        page = await open_page(talk.slug)
        await page.watch((0, 5))
        async with services.db.read() as session:
            rows = (await session.scalars(select(SaltRow))).all()
            assert [row.day.isoformat() for row in rows] == [day], "those of other days are forgotten"
            salts.append(rows[0].salt)
            viewers = set(await session.scalars(select(WatchingRow.viewer)))
    assert len(set(salts)) == 2
    assert len(viewers) == 2


async def test_the_salt_goes_also_where_nobody_watches(
    services: Services, set_clock: Callable[[str], None]
) -> None:
    set_clock("2026-03-01T12:00:00+00:00")
    await services.analytics.sweep()
    set_clock("2026-03-02T00:30:00+00:00")
    await services.analytics.sweep()
    async with services.db.read() as session:
        assert list(await session.scalars(select(SaltRow.day))) == [date(2026, 3, 2)]


@on_sqlite
async def test_neither_address_nor_agent_nor_ids_of_the_browser_are_kept(
    services: Services, talk: Talk, open_page: OpenPage, settings: Settings
) -> None:
    page = await open_page(talk.slug, agent=IPHONE, address="203.0.113.77")
    browser_id = "5b0f9b1c-7d3e-4c52-9f6e-0d8f7c2a1b3d"
    await page.watch((0, 9), viewerId=browser_id, referrer="https://news.example.org/a?who=ada")
    async with services.db.write() as session:
        await session.execute(text("SELECT 1"))
    files = [settings.data / "heddle.db", settings.data / "heddle.db-wal"]
    kept = b"".join(file.read_bytes() for file in files if file.exists())
    assert b"news.example.org" in kept, "the search is blind"
    for secret in ("203.0.113.77", "iPhone", browser_id, browser_id.replace("-", ""), "who=ada"):
        assert secret.encode() not in kept


@pytest.mark.parametrize("header", ["DNT", "Sec_GPC"])
async def test_who_asks_not_to_be_tracked_leaves_nothing(
    services: Services, talk: Talk, open_page: OpenPage, header: str
) -> None:
    page = await open_page(talk.slug, **{header: "1"})
    assert await page.watch((0, 9)) == 0
    await _assert_nothing(services)
    assert (await talk.report())["views"] == 0


async def test_a_viewer_with_an_account_who_asks_not_to_be_tracked_is_not_noted(
    services: Services, talk: Talk, open_page: OpenPage
) -> None:
    answer = await talk.owner.get(f"/api/v1/streams/{talk.id}", headers={"Sec-GPC": "1"})
    assert answer.status_code == 200
    await (await open_page(talk.slug)).watch((0, 1))  # what was noted before this is stored by now
    async with services.db.read() as session:
        assert list(await session.scalars(select(EventRow.user_id))) == [None]


async def test_programs_leave_nothing(services: Services, talk: Talk, open_page: OpenPage) -> None:
    page = await open_page(talk.slug, agent="Googlebot/2.1")
    assert await page.watch((0, 9)) == 0
    await _assert_nothing(services)


class TestSwitchedOff:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"analytics": "off"})

    async def test_nothing_is_kept(self, services: Services, talk: Talk, open_page: OpenPage) -> None:
        page = await open_page(talk.slug)
        assert await page.watch((0, 9)) == 0
        assert (await talk.owner.get(f"/api/v1/streams/{talk.id}")).status_code == 200
        await _assert_nothing(services)


async def test_all_of_it_goes_with_the_recording(
    services: Services, make_talk: MakeTalk, open_page: OpenPage
) -> None:
    talk, other = await make_talk(), await make_talk("Another")
    for one in (talk, other):
        await (await open_page(one.slug)).watch((0, 9))
        await talk.owner.get(f"/api/v1/streams/{one.id}")
    gone = await talk.owner.delete(f"/api/v1/recordings/{talk.id}", params={"permanent": True})
    assert gone.status_code == 204
    async with services.db.read() as session:
        for table in (EventRow, WatchingRow, DayRow, TotalRow):
            query = select(table.recording_id).distinct()
            assert list(await session.scalars(query)) == [other.id]


async def test_events_are_forgotten_and_figures_stay(
    services: Services, talk: Talk, open_page: OpenPage, set_clock: Callable[[str], None]
) -> None:
    set_clock("2026-01-01T12:00:00+00:00")
    browser_id = "5b0f9b1c-7d3e-4c52-9f6e-0d8f7c2a1b3d"
    for _ in range(2):
        await (await open_page(talk.slug)).watch((0, 9), viewerId=browser_id)
    set_clock("2026-03-01T12:00:00+00:00")
    await (await open_page(talk.slug)).watch((0, 9), viewerId=browser_id)
    whole = {"from": "2026-01-01", "to": "2026-05-01"}
    assert (await talk.report(**whole))["uniqueViewers"] == 1
    set_clock("2026-04-02T12:00:00+00:00")
    await services.analytics.sweep()
    async with services.db.read() as session:
        assert len((await session.scalars(select(EventRow))).all()) == 1
        assert len((await session.scalars(select(WatchingRow))).all()) == 1
    after = await talk.report(**whole)
    assert after["views"] == 3
    assert after["uniqueViewers"] == 2, "who came back after the events were forgotten cannot be known again"


async def _assert_nothing(services: Services) -> None:
    async with services.db.read() as session:
        for table in ("events", "sessions", "days", "totals"):
            assert await session.scalar(text(f"SELECT count(*) FROM analytics_{table}")) == 0


async def test_a_referrer_is_a_host_and_nothing_more(
    talk: Talk, open_page: OpenPage, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    sent: dict[str, Any] = {
        "https://News.Example.org/story?id=4#x": "news.example.org",
        "blog.example.org": "blog.example.org",
        "http://heddle.test/s/abc": "direct",
        "=cmd|calc": "direct",
        "": "direct",
        "http://[": "direct",
        "a" * 300: "direct",
    }
    for referrer in sent:
        await (await open_page(talk.slug)).watch((0, 9), referrer=referrer)
    counted = {one["name"]: one["views"] for one in (await talk.report())["referrers"]}
    assert counted == {"direct": 5, "news.example.org": 1, "blog.example.org": 1}
