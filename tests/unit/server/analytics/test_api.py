"""Players tell what was watched, owners read what it came to, and nobody else does either."""

import csv
import io
import json
import uuid
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from server.analytics import api
from server.analytics.models import EventRow
from server.analytics.tables import safe
from server.bus import Event
from server.config import Settings
from server.identity.workspaces.models import MemberRow
from server.limits.rules import Rule
from server.outbox import OutboxRow
from server.wiring import Services
from tests.unit.server.analytics.conftest import CHROME, EVENTS, MakeTalk, OpenPage, Talk, event

AGENT = {"User-Agent": CHROME}


async def post(client: httpx.AsyncClient, *events: Any, **headers: str) -> httpx.Response:
    return await client.post(EVENTS, json={"events": list(events)}, headers={**AGENT, **headers})


async def test_an_event_counts_once_however_often_it_is_sent(
    services: Services, talk: Talk, client: httpx.AsyncClient
) -> None:
    told: list[Event] = []

    async def hear(heard: Event) -> None:
        told.append(heard)

    services.bus.subscribe(hear, ["video.viewed"])
    one, two = event(talk.slug, (0, 5)), event(talk.slug, (5, 8))
    for events in ([one], [one, two, one], [two], [one, two]):
        answer = await post(client, *events)
        assert (answer.status_code, answer.json()) == (202, {"accepted": len(events)})
    report = await talk.report()
    assert (report["views"], report["watchSeconds"]) == (2, 8.0)
    await services.dispatcher.stop()  # delivers what is ready
    assert [one.recording_id for one in told] == [talk.id, talk.id]
    assert set(told[0].data) == {"recordingId", "viewId", "viewedAt", "byOwner"}
    assert len({one.data["viewId"] for one in told}) == 2


async def test_a_view_is_told_once_while_its_session_goes_on(
    services: Services, talk: Talk, open_page: OpenPage
) -> None:
    page = await open_page(talk.slug)
    for start in range(0, 10, 2):
        await page.watch((start, start + 2))
    async with services.db.read() as session:
        rows = (await session.scalars(select(OutboxRow).where(OutboxRow.type == "video.viewed"))).all()
    me = (await talk.owner.get("/api/v1/me")).json()["id"]
    assert [(row.recording_id, row.user_id) for row in rows] == [(talk.id, me)]


async def test_beacons_come_as_plain_text_too(talk: Talk, client: httpx.AsyncClient) -> None:
    body = json.dumps({"events": [event(talk.slug, (0, 9))]})
    for kind in ("text/plain;charset=UTF-8", "application/json"):
        answer = await client.post(EVENTS, content=body, headers={**AGENT, "Content-Type": kind})
        assert answer.status_code == 202
    assert (await talk.report())["views"] == 1


