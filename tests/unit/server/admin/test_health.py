"""How the server is, for whoever runs it."""

from pathlib import Path

import httpx
import pytest
import structlog
from fastapi.routing import APIRoute

from server.admin import disk
from server.admin.api import ROUTERS
from server.admin.disk import Area
from server.identity.scopes import Scope
from server.logging import RECENT
from server.wiring import Services
from tests.unit.server.identity.test_scopes import needed

URL = "/api/v1/admin/health"


async def test_the_report_has_what_explains_a_slow_server(
    owner: httpx.AsyncClient, services: Services
) -> None:
    await services.blobs.append("recordings/abc/source.mp4", 0, b"12345")
    answer = await owner.get(URL)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["standing"], said["reasons"]) == ("ok", [])
    assert {one["what"] for one in said["checks"]} >= {"database", "storage", "disk"}
    assert said["database"]["kind"] in ("SQLite", "PostgreSQL")
    assert said["database"]["sizeBytes"] > 0
    assert said["database"]["migration"] == said["database"]["newestMigration"]
    assert {one["area"]: one["bytes"] for one in said["disk"]["areas"]}["originals"] == 5
    assert [one["lane"] for one in said["lanes"]] == ["short", "long", "speech", "live", "spare"]
    assert {one["name"] for one in said["queues"]} == {"jobs", "events", "webhooks", "mail"}
    assert said["rateLimits"] == {"countedIn": "memory", "reachable": True}
    assert said["encoders"]["wanted"] == "auto"
    assert said["speech"]["hint"], "without a model it says what to do"


async def test_ready_and_the_report_agree(
    owner: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.dispatcher, "_task", None)
    assert (await owner.get("/health/ready")).status_code == 503
    said = (await owner.get(URL)).json()
    assert said["standing"] == "failing"
    assert [one["detail"] for one in said["reasons"]] == ["the event dispatcher has stopped"]
    monkeypatch.undo()


async def test_the_last_errors_are_told_without_their_tracebacks(owner: httpx.AsyncClient) -> None:
    try:
        raise ValueError("of this test")
    except ValueError:
        structlog.get_logger("test").exception("something_broke", part="the test")
    assert RECENT.all()[0].event == "something_broke"
    first = (await owner.get(URL)).json()["errors"][0]
    assert (first["event"], first["detail"]) == ("something_broke", "part=the test ValueError: of this test")


async def test_a_member_is_told_that_it_is_not_for_them(
    ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    for method, path in (("GET", "health"), ("GET", "dead-letters/jobs"), ("POST", "health/examination")):
        refused = await ann.request(method, f"/api/v1/admin/{path}")
        assert (refused.status_code, refused.json()["code"]) == (403, "owner_only")
        assert (await client.request(method, f"/api/v1/admin/{path}")).status_code == 401


def test_every_route_of_administration_asks_for_an_owner() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    assert len(routes) > 30
    assert [route.path for route in routes if [*needed(route.dependant)] != [{Scope.ADMIN}]] == []


@pytest.mark.parametrize(
    ("parts", "area"),
    [
        (("source.mp4",), Area.ORIGINALS),
        (("720p.mp4",), Area.RENDITIONS),
        (("pieces", "0-720p.mp4"), Area.RENDITIONS),
        (("poster.jpg",), Area.PICTURES),
        (("audio.m4a",), Area.SOUND),
        (("waveform.json",), Area.OTHER),
    ],
)
def test_files_are_counted_by_what_they_are_for(parts: tuple[str, ...], area: Area) -> None:
    assert disk.area_of(parts) is area


def test_links_are_not_followed_and_what_vanishes_is_no_error(tmp_path: Path) -> None:
    media = tmp_path / "media"
    (media / "recordings" / "a").mkdir(parents=True)
    (media / "recordings" / "a" / "source.mp4").write_bytes(b"123")
    (tmp_path / "outside").mkdir()
    (media / "recordings" / "b").symlink_to(tmp_path / "outside")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "x.zip").write_bytes(b"12")
    found = disk.look(tmp_path, media)
    assert found.areas[Area.ORIGINALS].bytes == 3
    assert found.areas[Area.EXPORTS].bytes == 2
    assert disk.look(tmp_path / "nowhere", tmp_path / "nowhere" / "media").folders == {}
