"""Every route that names a recording, asked by every role: what is answered is what the table says.

The routes are those that the server describes, so a new one is asked too. What a request needs is what its
method means, unless it stands in `NEEDS`, as the route itself does when it asks `require_recording`.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.identity.permissions import Action, WorkspaceRole, may, of_method
from server.identity.workspaces.models import MemberRow
from server.wiring import Services

SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]
RECORDINGS = "/api/v1/recordings"
NEEDS = {
    ("DELETE", "/api/v1/recordings/{}"): Action.RECORDING_DELETE,
    ("POST", "/api/v1/recordings/{}/restore"): Action.RECORDING_DELETE,
    ("POST", "/api/v1/recordings/{}/move"): Action.RECORDING_MOVE,
    ("GET", "/api/v1/recordings/{}/analytics"): Action.ANALYTICS_VIEW,
    ("GET", "/api/v1/recordings/{}/analytics.csv"): Action.ANALYTICS_VIEW,
}
# Their right is in their address (tickets), or they are asked about in tests of their own.
ELSEWHERE = re.compile(r"/api/v1/streams/\{[^}]+\}/\{ticket\}/.*")
BODIES: dict[tuple[str, str], Any] = {
    ("PUT", "/api/v1/recordings/{}"): {"title": "Changed"},
    ("POST", "/api/v1/recordings/{}/control"): {"action": "stop"},
    ("PATCH", "/api/v1/recordings/{}/transcript/segments/{}"): {"text": "Changed"},
    ("POST", "/api/v1/recordings/{}/transcript/restore"): {"revision": 1},
}
# Whose answer says nothing of whether one may: it is the same for all, as `refused` below sees it.
REFUSALS = {"recording_not_found": 404, "role_too_low": 403}


def routes(app: FastAPI) -> list[tuple[str, str]]:
    paths = app.openapi()["paths"].items()
    named = [
        (method.upper(), path) for path, methods in paths for method in methods if "{recording_id}" in path
    ]
    return [(method, path) for method, path in named if not ELSEWHERE.fullmatch(path)]


def generic(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


class Walk:
    """A workspace with somebody of each role, and a recording of its owner's and one of its member's."""

    def __init__(
        self, services: Services, clients: dict[str, httpx.AsyncClient], ids: dict[str, str]
    ) -> None:
        self._services = services
        self.clients = clients
        self.ids = ids
        self.workspace = ""
        self._made: dict[str, str] = {}

    async def recording(self, of: str) -> str:
        """One that is there and not in the trash."""
        held = self._made.get(of, "")
        found = await self._services.recordings.find(held)
        if found is not None:
            if found.trashed:
                await self._services.recordings.restore(held, by=self.ids[of])
            return held
        body = {"recordingType": "screen", "workspaceId": self.workspace}
        made = await self.clients[of].post(RECORDINGS, json=body)
        self._made[of] = str(made.json()["id"])
        return self._made[of]

    async def ask(self, who: str, method: str, path: str, of: str) -> httpx.Response:
        recording_id = await self.recording(of)
        if path.endswith("/restore") and "transcript" not in path:
            await self._services.recordings.trash(recording_id, by=None)
        body = BODIES.get((method, generic(path)), {})
        if path.endswith("/move"):
            body = {"workspaceId": self.workspace}
        filled = re.sub(r"\{\w+\}", "1", path.replace("{recording_id}", recording_id))
        content = {} if method in ("GET", "HEAD", "OPTIONS") else {"json": body}
        return await self.clients[who].request(method, filled, **content)


@pytest.fixture
async def walk(sign_in: SignIn, client: httpx.AsyncClient, services: Services) -> Walk:
    people = {name: await sign_in(name) for name in (*WorkspaceRole, "stranger")}
    ids = {name: (await one.get("/api/v1/me")).json()["id"] for name, one in people.items()}
    walk = Walk(services, people | {"nobody": client}, ids)
    made = await people["owner"].post("/api/v1/workspaces", json={"name": "Team"})
    walk.workspace = made.json()["id"]
    async with services.db.write() as session:
        for role in list(WorkspaceRole)[1:]:
            session.add(MemberRow(workspace_id=walk.workspace, user_id=ids[role], role=role))
    return walk


def refusal(answer: httpx.Response) -> int | None:
    """The status of a refusal for lack of a right; None for any other answer, good or bad."""
    code = answer.json().get("code") if "json" in answer.headers.get("content-type", "") else None
    return answer.status_code if code in REFUSALS or answer.status_code == 401 else None


# Who asks, and whose recording it is.
ASKED = [
    ("owner", "member"),
    ("admin", "member"),
    ("member", "member"),
    ("member", "owner"),
    ("viewer", "owner"),
    ("stranger", "owner"),
    ("nobody", "owner"),
]


def expected(action: Action, who: str, own: bool) -> int | None:
    role = WorkspaceRole(who) if who in list(WorkspaceRole) else None
    if who == "nobody":
        return 401
    if not may(role, Action.RECORDING_VIEW, own=own):
        return 404
    return None if may(role, action, own=own) else 403


async def test_every_route_of_a_recording_asks_the_table(app: FastAPI, walk: Walk) -> None:
    wrong, refused = [], set()
    for method, path in routes(app):
        action = NEEDS.get((method, generic(path)), of_method(method))
        for who, of in ASKED:
            answer = await walk.ask(who, method, path, of)
            if answer.status_code == 400:
                continue  # a body this walk does not know is looked at before who asks
            should = expected(action, who, who == of)
            if refusal(answer) != should:
                wrong.append((method, path, who, of, should, answer.status_code, answer.text[:90]))
            elif should is not None:
                refused.add((method, path))
    assert wrong == []
    assert len(refused) >= 15, "the search for routes has gone blind"


async def test_what_is_refused_changes_nothing(walk: Walk) -> None:
    recording_id = await walk.recording("owner")
    url = f"{RECORDINGS}/{recording_id}"
    before = (await walk.clients["owner"].get(url)).json()
    for who in ("member", "viewer", "stranger", "nobody"):
        for method, path, body in (
            ("PUT", url, {"title": "Changed"}),
            ("POST", f"{url}/control", {"action": "stop"}),
            ("POST", f"{url}/move", {"workspaceId": walk.workspace}),
            ("DELETE", url, None),
            ("DELETE", f"{url}?permanent=true", None),
        ):
            answer = await walk.clients[who].request(method, path, json=body)
            assert answer.status_code in (401, 403, 404)
    assert (await walk.clients["owner"].get(url)).json() == before


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 201), ("member", 201), ("viewer", 403), ("stranger", 404)]
)
async def test_who_may_record_into_a_workspace(walk: Walk, who: str, status: int) -> None:
    body = {"recordingType": "screen", "workspaceId": walk.workspace}
    answer = await walk.clients[who].post(RECORDINGS, json=body)
    assert answer.status_code == status
    if status == 201:
        assert answer.json()["workspaceId"] == walk.workspace
        listed = await walk.clients["viewer"].get(RECORDINGS, params={"workspaceId": walk.workspace})
        assert [one["id"] for one in listed.json()["data"]] == [answer.json()["id"]]


@pytest.mark.parametrize("who", ["viewer", "stranger"])
async def test_who_may_not_change_a_recording_uploads_nothing_to_it(walk: Walk, who: str) -> None:
    from server.uploads.protocol import encode_metadata

    recording_id = await walk.recording("owner")
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "10",
        "Upload-Metadata": encode_metadata({"recordingId": recording_id}),
    }
    answer = await walk.clients[who].post("/api/v1/uploads", headers=headers)
    assert answer.status_code == (403 if who == "viewer" else 404)


async def test_whoever_leaves_reaches_nothing_there_any_more(walk: Walk) -> None:
    recording_id = await walk.recording("member")
    member = walk.clients["member"]
    assert (await member.get(f"{RECORDINGS}/{recording_id}")).status_code == 200
    await member.post(f"/api/v1/workspaces/{walk.workspace}/leave")
    assert (await member.get(f"{RECORDINGS}/{recording_id}")).status_code == 404
    assert (await member.get(RECORDINGS)).json()["data"] == []
    assert (await member.get(f"/api/v1/streams/{recording_id}")).status_code == 404
