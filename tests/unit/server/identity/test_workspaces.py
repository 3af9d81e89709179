"""Workspaces: who is in them, who may do what there, and how they end."""

from typing import Any

import httpx
import pytest

from server.identity.permissions import WorkspaceRole
from server.wiring import Services
from tests.support.people import WORKSPACES, Team

NOBODY = "00000000-0000-4000-8000-000000000000"


async def test_everybody_has_one_of_their_own_which_comes_first(ann: httpx.AsyncClient) -> None:
    await ann.post(WORKSPACES, json={"name": "A team"})
    listed = (await ann.get(WORKSPACES)).json()["data"]
    assert [(one["kind"], one["role"]) for one in listed] == [("personal", "owner"), ("team", "owner")]
    assert (await ann.get(WORKSPACES)).json()["data"] == listed


async def test_an_account_is_made_with_its_workspace(services: Services) -> None:
    user = await services.identity.add_user("dora@example.org", "a long enough phrase, is it not")
    held = await services.workspaces.of(user.id)
    assert [(one.workspace.kind, one.role) for one in held] == [("personal", WorkspaceRole.OWNER)]


@pytest.mark.parametrize("role", WorkspaceRole)
async def test_members_see_the_workspace_and_who_is_in_it(team: Team, role: str) -> None:
    answer = await team.clients[role].get(team.url)
    assert (answer.status_code, answer.json()["role"], answer.json()["name"]) == (200, role, "The team")
    assert await team.roles() == {one: one for one in WorkspaceRole}
    members = (await team.clients[role].get(f"{team.url}/members")).json()["data"]
    assert {one["email"] for one in members} == {f"{one}@example.org" for one in WorkspaceRole}


async def test_a_stranger_learns_nothing(team: Team) -> None:
    stranger = team.clients["stranger"]
    unknown = (await stranger.get(f"{WORKSPACES}/{NOBODY}")).json()
    for url in (team.url, f"{team.url}/members", f"{team.url}/invitations"):
        answer = await stranger.get(url)
        assert (answer.status_code, answer.json()["error"]) == (404, unknown["error"])
    assert (await stranger.delete(team.url)).status_code == 404
    assert (await stranger.post(f"{team.url}/leave")).status_code == 404


