"""Several people watch a talk of a hundred seconds, and its owner sees what they did."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from server import cli
from server.analytics.rebuilding import rebuild
from server.config import Settings
from server.wiring import Services
from tests.unit.server.analytics.conftest import CHROME, FIREFOX, IPHONE, MakeTalk, OpenPage, Talk

MINUTE_AND_MORE = 100.0


async def test_several_people_watch_a_talk(
    make_talk: MakeTalk, open_page: OpenPage, ann: httpx.AsyncClient, set_clock: Callable[[str], None]
) -> None:
    talk = await make_talk(seconds=MINUTE_AND_MORE)
    set_clock("2026-03-01T09:00:00+00:00")

    # Ada sees all of it, on a line that gets worse, and the middle once more.
    ada = await open_page(talk.slug, CHROME, "203.0.113.1")
    await ada.watch(type="stream_start", referrer="chat.example.org")
    await ada.watch((0, 40), quality="1080p")
    await ada.watch((40, 100), quality="480p", qualitySwitches=2, rebuffers=1, rebufferMs=1500)
    await ada.watch((40, 60), quality="480p", type="stream_end")
    # She opens it once more and leaves at once.
    await ada.again().watch((0, 2))

    # Ben looks at half of it on his phone, in two sittings on two days; his browser keeps an id.
    ben = {"viewerId": "5b0f9b1c-7d3e-4c52-9f6e-0d8f7c2a1b3d"}
    await (await open_page(talk.slug, IPHONE, "203.0.113.2")).watch((0, 30), **ben)
    set_clock("2026-03-02T09:00:00+00:00")
    await (await open_page(talk.slug, IPHONE, "198.51.100.9")).watch((0, 50), **ben)

    # Cleo's browser forgets, Dan asks not to be tracked, a machine reads along, and ann watches herself.
    await (await open_page(talk.slug, FIREFOX, "203.0.113.3")).watch((0, 50), referrer="chat.example.org")
    await (await open_page(talk.slug, FIREFOX, "203.0.113.4", DNT="1")).watch((0, 100))
    await (await open_page(talk.slug, "Googlebot/2.1", "203.0.113.5")).watch((0, 100))

    report = await talk.report(**{"from": "2026-03-01", "to": "2026-03-02"})
    assert (report["views"], report["uniqueViewers"], report["starts"]) == (4, 3, 5)
    assert report["watchSeconds"] == 120 + 30 + 50 + 50
    assert (report["completions"], report["completionRate"]) == (1, 0.25)
    assert report["averageWatched"] == pytest.approx((100 + 30 + 50 + 50) / 400)
    assert report["averageWatchSeconds"] == 62.5
    assert report["retention"] == [1.0] * 30 + [0.75] * 20 + [0.25] * 50
    assert report["rewatches"] == [0.0] * 40 + [1.0] * 20 + [0.0] * 40
    assert report["drops"] == [{"at": 49.0, "views": 2}, {"at": 29.0, "views": 1}]
    assert report["dropOff"][99] == 1
    assert report["referrers"] == [{"name": "chat.example.org", "views": 2}, {"name": "direct", "views": 2}]
    assert report["devices"] == [{"name": "desktop", "views": 2}, {"name": "mobile", "views": 2}]
    assert report["browsers"] == [
        {"name": "Safari", "views": 2},
        {"name": "Chrome", "views": 1},
        {"name": "Firefox", "views": 1},
    ]
    assert report["qualities"] == [{"name": "480p", "seconds": 80.0}, {"name": "1080p", "seconds": 40.0}]
    assert (report["qualitySwitches"], report["rebuffers"], report["rebufferSeconds"]) == (2, 1, 1.5)
    assert [(day["date"], day["views"], day["uniqueViewers"]) for day in report["days"]] == [
        ("2026-03-01", 2, 2),
        ("2026-03-02", 2, 2),
    ]
    first = await talk.report(**{"from": "2026-03-01", "to": "2026-03-01"})
    assert (first["views"], first["uniqueViewers"], first["watchSeconds"]) == (2, 2, 150)


async def test_a_session_over_midnight_belongs_to_the_day_it_began(
    talk: Talk, open_page: OpenPage, set_clock: Callable[[str], None]
) -> None:
    set_clock("2026-03-01T23:59:59+00:00")
    page = await open_page(talk.slug)
    await page.watch((0, 2))
    set_clock("2026-03-02T00:00:09+00:00")
    await page.watch((2, 10))
    report = await talk.report(**{"from": "2026-03-01", "to": "2026-03-02"})
    assert [(day["views"], day["completions"]) for day in report["days"]] == [(1, 1), (0, 0)]


async def test_what_was_watched_live_gets_its_places_when_the_length_is_known(
    make_talk: MakeTalk, open_page: OpenPage, services: Services
) -> None:
    live = await make_talk(seconds=None)
    watcher, stayer = await open_page(live.slug), await open_page(live.slug, FIREFOX)
    await watcher.watch((0, 5))
    await stayer.watch((0, 5))
    report = await live.report()
    assert (report["views"], report["watchSeconds"], report["averageWatched"]) == (2, 10.0, None)
    assert report["retention"] == [0.0] * 100
    await services.recordings.measured(live.id, 10.0)
    await stayer.watch((5, 10))  # the page goes on after the end
    await services.recordings.upload_completed(live.id, 1, "0" * 64, 10.0)
    await services.dispatcher.stop()
    report = await live.report()
    assert (report["views"], report["uniqueViewers"], report["averageWatched"]) == (2, 2, 0.75)
    assert report["retention"] == [1.0] * 50 + [0.5] * 50


async def test_figures_counted_anew_are_the_same(
    make_talk: MakeTalk, open_page: OpenPage, services: Services, settings: Settings
) -> None:
    talks = [await make_talk(f"Talk {number}") for number in range(2)]
    for talk in talks:
        for address in ("203.0.113.1", "203.0.113.2", "203.0.113.2"):
            page = await open_page(talk.slug, address=address)
            await page.watch((0, 4), (2, 6), quality="720p")
            await page.watch((1, 9), rebuffers=1, rebufferMs=20)
        await talk.owner.get(f"/api/v1/streams/{talk.id}")
    await (await open_page(talks[0].slug)).watch((0, 1))
    before = [await talk.report() for talk in talks]
    listed = (await talks[0].owner.get("/api/v1/recordings")).json()
    async with services.db.write() as session:
        await session.execute(text("UPDATE analytics_days SET views = 77, retention = '[]'"))
        await session.execute(text("DELETE FROM analytics_totals"))
        await session.execute(
            text("UPDATE analytics_sessions SET watch_ms = 5, seen = '[]', viewed_at = NULL")
        )
    rebuild = ["analytics", "rebuild", "--data", str(settings.data)]
    env = {"HEDDLE_DATABASE_URL": settings.database_url}
    done = await asyncio.to_thread(CliRunner().invoke, cli.app, rebuild, env=env)
    assert (done.exception, done.output) == (None, "The figures of 2 recordings were counted anew.\n")
    assert [await talk.report() for talk in talks] == before
    assert (await talks[0].owner.get("/api/v1/recordings")).json() == listed


async def test_counting_anew_leaves_days_alone_whose_events_are_gone(
    talk: Talk, open_page: OpenPage, services: Services, settings: Settings, set_clock: Callable[[str], None]
) -> None:
    for month in ("01", "06"):
        set_clock(f"2026-{month}-01T12:00:00+00:00")
        await (await open_page(talk.slug)).watch((0, 9))
    await services.analytics.sweep()
    whole = {"from": "2026-01-01", "to": "2026-07-01"}
    before = await talk.report(**whole)
    assert before["views"] == 2
    assert await rebuild(settings) == 1
    assert await talk.report(**whole) == before
