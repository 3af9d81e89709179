"""The trash: out of sight at once, to be had back for a while, then gone. And workspaces with retention."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from server.db import now
from server.recordings.models import RecordingRow
from server.recordings.tasks import Janitor
from server.wiring import Services

URL = "/api/v1/recordings"


async def start(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    return dict((await client.post(URL, json={"recordingType": "screen", **fields})).json())


async def age(services: Services, days: float, column: str) -> None:
    async with services.db.write() as session:
        await session.execute(update(RecordingRow).values({column: now() - timedelta(days=days)}))


@pytest.fixture
def janitor(services: Services) -> Janitor:
    return Janitor(services.recordings, services.workspaces, trash_days=30)


async def listed(client: httpx.AsyncClient, path: str = "") -> list[str]:
    return [one["id"] for one in (await client.get(URL + path)).json()["data"]]


async def test_what_is_deleted_is_nowhere_but_in_the_trash_and_comes_back_whole(
    ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    made = await start(ann, title="Precious")
    url, slug = f"{URL}/{made['id']}", made["shareUrl"].rpartition("/")[2]
    assert (await client.get(f"/api/v1/shares/{slug}")).status_code == 200
    assert (await ann.delete(url)).status_code == 204
    for path in (url, f"/api/v1/streams/{made['id']}", f"{url}/transcript"):
        assert (await ann.get(path)).status_code == 404
    assert (await ann.put(url, json={"title": "x"})).status_code == 404
    assert (await ann.delete(url)).status_code == 404
    assert (await client.get(f"/api/v1/shares/{slug}")).status_code == 404
    assert (await client.get(f"/s/{slug}")).status_code == 404
    assert await listed(ann) == []
    (trashed,) = (await ann.get(f"{URL}/trash")).json()["data"]
    assert (trashed["id"], trashed["title"]) == (made["id"], "Precious")
    assert trashed["deletedAt"]
    back = await ann.post(f"{url}/restore")
    assert back.json() == made | {"updatedAt": back.json()["updatedAt"]}
    assert await listed(ann) == [made["id"]]
    assert await listed(ann, "/trash") == []
    assert (await client.get(f"/api/v1/shares/{slug}")).status_code == 200
    assert (await ann.post(f"{url}/restore")).status_code == 404


async def test_work_that_was_begun_goes_on_in_the_trash(ann: httpx.AsyncClient, services: Services) -> None:
    made = await start(ann)
    await services.recordings.bytes_arrived(made["id"])
    await ann.delete(f"{URL}/{made['id']}")
    await services.recordings.upload_completed(made["id"], 10, "ab" * 32, 1.0)
    await services.recordings.completed(made["id"])
    back = (await ann.post(f"{URL}/{made['id']}/restore")).json()
    assert (back["status"], back["duration"]) == ("completed", 1.0)


async def test_the_trash_of_others_is_theirs(ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await start(ann)
    await ann.delete(f"{URL}/{made['id']}")
    assert await listed(bob, "/trash") == []
    assert (await bob.post(f"{URL}/{made['id']}/restore")).status_code == 404
    assert (await bob.delete(f"{URL}/{made['id']}?permanent=true")).status_code == 404


async def test_after_its_time_it_is_gone_for_good(
    ann: httpx.AsyncClient, services: Services, janitor: Janitor
) -> None:
    made = await start(ann)
    await services.blobs.append(f"recordings/{made['id']}/source.mp4", 0, b"bytes")
    await ann.delete(f"{URL}/{made['id']}")
    await age(services, 29.9, "deleted_at")
    await janitor.clean()
    assert await listed(ann, "/trash") == [made["id"]]
    await age(services, 30.1, "deleted_at")
    await janitor.clean()
    await janitor.clean()
    assert await listed(ann, "/trash") == []
    assert await services.recordings.find(made["id"]) is None
    assert await services.blobs.size(f"recordings/{made['id']}/source.mp4") is None


async def test_a_workspace_keeps_for_as_long_as_it_says(
    ann: httpx.AsyncClient, services: Services, janitor: Janitor
) -> None:
    team = (await ann.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    here, there = await start(ann, workspaceId=team), await start(ann)
    await ann.patch(f"/api/v1/workspaces/{team}", json={"retentionDays": 7})
    await age(services, 6.9, "created_at")
    await janitor.clean()
    assert set(await listed(ann)) == {here["id"], there["id"]}
    await age(services, 7.1, "created_at")
    await janitor.clean()
    assert await listed(ann) == [there["id"]]
    assert await listed(ann, "/trash") == [here["id"]]


async def test_a_recording_moves_to_another_workspace_with_its_link(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    team = (await ann.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    foreign = (await bob.get("/api/v1/workspaces")).json()["data"][0]["id"]
    made = await start(ann)
    url = f"{URL}/{made['id']}/move"
    moved = (await ann.post(url, json={"workspaceId": team})).json()
    assert (moved["workspaceId"], moved["shareUrl"]) == (team, made["shareUrl"])
    assert await listed(ann, f"?workspaceId={team}") == [made["id"]]
    assert await listed(ann, f"?workspaceId={made['workspaceId']}") == []
    assert await listed(ann) == [made["id"]]
    refused = await ann.post(url, json={"workspaceId": foreign})
    assert (refused.status_code, refused.json()["code"]) == (404, "workspace_not_found")
    assert (await ann.get(URL, params={"workspaceId": foreign})).status_code == 404
