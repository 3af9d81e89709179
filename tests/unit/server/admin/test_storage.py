"""What takes the space, and what lies there for nothing; workspaces whose owners are gone."""

import os
import time
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from server.admin.settings import HIDDEN, without_secrets
from server.db import new_id
from server.identity.accounts.models import AuditRow
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.people import change_user

ADMIN = "/api/v1/admin"
FILM = b"a film, as far as this test is concerned"


async def id_of(client: httpx.AsyncClient) -> str:
    return str((await client.get("/api/v1/me")).json()["id"])


async def record(client: httpx.AsyncClient, services: Services, times: int = 1, **fields: Any) -> str:
    body = {"recordingType": "screen", "title": "A take", **fields}
    recording_id = str((await client.post("/api/v1/recordings", json=body)).json()["id"])
    await services.blobs.append(f"recordings/{recording_id}/source.mp4", 0, FILM * times)
    await services.recordings.bytes_arrived(recording_id)
    await services.recordings.upload_completed(recording_id, len(FILM) * times, "ab" * 32, 1.0)
    return recording_id


def grow_old(path: Path) -> None:
    long_ago = time.time() - 7200
    for one in (*path.rglob("*"), path):
        os.utime(one, (long_ago, long_ago))


@both_databases
async def test_who_and_what_takes_the_space(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services
) -> None:
    large, small = await record(ann, services, 5), await record(bob, services)
    await bob.delete(f"/api/v1/recordings/{small}")
    told = (await owner.get(f"{ADMIN}/storage")).json()
    size = len(FILM)
    assert (told["recordings"]["recordings"], told["recordings"]["bytes"]) == (2, 6 * size)
    assert told["recordings"]["seconds"] == 2.0
    assert (told["trash"]["recordings"], told["trash"]["bytes"], told["trashDays"]) == (1, size, 30)
    assert told["trash"]["nextErasedAt"] > told["trash"]["oldest"]
    areas = {one["area"]: one["bytes"] for one in told["disk"]["areas"]}
    assert areas["originals"] == 6 * size
    people = (await owner.get(f"{ADMIN}/storage/shares/person")).json()
    assert [(one["name"], one["bytes"]) for one in people["data"]] == [("ann", 5 * size), ("bob", size)]
    assert people["pagination"]["totalElements"] == 2
    places = (await owner.get(f"{ADMIN}/storage/shares/workspace", params={"size": 1})).json()
    assert [one["name"] for one in places["data"]] == ["Personal"]
    largest = (await owner.get(f"{ADMIN}/storage/largest")).json()["data"]
    assert [(one["id"], one["deletedAt"] is None) for one in largest] == [(large, True), (small, False)]


