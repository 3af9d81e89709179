"""The audit log: what bears on rights and data, for those whom it concerns."""

from typing import Any

import httpx

from server.identity.acts import Act
from server.wiring import Services
from tests.support.people import Team, change_user

URL = "/api/v1/audit"


async def acts(client: httpx.AsyncClient, **query: Any) -> list[str]:
    return [one["act"] for one in await entries(client, **query)]


async def entries(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """All but the sign-in that each of these people begins with."""
    answer = await client.get(URL, params=query)
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["data"] if one["act"] != Act.SIGN_IN_SUCCEEDED]


async def test_what_somebody_does_stands_in_their_log_with_from_where(ann: httpx.AsyncClient) -> None:
    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    await ann.delete(f"/api/v1/recordings/{made['id']}")
    await ann.post(f"/api/v1/recordings/{made['id']}/restore")
    answer = (await ann.get(URL)).json()
    told = ["recording.restored", "recording.trashed", "sign_in.succeeded"]
    assert [one["act"] for one in answer["data"]] == told
    assert answer["pagination"]["totalElements"] == 3
    first = answer["data"][0]
    assert first["actorId"] == first["userId"] == (await ann.get("/api/v1/me")).json()["id"]
    assert (first["recordingId"], first["workspaceId"]) == (made["id"], made["workspaceId"])
    assert first["address"] == "127.0.0.1"
    assert await acts(ann, act="recording.trashed") == ["recording.trashed"]


async def test_what_is_done_to_somebody_is_in_their_log_without_the_others_address(team: Team) -> None:
    await team.clients["owner"].patch(f"{team.url}/members/{team.ids['viewer']}", json={"role": "member"})
    (entry,) = await entries(team.clients["viewer"])
    assert (entry["act"], entry["details"]) == (
        "member.role_changed",
        {"before": "viewer", "after": "member"},
    )
    assert (entry["actorId"], entry["address"]) == (team.ids["owner"], None)
    assert await acts(team.clients["stranger"]) == []


async def test_a_workspaces_log_is_for_those_who_may_change_it(team: Team) -> None:
    await team.clients["owner"].patch(team.url, json={"retentionDays": 30})
    query = {"workspaceId": team.id}
    assert await acts(team.clients["admin"], **query) == ["workspace.retention_changed", "workspace.created"]
    for who, status in (("member", 403), ("stranger", 404)):
        assert (await team.clients[who].get(URL, params=query)).status_code == status


async def test_everybodys_log_is_for_owners_of_the_server(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services
) -> None:
    await ann.post("/api/v1/workspaces", json={"name": "Team"})
    assert (await bob.get(URL, params={"everything": True})).status_code == 403
    await change_user(services, (await bob.get("/api/v1/me")).json()["id"], role="owner")
    assert "workspace.created" in await acts(bob, everything=True)
    assert await acts(bob) == []


async def test_an_act_that_failed_is_not_in_it(team: Team) -> None:
    await team.clients["owner"].post(f"{team.url}/leave")  # the last owner
    assert await acts(team.clients["owner"]) == ["workspace.created"]