@pytest.mark.parametrize("name", ["nonsense", "%00", NOBODY, "x" * 3000])
async def test_an_id_that_names_nothing_is_a_404(ann: httpx.AsyncClient, name: str) -> None:
    answer = await ann.get(f"{WORKSPACES}/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "workspace_not_found")


CHANGES: list[tuple[str, str, Any, set[str]]] = [
    ("PATCH", "", {"name": "Renamed"}, {"owner", "admin"}),
    ("PATCH", "/members/{viewer}", {"role": "member"}, {"owner", "admin"}),
    ("PATCH", "/members/{viewer}", {"role": "owner"}, {"owner"}),
    ("PATCH", "/members/{owner}", {"role": "viewer"}, set()),  # the last one
    ("DELETE", "/members/{viewer}", None, {"owner", "admin", "viewer"}),
    ("POST", "/transfer", {"userId": "{member}"}, {"owner"}),
    ("POST", "/invitations", {"email": "new@example.org"}, {"owner", "admin"}),
    ("POST", "/invitations", {"email": "new@example.org", "role": "owner"}, {"owner"}),
    ("GET", "/invitations", None, {"owner", "admin"}),
    ("DELETE", "", None, {"owner"}),
]


@pytest.mark.parametrize(("method", "path", "body", "allowed"), CHANGES)
async def test_a_role_covers_what_the_table_says(
    team: Team, method: str, path: str, body: Any, allowed: set[str]
) -> None:
    """From the lowest to the highest, so that what is refused has changed nothing."""
    filled = {name: value.format(**team.ids) for name, value in (body or {}).items()}
    before = await team.roles()
    for role in reversed(WorkspaceRole):
        url = team.url + path.format(**team.ids)
        answer = await team.clients[role].request(method, url, json=filled if body else None)
        if role in allowed:
            assert answer.status_code < 300, answer.text
            break
        assert answer.status_code in (403, 409), answer.text
        assert answer.json()["code"] == ("last_owner" if answer.status_code == 409 else "role_too_low")
        assert await team.roles() == before


async def test_the_last_owner_stays(team: Team) -> None:
    owner = team.clients["owner"]
    answers = [
        await owner.post(f"{team.url}/leave"),
        await owner.delete(f"{team.url}/members/{team.ids['owner']}"),
        await owner.patch(f"{team.url}/members/{team.ids['owner']}", json={"role": "admin"}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(409, "last_owner")] * 3
    assert await team.roles() == {one: one for one in WorkspaceRole}


async def test_an_owner_leaves_when_there_is_another(team: Team) -> None:
    owner, admin = team.clients["owner"], team.clients["admin"]
    await owner.patch(f"{team.url}/members/{team.ids['admin']}", json={"role": "owner"})
    assert (await owner.post(f"{team.url}/leave")).status_code == 204
    assert (await owner.get(team.url)).status_code == 404
    assert (await admin.get(team.url)).json()["role"] == "owner"
    assert (await admin.post(f"{team.url}/leave")).json()["code"] == "last_owner"


async def test_ownership_goes_to_another_member_in_one_step(team: Team) -> None:
    owner = team.clients["owner"]
    answer = await owner.post(f"{team.url}/transfer", json={"userId": team.ids["viewer"]})
    assert answer.status_code == 204
    roles = await team.roles()
    assert (roles["owner"], roles["viewer"]) == ("admin", "owner")
    for whose, code in (("stranger", "member_not_found"), ("viewer", "already_owner")):
        body = {"userId": team.ids[whose]}
        answer = await team.clients["viewer"].post(f"{team.url}/transfer", json=body)
        assert answer.json()["code"] == code


async def test_a_personal_workspace_has_one_member_for_good(ann: httpx.AsyncClient) -> None:
    own = (await ann.get(WORKSPACES)).json()["data"][0]
    url, me = f"{WORKSPACES}/{own['id']}", (await ann.get("/api/v1/me")).json()["id"]
    answers = [
        await ann.post(f"{url}/leave"),
        await ann.delete(url),
        await ann.delete(f"{url}/members/{me}"),
        await ann.post(f"{url}/transfer", json={"userId": me}),
        await ann.post(f"{url}/invitations", json={"email": "bob@example.org"}),
    ]
    assert [one.json()["code"] for one in answers] == ["personal_workspace"] * 5
    assert (await ann.patch(url, json={"name": "Mine", "retentionDays": 30})).status_code == 200


async def test_a_workspace_with_recordings_is_not_deleted(team: Team) -> None:
    owner = team.clients["owner"]
    body = {"recordingType": "screen", "workspaceId": team.id}
    made = (await owner.post("/api/v1/recordings", json=body)).json()
    await owner.delete(f"/api/v1/recordings/{made['id']}")  # the trash counts
    answer = await owner.delete(team.url)
    assert (answer.status_code, answer.json()["code"]) == (409, "workspace_not_empty")
    await owner.delete(f"/api/v1/recordings/{made['id']}?permanent=true")
    assert (await owner.delete(team.url)).status_code == 204
    assert (await owner.get(team.url)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "two\nlines"},
        {"name": "x" * 101},
        {"name": "x", "kind": "team"},
        {"retentionDays": 0},
        {"retentionDays": "ever"},
    ],
)
async def test_a_bad_change_is_a_400(team: Team, body: dict[str, Any]) -> None:
    assert (await team.clients["owner"].patch(team.url, json=body)).status_code == 400


async def test_retention_is_set_and_taken_back(team: Team) -> None:
    owner = team.clients["owner"]
    assert (await owner.patch(team.url, json={"retentionDays": 90})).json()["retentionDays"] == 90
    assert (await owner.patch(team.url, json={"name": "Other"})).json()["retentionDays"] == 90
    assert (await owner.patch(team.url, json={"retentionDays": None})).json()["retentionDays"] is None