async def test_orphans_are_shown_before_they_go_and_nothing_else_goes(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    kept, lost, young = await record(ann, services), new_id(), new_id()
    media = services.settings.media_root
    for name in (lost, young):
        await services.blobs.append(f"recordings/{name}/source.mp4", 0, FILM)
    await services.blobs.append(f"avatars/{'ab' * 16}.webp", 0, b"picture")
    for path in (media / "recordings" / lost, media / "recordings" / kept, media / "avatars"):
        grow_old(path)
    url = f"{ADMIN}/storage/orphans"
    found = (await owner.get(url)).json()
    assert [one["key"] for one in found["data"]] == [f"recordings/{lost}", f"avatars/{'ab' * 16}.webp"]
    assert found["bytes"] == len(FILM) + 7
    assert (media / "recordings" / lost).exists(), "looking deletes nothing"
    for stranger in (f"recordings/{kept}", f"recordings/{young}", "../secrets.json"):
        refused = await owner.post(f"{url}/remove", json={"keys": [f"recordings/{lost}", stranger]})
        assert (refused.status_code, refused.json()["code"]) == (409, "not_an_orphan")
    assert (media / "recordings" / lost).exists(), "what is refused deletes nothing"
    done = await owner.post(f"{url}/remove", json={"keys": [one["key"] for one in found["data"]]})
    assert done.json() == {"removed": 2, "bytes": found["bytes"]}
    assert not (media / "recordings" / lost).exists()
    assert (media / "recordings" / kept / "source.mp4").read_bytes() == FILM
    assert (await owner.get(url)).json() == {"data": [], "bytes": 0}
    async with services.db.read() as session:
        acts = set(await session.scalars(select(AuditRow.act)))
    assert "storage.orphans_removed" in acts


@both_databases
async def test_a_workspace_whose_owner_is_gone_gets_another(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services
) -> None:
    team = (await ann.post("/api/v1/workspaces", json={"name": "Film team"})).json()["id"]
    ann_id, bob_id = await id_of(ann), await id_of(bob)
    url = f"{ADMIN}/workspaces"
    (found,) = (await owner.get(url, params={"q": "film"})).json()["data"]
    assert (found["kind"], found["members"], found["owners"]) == ("team", 1, ["ann@example.org"])
    refused = await owner.post(f"{url}/{team}/transfer", json={"userId": bob_id})
    assert refused.json()["code"] == "workspace_owned"
    await change_user(services, ann_id, disabled_at=services.admin.health._started_at)
    orphaned = (await owner.get(url, params={"orphaned": True, "kind": "team"})).json()["data"]
    assert [one["id"] for one in orphaned] == [team]
    done = await owner.post(f"{url}/{team}/transfer", json={"userId": bob_id})
    assert done.json()["owners"] == ["bob@example.org"]
    assert {one["username"]: one["role"] for one in done.json()["people"]} == {"ann": "admin", "bob": "owner"}
    assert (await owner.get(f"/api/v1/workspaces/{team}")).status_code == 404, (
        "an administrator stays outside"
    )


async def test_a_workspace_goes_with_what_is_in_it_only_when_that_is_said(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    team = (await ann.post("/api/v1/workspaces", json={"name": "Film team"})).json()["id"]
    held = await record(ann, services, workspaceId=team)
    url = f"{ADMIN}/workspaces/{team}"
    assert (await owner.delete(url)).json()["code"] == "workspace_not_empty"
    assert (await owner.delete(url, params={"erase": True})).status_code == 204
    assert await services.recordings.find(held) is None
    assert (await owner.get(url)).status_code == 404
    mine = (await ann.get("/api/v1/workspaces")).json()["data"][0]["id"]
    personal = f"{ADMIN}/workspaces/{mine}"
    refused = await owner.delete(personal, params={"erase": True})
    assert refused.json()["code"] == "personal_workspace"


@both_databases
async def test_the_log_is_narrowed_and_taken_along(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    ann_id = await id_of(ann)
    made = await record(ann, services)
    await ann.delete(f"/api/v1/recordings/{made}")
    await owner.post(f"{ADMIN}/users/{ann_id}/disable")

    async def acts(**query: Any) -> list[str]:
        answer = await owner.get(f"{ADMIN}/audit", params=query)
        assert answer.status_code == 200, answer.text
        return [one["act"] for one in answer.json()["data"]]

    assert await acts(act="recording") == ["recording.trashed"]
    assert await acts(act="user.disabled") == ["user.disabled"]
    assert await acts(act="user.dis") == []
    assert "user.disabled" not in await acts(actorId=ann_id)
    assert {"recording.trashed", "user.disabled"} <= set(await acts(userId=ann_id))
    assert await acts(**{"from": "2200-01-01T00:00:00Z"}) == []
    (entry,) = (await owner.get(f"{ADMIN}/audit", params={"act": "user.disabled"})).json()["data"]
    assert (entry["actor"], entry["user"]) == ("owner", "ann")
    taken = await owner.get(f"{ADMIN}/audit.csv", params={"userId": ann_id})
    assert taken.headers["content-type"].startswith("text/csv")
    head, *lines = taken.text.splitlines()
    assert head.startswith("id,at,act,actorId")
    assert any(",recording.trashed," in line for line in lines)
    assert await acts(act="audit.exported") == ["audit.exported"]


async def test_settings_are_told_with_their_source_and_without_their_secrets(
    owner: httpx.AsyncClient, services: Services
) -> None:
    data = (await owner.get(f"{ADMIN}/settings")).json()["data"]
    said = {one["name"]: one for one in data}
    assert (said["HEDDLE_TRASH_DAYS"]["value"], said["HEDDLE_TRASH_DAYS"]["source"]) == ("30", "default")
    assert said["HEDDLE_DATA"]["value"] == str(services.settings.data)
    assert said["HEDDLE_LLM_API_KEY"] == {
        "name": "HEDDLE_LLM_API_KEY",
        "value": None,
        "source": "default",
        "secret": True,
    }


def test_addresses_lose_their_passwords() -> None:
    assert (
        without_secrets("postgresql://me:hush@db/x?sslmode=on") == f"postgresql://me:{HIDDEN}@db/x?sslmode=on"
    )
    assert without_secrets("redis://:hush@host:6379/0") == f"redis://:{HIDDEN}@host:6379/0"
    assert without_secrets("https://x/?token=hush&a=1") == f"https://x/?token={HIDDEN}&a=1"
    assert without_secrets("s3://bucket/prefix") == "s3://bucket/prefix"