async def test_other_content_is_refused(talk: Talk, client: httpx.AsyncClient) -> None:
    answer = await client.post(
        EVENTS, content=b"x=1", headers={**AGENT, "Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type")


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in event("slug", (0, 1)).items() if key != name}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"events": []}',
        b'{"events": [1]}',
        json.dumps({"events": [event("slug", (0, 1))] * 51}).encode(),
        json.dumps({"events": [_without("slug")]}).encode(),
        json.dumps({"events": [_without("id")]}).encode(),
        json.dumps({"events": [_without("sessionId")]}).encode(),
        json.dumps({"events": [event("slug", (0, 1), at="yesterday")]}).encode(),
        json.dumps({"events": [event("slug", (0, 1), at="2026-01-01T00:00:00")]}).encode(),
        json.dumps({"events": [event("slug", (-1, 1))]}).encode(),
        json.dumps({"events": [event("slug", (0, float("inf")))]}).encode(),
        json.dumps({"events": [event("slug", *[(0, 1)] * 51)]}).encode(),
        json.dumps({"events": [event("slug", (0, 1), type="video_finished")]}).encode(),
        json.dumps({"events": [event("slug", (0, 1), rebuffers=-1)]}).encode(),
        json.dumps({"events": [event("slug", (0, 1), viewerId="ada")]}).encode(),
    ],
)
async def test_what_makes_no_sense_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(EVENTS, content=body, headers={**AGENT, "Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), answer.text


async def test_too_much_at_once_is_refused(client: httpx.AsyncClient) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 1024

    for content in (b" " * (64 * 1024 + 1), endless()):
        answer = await client.post(EVENTS, content=content, headers={**AGENT, "Content-Type": "text/plain"})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_only_who_may_watch_can_tell(
    talk: Talk, ann: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    for teller, about in ((client, "nothing"), (client, talk.id), (bob, talk.id), (bob, str(uuid.uuid4()))):
        answer = await post(teller, event(about, (0, 9)))
        assert (answer.status_code, answer.json()["code"]) == (404, "recording_not_found")
    await ann.put(f"/api/v1/recordings/{talk.id}", json={"shared": False})
    assert (await post(client, event(talk.slug, (0, 9)))).status_code == 404
    assert (await talk.report())["starts"] == 0


async def test_of_several_recordings_those_one_may_watch_are_taken(
    talk: Talk, bob: httpx.AsyncClient
) -> None:
    answer = await post(bob, event("nothing", (0, 9)), event(talk.slug, (0, 9)), event(talk.id, (0, 9)))
    assert answer.json() == {"accepted": 1}


async def test_a_token_that_is_over_is_said(talk: Talk, client: httpx.AsyncClient) -> None:
    answer = await post(client, event(talk.slug, (0, 9)), Authorization="Bearer hdl_nothing")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_an_owner_is_no_viewer(talk: Talk, ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    assert (await post(ann, event(talk.slug, (0, 9)), event(talk.id, (0, 9)))).json() == {"accepted": 0}
    assert (await post(bob, event(talk.slug, (0, 9)))).json() == {"accepted": 1}
    assert (await talk.report())["views"] == 1


class TestOwnersCount:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"analytics_owner_views": True, "analytics_view_s": 6})

    async def test_by_setting(self, talk: Talk, ann: httpx.AsyncClient) -> None:
        assert (await post(ann, event(talk.id, (0, 5)), event(talk.id, (0, 6)))).json() == {"accepted": 2}
        report = await talk.report()
        assert (report["starts"], report["views"]) == (2, 1), "six seconds are asked for here"


async def test_one_address_cannot_tell_without_end(
    talk: Talk, open_page: OpenPage, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "EVENTS", Rule("events of players", window_s=60, limit=3))
    page, other = await open_page(talk.slug), await open_page(talk.slug, address="203.0.113.99")
    assert await page.send(event(talk.slug), event(talk.slug), event(talk.slug)) == 3
    answer = await page.client.post(EVENTS, json={"events": [event(talk.slug)]})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("3", "0")
    counted = services.limits._counters.storage.events  # type: ignore[attr-defined]  # the one in memory
    assert not any("203.0.113" in name for name in counted), "an address is kept nowhere"
    assert await other.send(event(talk.slug)) == 1


async def test_asking_for_a_stream_is_noted_once_an_hour(
    services: Services, talk: Talk, open_page: OpenPage
) -> None:
    for _ in range(3):
        assert (await talk.owner.get(f"/api/v1/streams/{talk.id}", headers=AGENT)).status_code == 200
    services.analytics._noted.clear()  # as after a restart
    await talk.owner.get(f"/api/v1/streams/{talk.id}", headers=AGENT)
    await (await open_page(talk.slug)).watch((0, 1))  # what was noted before this is stored by now
    me = (await talk.owner.get("/api/v1/me")).json()["id"]
    async with services.db.read() as session:
        rows = (await session.scalars(select(EventRow).where(EventRow.watching_id.is_(None)))).all()
    assert [(row.type, row.recording_id, row.user_id) for row in rows] == [("stream_start", talk.id, me)]
    assert rows[0].client == {"device": "desktop", "browser": "Chrome", "system": "Linux", "country": None}
    report = await talk.report()
    assert (report["streamStarts"], report["starts"], report["views"]) == (1, 1, 0)


async def test_only_the_owner_reads(talk: Talk, bob: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    for path in (f"/api/v1/recordings/{talk.id}/analytics", f"/api/v1/recordings/{talk.id}/analytics.csv"):
        assert (await bob.get(path)).status_code == 404
        assert (await client.get(path)).status_code == 401
    assert (await client.get("/api/v1/analytics")).status_code == 401
    assert (await bob.get("/api/v1/analytics")).json()["data"] == []


@pytest.mark.parametrize(
    "days",
    [
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"from": "2020-01-01", "to": "2026-01-01"},
        {"from": "x"},
        {"to": "2026-13-01"},
    ],
)
async def test_a_range_must_be_one(talk: Talk, days: dict[str, str]) -> None:
    for path in (f"/api/v1/recordings/{talk.id}/analytics", "/api/v1/analytics"):
        answer = await talk.owner.get(path, params=days)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_what_nobody_watched_has_figures_too(talk: Talk) -> None:
    report = await talk.report()
    assert (report["views"], report["averageWatched"], report["completionRate"]) == (0, None, None)
    assert len(report["days"]) == 30
    assert report["retention"] == report["rewatches"] == [0.0] * 100
    assert report["drops"] == report["referrers"] == []
    assert (await talk.report(**{"from": "0001-01-01", "to": "0001-01-01"}))["views"] == 0
    assert (await talk.report(to="9999-12-31"))["views"] == 0


async def test_tables_are_csv(talk: Talk, open_page: OpenPage) -> None:
    page = await open_page(talk.slug)
    await page.watch((0, 9), quality="1080p", referrer="news.example.org")
    url = f"/api/v1/recordings/{talk.id}/analytics.csv"
    tables = {}
    for kind in ("days", "names", "curves"):
        answer = await talk.owner.get(url, params={"table": kind})
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''A%20talk-")
        tables[kind] = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert tables["days"][-1][1:6] == ["1", "1", "1", "9.0", "0"]
    assert ["referrers", "news.example.org", "1", ""] in tables["names"]
    assert ["qualities", "1080p", "", "9.0"] in tables["names"]
    assert len(tables["curves"]) == 101
    assert tables["curves"][1] == ["0.0", "1.0", "0.0", "0"]
    assert (await talk.owner.get(url, params={"table": "x"})).status_code == 400


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_other_cells_are_as_they_are() -> None:
    assert [safe(one) for one in ("a=1", "", -1, 2.5)] == ["a=1", "", -1, 2.5]


async def test_lists_of_recordings_say_how_often_they_were_viewed(
    make_talk: MakeTalk, ann: httpx.AsyncClient, open_page: OpenPage
) -> None:
    one, two = await make_talk(), await make_talk("Another")
    for _ in range(2):
        await (await open_page(one.slug)).watch((0, 9))
    listed = (await ann.get("/api/v1/recordings")).json()["data"]
    assert {made["id"]: made["viewCount"] for made in listed} == {one.id: 2, two.id: 0}
    assert (await ann.get(f"/api/v1/recordings/{one.id}")).json()["viewCount"] == 2


async def test_an_overview_has_the_most_watched_first(
    make_talk: MakeTalk, ann: httpx.AsyncClient, bob: httpx.AsyncClient, open_page: OpenPage
) -> None:
    one, two, _three = await make_talk("One"), await make_talk("Two"), await make_talk("Three")
    await (await open_page(one.slug)).watch((0, 9))
    for address in ("203.0.113.1", "203.0.113.2"):
        await (await open_page(two.slug, address=address)).watch((0, 5))
    found = (await ann.get("/api/v1/analytics")).json()
    assert [(row["title"], row["views"], row["uniqueViewers"]) for row in found["data"]] == [
        ("Two", 2, 2),
        ("One", 1, 1),
    ]
    assert found["data"][0]["averageWatched"] == 0.5
    assert (found["total"]["views"], found["total"]["watchSeconds"]) == (3, 19.0)
    assert found["days"][-1]["views"] == 3
    assert found["pagination"]["totalElements"] == 2
    await ann.delete(f"/api/v1/recordings/{two.id}")
    trashed = (await ann.get("/api/v1/analytics")).json()
    assert ([row["title"] for row in trashed["data"]], trashed["total"]["views"]) == (["One"], 1)
    await ann.post(f"/api/v1/recordings/{two.id}/restore")
    second = (await ann.get("/api/v1/analytics", params={"size": 1, "page": 1})).json()
    assert [row["title"] for row in second["data"]] == ["One"]
    assert (await bob.get("/api/v1/analytics")).json()["total"]["views"] == 0


async def test_an_overview_has_what_lies_where_one_may_see_it(
    make_talk: MakeTalk,
    ann: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    open_page: OpenPage,
    services: Services,
) -> None:
    team = (await bob.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    anns_id = (await ann.get("/api/v1/me")).json()["id"]
    async with services.db.write() as session:
        session.add(MemberRow(workspace_id=team, user_id=anns_id, role="member"))
    talk = await make_talk("Moved")
    await (await open_page(talk.slug)).watch((0, 9))
    assert (
        await ann.post(f"/api/v1/recordings/{talk.id}/move", json={"workspaceId": team})
    ).status_code == 200
    assert (await ann.get("/api/v1/analytics")).json()["total"]["views"] == 1
    assert (await bob.get("/api/v1/analytics")).json()["total"]["views"] == 0, "made by somebody else"
    assert (await ann.post(f"/api/v1/workspaces/{team}/leave")).status_code == 204
    assert (await ann.get("/api/v1/analytics")).json()["total"]["views"] == 0
