"""A ticket is worth what its holder may see now, or half a minute ago."""

from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import pytest

from server.identity.permissions import WorkspaceRole
from server.identity.workspaces.models import MemberRow
from server.recordings.schemas import Recording
from server.streaming.rights import RECHECK_S, Rights
from server.wiring import Services
from tests.unit.server.streaming.test_api import Take


@pytest.fixture
async def take(ann: httpx.AsyncClient) -> Take:
    return await Take(ann).begin()


@dataclass
class Asked:
    """What is asked of the database, and what time it is."""

    at: float = 1000.0
    roles: dict[tuple[str | None, str], WorkspaceRole] = field(default_factory=dict)
    times: int = 0

    async def role_of(self, workspace_id: str | None, user_id: str) -> WorkspaceRole | None:
        self.times += 1
        return self.roles.get((workspace_id, user_id))


def recording(workspace_id: str, user_id: str = "ann") -> Recording:
    @dataclass
    class Some:
        workspace_id: str
        user_id: str

    return cast("Recording", Some(workspace_id, user_id))


async def test_a_range_costs_no_question_and_half_a_minute_one() -> None:
    asked = Asked(roles={("team", "bob"): WorkspaceRole.VIEWER})
    rights = Rights(asked.role_of, clock=lambda: asked.at)
    assert [await rights.may_view("bob", recording("team")) for _ in range(500)] == [True] * 500
    assert asked.times == 1
    asked.roles.clear()
    asked.at += RECHECK_S - 0.1
    assert await rights.may_view("bob", recording("team"))
    asked.at += 0.2
    assert not await rights.may_view("bob", recording("team"))
    assert asked.times == 2


async def test_it_is_asked_anew_where_the_recording_lies_now() -> None:
    asked = Asked(roles={("team", "bob"): WorkspaceRole.VIEWER})
    rights = Rights(asked.role_of, clock=lambda: asked.at)
    assert await rights.may_view("bob", recording("team"))
    assert not await rights.may_view("bob", recording("elsewhere"))
    assert not await rights.may_view("bob", recording("elsewhere", user_id="bob")), "made by them, and gone"


@pytest.fixture
async def with_bob(
    take: Take, ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services
) -> dict[str, Any]:
    """Ann's recording in a team in which bob watches, and his address of its bytes."""
    await take.finish()
    personal = (await ann.get(f"/api/v1/recordings/{take.id}")).json()["workspaceId"]
    team = (await ann.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    bobs_id = (await bob.get("/api/v1/me")).json()["id"]
    async with services.db.write() as session:
        session.add(MemberRow(workspace_id=team, user_id=bobs_id, role="viewer"))
    moved = await ann.post(f"/api/v1/recordings/{take.id}/move", json={"workspaceId": team})
    assert moved.status_code == 200, moved.text
    url = (await bob.get(f"/api/v1/streams/{take.id}")).json()["downloadUrl"]
    shared = (await ann.get(f"/api/v1/shares/{moved.json()['shareUrl'].rpartition('/')[2]}")).json()
    return {"url": url, "team": team, "personal": personal, "shared": shared["downloadUrl"]}


async def test_who_left_a_workspace_watches_no_longer(
    take: Take,
    bob: httpx.AsyncClient,
    client: httpx.AsyncClient,
    with_bob: dict[str, Any],
    services: Services,
) -> None:
    own = (await take.stream())["downloadUrl"]
    assert [(await client.get(url)).status_code for url in (with_bob["url"], own)] == [200, 200]
    assert (await bob.post(f"/api/v1/workspaces/{with_bob['team']}/leave")).status_code == 204
    later = services.streaming._rights._clock() + RECHECK_S
    services.streaming._rights._clock = lambda: later
    assert (await client.get(with_bob["url"])).status_code == 404
    for url in (own, with_bob["shared"]):
        assert (await client.get(url)).status_code == 200


async def test_what_moved_away_is_watched_no_longer_at_once(
    take: Take, ann: httpx.AsyncClient, client: httpx.AsyncClient, with_bob: dict[str, Any]
) -> None:
    own = (await take.stream())["downloadUrl"]
    assert (await client.get(with_bob["url"])).status_code == 200
    body = {"workspaceId": with_bob["personal"]}
    assert (await ann.post(f"/api/v1/recordings/{take.id}/move", json=body)).status_code == 200
    assert (await client.get(with_bob["url"])).status_code == 404
    for url in (own, with_bob["shared"]):
        assert (await client.get(url)).status_code == 200
