"""Taking everything along, and being forgotten."""

import asyncio
import io
import json
import zipfile
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select

from server.db import Base
from server.identity.workspaces.models import MemberRow
from server.takeout import rows
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.mailbox import Mailbox
from tests.support.people import QuickHasher, change_user

ME = "/api/v1/users/me"
PASSWORD = "seven blue kettles sing"
FILM = b"a film, as far as this test is concerned"


@pytest.fixture(autouse=True)
async def passwords(services: Services, ann: httpx.AsyncClient) -> None:
    services.identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
    await change_user(services, await id_of(ann), password_hash=f"quick:{PASSWORD}")


@pytest.fixture
def mailbox(services: Services) -> Mailbox:
    return Mailbox(services.settings.data / "outbox")


async def id_of(client: httpx.AsyncClient) -> str:
    return str((await client.get(ME)).json()["id"])


async def record(client: httpx.AsyncClient, services: Services, **fields: Any) -> str:
    made = await client.post(
        "/api/v1/recordings", json={"recordingType": "screen", "title": "A take", **fields}
    )
    recording_id = str(made.json()["id"])
    await services.blobs.append(f"recordings/{recording_id}/source.mp4", 0, FILM)
    await services.recordings.bytes_arrived(recording_id)
    await services.recordings.upload_completed(recording_id, len(FILM), "ab" * 32, 1.0)
    return recording_id


