"""Messages about a recording reach all who may view it, as long as they may."""

from typing import Any

from server.identity.workspaces.models import MemberRow
from server.wiring import Services
from tests.support.people import WORKSPACES, Team
from tests.support.sockets import Socket, listener

RECORDINGS = "/api/v1/recordings"


async def record(team: Team, role: str = "member") -> str:
    body = {"recordingType": "screen", "title": "Plan", "workspaceId": team.id}
    made = await team.clients[role].post(RECORDINGS, json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def rename(team: Team, recording: str, title: str) -> None:
    changed = await team.clients["owner"].patch(f"{RECORDINGS}/{recording}", json={"title": title})
    assert changed.status_code == 200, changed.text


async def titles(socket: Socket, last: str) -> list[str]:
    """Of the recordings it is told of, up to and with `last`."""
    heard: list[str] = []
    while last not in heard:
        heard.append((await socket.heard("recording.updated"))["title"])
    return heard


async def test_all_members_hear_of_it_and_who_leaves_hears_no_more(
    services: Services, team: Team, address: str
) -> None:
    clients = team.clients
    async with (
        listener(address, clients["viewer"]) as viewer,
        listener(address, clients["admin"]) as admin,
        listener(address, clients["stranger"]) as stranger,
    ):
        recording = await record(team)
        for socket in (viewer, admin):
            assert (await socket.heard("recording.status_update"))["recordingId"] == recording
        gone = await clients["owner"].delete(f"{team.url}/members/{team.ids['viewer']}")
        assert gone.status_code == 204, gone.text
        added = team.ids["stranger"]
        await rename(team, recording, "Without them")
        assert await titles(admin, "Without them") == ["Without them"]
        assert [one["type"] for one in await viewer.until_now()] == []
        assert [one["type"] for one in await stranger.until_now()] == []
        # Whoever comes hears of it from then on, on the connection that is open already.
        await _add(services, team, added)
        await rename(team, recording, "With another")
        assert await titles(stranger, "With another") == ["With another"]
        assert [one["type"] for one in await viewer.until_now()] == []


async def _add(services: Services, team: Team, user_id: str) -> None:
    async with services.db.write() as session:
        session.add(MemberRow(workspace_id=team.id, user_id=user_id, role="viewer"))


async def test_in_the_trash_those_hear_of_it_who_may_restore_it(
    services: Services, team: Team, address: str
) -> None:
    recording = await record(team)
    async with (
        listener(address, team.clients["viewer"]) as viewer,
        listener(address, team.clients["member"]) as maker,
    ):
        await team.clients["owner"].delete(f"{RECORDINGS}/{recording}")
        for socket in (viewer, maker):
            assert (await socket.heard("recording.trashed"))["recordingId"] == recording
        await services.recordings.failed(recording, "It was lost.")
        assert (await maker.heard("recording.status_update"))["error"] == "It was lost."
        await team.clients["owner"].delete(f"{RECORDINGS}/{recording}?permanent=true")
        for socket in (viewer, maker):
            deleted: dict[str, Any] = await socket.next()
            assert (deleted["type"], deleted["data"]["workspaceId"]) == ("recording.deleted", team.id)


async def test_moved_away_it_is_gone_for_those_it_left(team: Team, address: str) -> None:
    recording = await record(team, "owner")
    mine = (await team.clients["owner"].get(WORKSPACES)).json()["data"][0]["id"]
    async with (
        listener(address, team.clients["viewer"]) as viewer,
        listener(address, team.clients["owner"]) as owner,
    ):
        moved = await team.clients["owner"].post(f"{RECORDINGS}/{recording}/move", json={"workspaceId": mine})
        assert moved.status_code == 200, moved.text
        assert (await owner.heard("recording.updated"))["changed"] == ["workspace_id"]
        assert (await viewer.next())["type"] == "recording.removed"
        await rename(team, recording, "Private now")
        assert await titles(owner, "Private now") == ["Private now"]
        assert await viewer.until_now() == []
