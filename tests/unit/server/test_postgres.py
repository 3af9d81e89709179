"""The server on PostgreSQL where it is not as on SQLite: a database that is away, values it does not take."""

import asyncio
import json
import uuid

import httpx

from server import doctor
from server.config import Settings
from server.db import now
from server.identity.native.api import DEVICE_GRANT
from server.wiring import Services
from tests.support.databases import on_postgres
from tests.support.postgres import Cluster


async def until(client: httpx.AsyncClient, path: str, status: int) -> httpx.Response:
    async with asyncio.timeout(30):
        while (answer := await client.get(path)).status_code != status:  # noqa: ASYNC110 (nothing to wait on)
            await asyncio.sleep(0.05)
    return answer


@on_postgres
async def test_a_database_that_is_away_is_said_and_comes_back(
    ann: httpx.AsyncClient, postgres: Cluster
) -> None:
    made = await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Kept"})
    assert made.status_code == 201
    await asyncio.to_thread(postgres.stop)
    try:
        away = await until(ann, "/api/v1/recordings", 503)
        assert (away.json()["code"], away.headers["retry-after"]) == ("unavailable", "2")
        refused = await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Lost"})
        assert refused.status_code == 503
        ready = await ann.get("/health/ready")
        assert ready.json()["checks"]["database"]["ok"] is False
    finally:
        await asyncio.to_thread(postgres.start)
    back = await until(ann, "/api/v1/recordings", 200)
    assert [one["title"] for one in back.json()["data"]] == ["Kept"]
    await until(ann, "/health/ready", 200)


@on_postgres
async def test_what_no_column_takes_is_a_clear_4xx(ann: httpx.AsyncClient) -> None:
    for title in ("nul\0byte", "half a pair \ud83d", "x" * 300):
        body = json.dumps({"recordingType": "screen", "title": title})  # httpx would not escape
        answer = await ann.post(
            "/api/v1/recordings", content=body, headers={"Content-Type": "application/json"}
        )
        assert 400 <= answer.status_code < 423, (title, answer.text)
    settings = {"recordingType": "screen", "settings": {"a": "\0"}}
    assert 400 <= (await ann.post("/api/v1/recordings", json=settings)).status_code < 423
    for path in ("/api/v1/recordings/%00", "/share/%00", "/api/v1/uploads/%00"):
        assert 400 <= (await ann.get(path)).status_code < 423, path
    assert (await ann.get("/api/v1/recordings")).json()["data"] == []


@on_postgres
async def test_the_doctor_says_what_it_found(settings: Settings) -> None:
    found = await asyncio.to_thread(doctor.examine, settings)
    (database,) = [one for one in found if one.what == "PostgreSQL"]
    assert database.ok
    assert "pg_trgm" in database.detail
    away = settings.model_copy(update={"database_url": "postgresql://u:secret@/x?host=/nowhere"})
    (database,) = [one for one in await asyncio.to_thread(doctor.examine, away) if one.what == "PostgreSQL"]
    assert not database.ok
    assert "secret" not in database.detail


@on_postgres
async def test_talk_webhooks_figures_and_programs_wait_for_nobody_elses_transaction(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services
) -> None:
    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    url, slug = f"/api/v1/recordings/{made['id']}", made["shareUrl"].rpartition("/")[2]
    hook = {"url": "https://hooks.example.org/"}
    event = {
        "id": str(uuid.uuid4()),
        "type": "stream_progress",
        "slug": slug,
        "sessionId": str(uuid.uuid4()),
        "at": now().isoformat(),
        "position": 5,
        "watched": [[0, 5]],
    }
    watching = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0"}
    async with asyncio.timeout(30), services.db.write("somebody else's recording"):
        said = (await ann.post(f"{url}/comments", json={"body": "Nice"})).json()
        await ann.patch(f"/api/v1/comments/{said['id']}", json={"body": "Very nice"})
        await ann.post(f"/api/v1/comments/{said['id']}/resolve")
        reacted = await ann.post(f"{url}/reactions", json={"emoji": "\U0001f44d", "time": 0})
        assert reacted.status_code == 201, reacted.text
        assert (await ann.delete(f"/api/v1/comments/{said['id']}")).status_code == 204
        held = (await ann.post("/api/v1/webhooks", json=hook)).json()
        assert (await ann.put(f"/api/v1/webhooks/{held['id']}", json={"active": False})).status_code == 200
        assert (await ann.delete(f"/api/v1/webhooks/{held['id']}")).status_code == 204
        begun = (await bob.post("/oauth/device/code", data={"client_id": "heddle"})).json()
        device = {"grant_type": DEVICE_GRANT, "device_code": begun["device_code"], "client_id": "heddle"}
        assert (await bob.post("/oauth/token", data=device)).json()["error"] == "authorization_pending"
        told = await bob.post("/api/v1/analytics/events", json={"events": [event]}, headers=watching)
        assert told.json() == {"accepted": 1}