async def until_done(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while (found := (await client.get(url)).json())["state"] == "pending":  # noqa: ASYNC110 (from outside)
            await asyncio.sleep(0.01)  # a task of the server's is at it
    return dict(found)


async def export(client: httpx.AsyncClient, *, media: bool) -> zipfile.ZipFile:
    asked = await client.post(f"{ME}/exports", json={"withMedia": media})
    assert asked.status_code == 202, asked.text
    url = f"{ME}/exports/{asked.json()['id']}"
    assert (await until_done(client, url))["state"] == "completed"
    answer = await client.get(f"{url}/file")
    assert answer.headers["content-type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


@pytest.mark.parametrize("media", [False, True])
async def test_an_export_has_what_is_kept_of_the_person_and_of_nobody_else(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services, media: bool
) -> None:
    mine, foreign = await record(ann, services), await record(bob, services)
    await ann.post("/api/v1/recordings/templates", json={"name": "Mine", "settings": {"frameRate": 60}})
    archive = await export(ann, media=media)
    tables = {
        name.removeprefix("data/").removesuffix(".json") for name in archive.namelist() if "data/" in name
    }
    assert {"users", "workspaces", "workspace_members", "recording_sessions", "recording_templates"} <= tables
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "ann@example.org" in everything
    assert "bob@example.org" not in everything
    assert foreign not in everything
    assert "quick:" not in everything
    (listed,) = json.loads(archive.read("media.json"))
    assert listed["id"] == mine
    assert listed["file"] == (f"media/{mine}.mp4" if media else None)
    if media:
        assert archive.read(listed["file"]) == FILM


async def test_an_export_is_for_its_person_alone_and_one_at_a_time(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services
) -> None:
    await services.takeout.clerk.rounds.stop()
    asked = await ann.post(f"{ME}/exports", json={})
    url = f"{ME}/exports/{asked.json()['id']}"
    again = await ann.post(f"{ME}/exports", json={})
    assert (again.status_code, again.json()["code"]) == (409, "export_running")
    assert (await ann.get(f"{url}/file")).status_code == 404
    await services.takeout.exports.make_next()
    assert [one["state"] for one in (await ann.get(f"{ME}/exports")).json()["data"]] == ["completed"]
    for path in (url, f"{url}/file"):
        assert (await bob.get(path)).status_code == 404
        assert (await ann.get(path)).status_code == 200
    async with services.db.write() as session:
        from server.takeout.models import ExportRow

        await session.execute(delete(ExportRow))
    await services.takeout.exports.prune()
    assert list((services.settings.data / "exports").iterdir()) == []


def test_no_column_of_an_export_holds_a_secret() -> None:
    shown = {
        column.name
        for table, _ in rows.tables()
        for column in table.columns
        if not rows._SECRET.search(column.name)
    }
    assert {"email", "title", "full_text"} <= shown
    assert not {name for name in shown if "hash" in name or "secret" in name or "token" in name} - {"sha256"}


async def erase(client: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    return await client.post(f"{ME}/erasure", json={"password": password})


@both_databases
async def test_an_erased_account_leaves_a_receipt_and_nothing_else(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, services: Services, mailbox: Mailbox
) -> None:
    anns_id = await id_of(ann)
    kept = [await record(ann, services) for _ in range(2)]
    await ann.delete(f"/api/v1/recordings/{kept[1]}")  # what lies in the trash goes too
    await export(ann, media=False)
    assert (await erase(ann, "wrong")).json()["code"] == "wrong_password"
    asked = await erase(ann)
    assert asked.status_code == 202, asked.text
    receipt = await until_done(client, f"/api/v1/erasures/{asked.json()['id']}")
    assert receipt["state"] == "completed"
    assert receipt["removed"]["recordings"] == 2
    assert receipt["removed"]["bytes"] == 2 * len(FILM)
    assert receipt["removed"]["users"] == 1
    assert (await ann.get(ME)).status_code == 401
    assert await mailbox.letter("ann@example.org", "Your account was erased")
    async with services.db.read() as session:
        assert await rows.of_person(session, anns_id) == {} | {
            name: held
            for name, held in (await rows.of_person(session, anns_id)).items()
            if name == "audit_log"
        }
        for table in Base.metadata.sorted_tables:
            if table.name in ("audit_log", "erasures"):
                continue
            for column in table.columns:
                if column.name in ("user_id", "personal_of", "owner_id") and table.name != "outbox":
                    assert (await session.execute(select(column).where(column == anns_id))).first() is None
    assert not list((services.settings.media_root / "recordings").glob("*"))
    await services.takeout.exports.prune()
    assert list((services.settings.data / "exports").iterdir()) == []
    assert (await client.get("/api/v1/erasures/00000000-0000-4000-8000-000000000000")).status_code == 404


async def test_what_was_made_in_a_team_stays_with_the_team(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, services: Services
) -> None:
    team = (await bob.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    anns_id = await id_of(ann)
    async with services.db.write() as session:
        session.add(MemberRow(workspace_id=team, user_id=anns_id, role="member"))
    made = await record(ann, services, workspaceId=team)
    asked = await erase(ann)
    receipt = await until_done(client, f"/api/v1/erasures/{asked.json()['id']}")
    assert receipt["removed"]["recordingsHandedOver"] == 1
    found = (await bob.get(f"/api/v1/recordings/{made}")).json()
    assert found["userId"] == await id_of(bob)


async def test_nobody_goes_whom_others_need(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services
) -> None:
    team = (await ann.post("/api/v1/workspaces", json={"name": "Weavers"})).json()["id"]
    anns_id, bobs_id = await id_of(ann), await id_of(bob)
    async with services.db.write() as session:
        session.add(MemberRow(workspace_id=team, user_id=bobs_id, role="admin"))
    refused = await erase(ann)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
    assert "Weavers" in refused.json()["error"]
    await ann.patch(f"/api/v1/workspaces/{team}/members/{bobs_id}", json={"role": "owner"})
    await change_user(services, anns_id, role="owner")
    refused = await erase(ann)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
    assert (await ann.get(ME)).status_code == 200


async def test_an_erasure_that_was_interrupted_goes_on(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await services.takeout.clerk.rounds.stop()
    for _ in range(3):
        await record(ann, services)
    url = f"/api/v1/erasures/{(await erase(ann)).json()['id']}"
    real, erased = services.recordings.erase, []

    async def once(recording_id: str, *, by: str | None = None) -> None:
        if erased:
            raise ConnectionError
        erased.append(recording_id)
        await real(recording_id, by=by)

    monkeypatch.setattr(services.recordings, "erase", once)
    with pytest.raises(ConnectionError):
        await services.takeout.erasures.carry_out_next()
    half = (await client.get(url)).json()
    assert (half["state"], half["removed"]["recordings"]) == ("pending", 1)
    monkeypatch.undo()
    assert await services.takeout.erasures.carry_out_next()
    assert not await services.takeout.erasures.carry_out_next()
    whole = (await client.get(url)).json()
    assert (whole["state"], whole["removed"]["recordings"]) == ("completed", 3)
