"""How a recording is shared: who changes that, and what each setting does to whoever comes by the link."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from server.db import now
from server.identity.acts import Act
from server.identity.permissions import Action
from server.notifications.sight import Sight
from server.recordings.repository import watchable
from server.wiring import Services
from tests.support.databases import both_databases
from tests.unit.server.sharing.conftest import PASSWORD, TITLE, Shared, Visitors

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
NEVER_WAS = "/api/v1/shares/AAAAAAAAAAAA"


def soon(**ahead: float) -> str:
    return (now() + timedelta(**ahead)).isoformat()


async def test_settings_are_told_and_changed(shared: Shared) -> None:
    url = f"/api/v1/recordings/{shared.id}/share"
    first = await shared.maker.get(url)
    assert first.json() == {
        "shareUrl": shared.made["shareUrl"],
        "embedUrl": f"http://heddle.test/embed/{shared.slug}",
        "shared": True,
        "visibility": "public",
        "hasPassword": False,
        "expiresAt": None,
        "allowDownload": True,
        "allowComments": True,
    }
    ends = soon(days=1)
    body = {"visibility": "workspace", "password": PASSWORD, "expiresAt": ends, "allowDownload": False}
    changed = await shared.maker.patch(url, json=body, headers={"If-Match": first.headers["etag"]})
    assert changed.status_code == 200, changed.text
    told = changed.json()
    assert (told["visibility"], told["hasPassword"], told["allowDownload"]) == ("workspace", True, False)
    assert PASSWORD not in changed.text
    stale = await shared.maker.patch(
        url, json={"visibility": "public"}, headers={"If-Match": first.headers["etag"]}
    )
    assert stale.status_code == 412
    kept = await shared.maker.patch(url, json={"visibility": None, "expiresAt": told["expiresAt"]})
    assert kept.json() == told, "null keeps what cannot be taken away"
    of_recording = (await shared.maker.get(f"/api/v1/recordings/{shared.id}")).json()
    names = ("visibility", "hasPassword", "expiresAt", "allowDownload", "allowComments", "shared")
    assert {name: of_recording[name] for name in names} == {name: told[name] for name in names}
    free = await shared.set(password=None, expiresAt=None, visibility="public")
    assert (free["hasPassword"], free["expiresAt"], free["visibility"]) == (False, None, "public")


NONSENSE: list[dict[str, Any]] = [
    {"password": "short"},
    {"password": ""},
    {"password": "x" * 201},
    {"visibility": "everybody"},
    {"expiresAt": "2020-01-01T00:00:00Z"},
    {"expiresAt": "tomorrow"},
    {"allowDownload": "perhaps"},
    {"hasPassword": True},
]


async def test_settings_that_make_no_sense_change_nothing(shared: Shared) -> None:
    url = f"/api/v1/recordings/{shared.id}/share"
    before = (await shared.maker.get(url)).json()
    for body in NONSENSE:
        assert (await shared.maker.patch(url, json=body)).status_code == 400, body
    assert (await shared.maker.get(url)).json() == before


async def test_on_and_off_are_what_they_were(shared: Shared) -> None:
    url = f"/api/v1/recordings/{shared.id}"
    for on, visibility in ((False, "private"), (True, "public")):
        told = (await shared.maker.put(url, json={"shared": on})).json()
        assert (told["shared"], told["visibility"]) == (on, visibility)
    await shared.set(visibility="workspace")
    assert (await shared.maker.put(url, json={"shared": True})).json()["visibility"] == "workspace"
    body = {"recordingType": "screen", "visibility": "workspace"}
    made = (await shared.maker.post("/api/v1/recordings", json=body)).json()
    assert (made["shared"], made["visibility"]) == (True, "workspace")


async def test_the_log_tells_who_changed_it_and_no_password(shared: Shared) -> None:
    await shared.set(password=PASSWORD, allowDownload=False)
    await shared.set(allowDownload=False)
    log = await shared.maker.get("/api/v1/audit", params={"act": Act.RECORDING_SHARING_CHANGED})
    (entry,) = log.json()["data"]
    assert entry["details"]["changed"] == ["allow_download", "password"]
    assert (entry["details"]["hasPassword"], entry["details"]["allowDownload"]) == (True, False)
    assert PASSWORD not in log.text


async def test_a_workspaces_link_is_for_its_members(shared: Shared, client: httpx.AsyncClient) -> None:
    await shared.set(visibility="workspace")
    refused = await client.get(shared.url)
    assert (refused.status_code, refused.json()["code"]) == (401, "share_sign_in_needed")
    unlocking = await client.post(f"{shared.url}/unlock", json={"password": PASSWORD})
    assert unlocking.json()["code"] == "share_sign_in_needed"
    page = await client.get(f"/s/{shared.slug}")
    assert (page.status_code, "Plans" in page.text, "og:" in page.text) == (200, False, False)
    missing = (await shared.team.clients["stranger"].get(shared.url)).json()["code"]
    assert missing == "share_not_found"
    for role in ("admin", "member", "viewer"):
        seen = (await shared.team.clients[role].get(shared.url)).json()
        assert (seen["title"], seen["guarded"]) == (TITLE, True)
        assert (await client.get(seen["mediaPlaylistUrl"])).status_code == 200, "by a ticket of their own"
    body = {"name": "Watches", "scopes": ["media:read"]}
    for scopes, status in ((["media:read"], 200), (["search:read"], 404)):
        made = await shared.team.clients["viewer"].post("/api/v1/keys", json=body | {"scopes": scopes})
        answer = await client.get(shared.url, headers={"X-API-Key": made.json()["key"]})
        assert answer.status_code == status


async def test_what_was_watched_publicly_ends_when_it_is_for_fewer(
    shared: Shared, client: httpx.AsyncClient
) -> None:
    media = (await client.get(shared.url)).json()["mediaPlaylistUrl"]
    for narrower in ({"visibility": "workspace"}, {"password": PASSWORD}, {"visibility": "private"}):
        await shared.set(visibility="public", password=None)
        assert (await client.get(media)).status_code == 200
        await shared.set(**narrower)
        assert (await client.get(media)).status_code == 404


@pytest.mark.parametrize("how", ["private", "ended"])
async def test_a_link_that_is_off_or_over_never_was(shared: Shared, visitor: Visitors, how: str) -> None:
    guest = visitor()
    media = (await guest.get(shared.url)).json()["mediaPlaylistUrl"]
    if how == "ended":
        await shared.set(password=PASSWORD, expiresAt=soon(hours=1))
        assert (await guest.post(f"{shared.url}/unlock", json={"password": PASSWORD})).status_code == 200
        media = (await guest.get(shared.url)).json()["mediaPlaylistUrl"]
        await shared.has(share_expires_at=now() - timedelta(seconds=1))
    else:
        await shared.set(visibility="private", password=PASSWORD)
    assert (await guest.get(media)).status_code == 404
    for part in ("", "/transcript", "/captions.vtt", "/analysis", "/comments", "/reactions"):
        there, never = await guest.get(shared.url + part), await guest.get(NEVER_WAS + part)
        assert there.status_code == 404
        assert {**there.json(), "requestId": ""} == {**never.json(), "requestId": ""}
    wrong = await guest.post(f"{shared.url}/unlock", json={"password": PASSWORD})
    assert wrong.json()["code"] == "share_not_found"
    for prefix in ("/s/", "/embed/"):
        there, never = await guest.get(prefix + shared.slug), await guest.get(prefix + "AAAAAAAAAAAA")
        assert (there.status_code, there.text) == (404, never.text)
    oembed = await guest.get("/oembed", params={"url": shared.made["shareUrl"]})
    assert oembed.json()["code"] == "share_not_found"
    told: dict[str, Any] = {
        "type": "stream_start",
        "slug": shared.slug,
        "id": "3f0d6a0e-7a3d-4a53-8f0c-52d4a4bb0c0f",
    }
    told |= {"sessionId": told["id"], "at": soon(), "position": 0}
    sent = await guest.post("/api/v1/analytics/events", json={"events": [told]}, headers=BROWSER)
    assert (sent.status_code, sent.json()["code"]) == (404, "recording_not_found")
    assert (await shared.team.clients["viewer"].get(shared.url)).status_code == 404
    assert (await shared.maker.get(shared.url)).json()["mayEdit"] is True, "who may turn it on again sees it"


async def test_a_link_ends_when_it_said(shared: Shared, client: httpx.AsyncClient) -> None:
    told = await shared.set(expiresAt=soon(minutes=5))
    assert (await client.get(shared.url)).json()["expiresAt"] == told["expiresAt"].replace("+00:00", "Z")


async def test_without_downloads_there_is_no_file_to_keep(
    shared: Shared, client: httpx.AsyncClient, services: Services
) -> None:
    files = services.blobs.local_path(f"recordings/{shared.id}")
    for name in ("download.mp4", "audio.m4a"):
        (files / name).write_bytes(b"all of it")
    before = (await client.get(shared.url)).json()
    assert (await client.get(before["downloadUrl"])).content == b"all of it"
    await shared.set(allowDownload=False)
    guest, viewer = (await client.get(shared.url)).json(), shared.team.clients["viewer"]
    inside = (await viewer.get(f"/api/v1/streams/{shared.id}")).json()
    for seen in (guest, inside):
        assert (seen["downloadUrl"], seen["originalUrl"], seen["audioUrl"]) == (None, None, None)
        assert (await client.get(seen["mediaPlaylistUrl"])).status_code == 200
    assert guest["allowDownload"] is False
    assert '"og:video"' not in (await client.get(f"/s/{shared.slug}")).text
    for name in ("downloadUrl", "audioUrl"):
        refused = await client.get(before[name])
        assert (refused.status_code, refused.json()["code"]) == (403, "downloads_off")
    editor = (await shared.maker.get(shared.url)).json()
    assert editor["allowDownload"] is True
    assert (await client.get(editor["downloadUrl"])).status_code == 200


@both_databases
async def test_whom_a_link_is_not_enough_for_is_told_nothing_of_its_recording(
    shared: Shared, services: Services
) -> None:
    """Of what they once took part in."""

    async def watched(by: str) -> list[str]:
        user_id = shared.team.ids[by]
        reach = await services.workspaces.reach(user_id, Action.RECORDING_VIEW)
        async with services.db.read() as session:
            return [*await session.scalars(watchable(user_id, reach))]

    settings: list[tuple[dict[str, Any], bool]] = [
        ({"visibility": "public"}, True),
        ({"visibility": "workspace"}, False),
        ({"visibility": "private"}, False),
        ({"share_password_hash": "x"}, False),
        ({"share_expires_at": now() + timedelta(hours=1)}, True),
        ({"share_expires_at": now() - timedelta(hours=1)}, False),
    ]
    open_: dict[str, Any] = {"visibility": "public", "share_password_hash": None, "share_expires_at": None}
    for columns, told in settings:
        await shared.has(**(open_ | columns))
        recording = await services.recordings.find(shared.id)
        assert recording is not None
        assert await watched("stranger") == ([shared.id] if told else []), columns
        sight = Sight(services.recordings, services.workspaces)
        assert await sight.sees(shared.team.ids["stranger"], recording) is told
        assert await watched("viewer") == [shared.id]


async def test_graphql_tells_the_settings(shared: Shared) -> None:
    await shared.set(password=PASSWORD, visibility="workspace")
    fields = "enabled visibility hasPassword expiresAt allowDownload allowComments"
    query = f'{{ recording(id: "{shared.id}") {{ share {{ {fields} }} }} }}'
    answer = (await shared.maker.post("/graphql", json={"query": query})).json()
    assert answer["data"]["recording"]["share"] == {
        "enabled": True,
        "visibility": "WORKSPACE",
        "hasPassword": True,
        "expiresAt": None,
        "allowDownload": True,
        "allowComments": True,
    }
