"""Every route, asked by everybody: what is answered is what the table says.

`tests/data/access.txt` is the table: a row for each route of the application, with the scope that a key
needs, the kind of right, and what whoever has it is answered. A route without a row fails, as does a row
without a route. Where the answer is 404, it is the one for a thing that never existed.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.config import Settings
from server.wiring import Services
from tests.support.access import NO_ID, NOTHING, PASSWORD, PEOPLE, Snapshot, World, make_world
from tests.support.people import QuickHasher, Team, make_team
from tests.support.routes import unfolded

SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]
RECORDINGS = "/api/v1/recordings"
# Rows of what is no route: `test_access_elsewhere`.
ELSEWHERE = ("GQL", "SAY", "HEAR")
TABLE = Path(__file__).parents[2] / "data" / "access.txt"

# y: what the row says; 1, 3, 4: 401, 403, 404; .: not asked, as it would say the same again. "maker" is the
# member whose things they are; "stranger" has a team elsewhere; "server" administers the server alone; "key"
# has the row's scope and nothing else, "but" every scope but that. Both are the maker's; those for
# administration are the server's.
COLUMNS = (*PEOPLE, "nobody", "expired", "key", "but")
KINDS = {
    "open":             ". . . y . y . y . . .",
    "open+":            ". . . y . y . y 1 . .",  # a token is not needed, but if shown it must be good
    "person":           ". . . y . y . 1 1 3 3",  # no key may, whatever its scopes
    "anyone":           ". . . y . y . 1 1 y 3",
    "own":              "4 4 4 y 4 4 4 1 1 y 3",
    "own.person":       "4 4 4 y 4 4 4 1 1 3 3",
    "recording.view":   "y y y y y 4 4 1 1 y 3",
    "recording.edit":   "y y 3 y 3 4 4 1 1 y 3",
    "library.edit":     "y y y y 3 4 4 1 1 y 3",
    "comment.edit":     "3 3 3 y 3 4 4 1 1 y 3",
    "workspace.view":   "y y y y y 4 4 1 1 y 3",
    "workspace.manage": "y y 3 3 3 4 4 1 1 3 3",
    "workspace.own":    "y 3 3 3 3 4 4 1 1 3 3",
    "workspace.remove": "y y y 3 3 4 4 1 1 3 3",  # managers, and whom it is about: the member
    "workspace.leave":  ". y y y y 4 4 1 1 y 3",  # all but the last owner
    "socket":           ". . . . . . . . . . .",  # asked in realtime/ and graphql/
    "share":            "y y y y y y y y 1 y 3",
    "share.edit":       "3 3 3 y 3 3 3 3 1 y 3",
    "share.manage":     "y y 3 y 3 3 3 3 1 y 3",
    "server":           "3 3 3 3 3 3 y 1 1 y 3",
    "self":             ". . . y . y . 4 1 y 3",  # GraphQL's `me` is null for nobody
    "self.field":       ". . . y . . . 4 1 . 3",
    "recording.field":  ". . . y y 4 . 1 . . 3",  # a key needs the scope of the recording as well
    "hear.members":     "y y y y y 4 4 1 1 . 3",
    "hear.person":      "4 4 4 y 4 4 4 1 1 . 3",
}  # fmt: skip
SCIM_SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
SCIM_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SCIM_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
BODIES: dict[str, Any] = {
    "POST /api/v1/auth/password": {"currentPassword": PASSWORD, "newPassword": "a long one from before"},
    "POST /api/v1/users/me/email": {"email": "else@example.org", "password": PASSWORD},
    f"POST {RECORDINGS}/{{recording_id}}/control": {"action": "stop"},
    f"PUT {RECORDINGS}/{{recording_id}}/transcript": {"segments": [{"start": 0, "end": 1, "text": "Hi"}]},
    "POST /api/v1/webhooks/{webhook_id}/test": {"event": "recording.completed"},
    "PATCH /api/v1/workspaces/{workspace_id}/members/{user_id}": {"role": "viewer"},
    **{f"POST /scim/v2{of}/.search": {"schemas": [SCIM_SEARCH]} for of in ("", "/Users", "/Groups")},
    "POST /scim/v2/Users": {"schemas": [SCIM_USER], "userName": "new@example.org"},
    "PUT /scim/v2/Users/{user_id}": {"schemas": [SCIM_USER], "userName": "member@example.org"},
    "PATCH /scim/v2/Users/{user_id}": {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "displayName", "value": "Me"}],
    },
    "POST /scim/v2/Groups": {"schemas": [SCIM_GROUP], "displayName": "New"},
    "PUT /scim/v2/Groups/{group_id}": {"schemas": [SCIM_GROUP], "displayName": "Group"},
    "PATCH /scim/v2/Groups/{group_id}": {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "displayName", "value": "Group"}],
    },
    "PUT /api/v1/admin/groups/{group_id}": {"workspaceId": None},
    "POST /api/v1/shares/{slug}/comments": {"body": "Nice", "name": "Guest"},
    "POST /api/v1/shares/{slug}/reactions": {"emoji": "👍", "time": 0, "name": "Guest"},
}
TUS = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Upload-Length": "10"}
OFFSET = {"Content-Type": "application/offset+octet-stream"}
# Of every answer its own.
VARYING = {"x-request-id", "date"}


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    scope: str  # "-": none
    kind: str
    answer: int  # for those who may

    def asked(self) -> Iterator[tuple[str, int]]:
        """Who, and the status they must get."""
        statuses = {"y": self.answer, "1": 401, "3": 403, "4": 404}
        for who, verdict in zip(COLUMNS, KINDS[self.kind].split(), strict=True):
            if verdict != ".":
                yield who, statuses[verdict]


def rows(*methods: str) -> list[Row]:
    """Those of some methods; without any, of all routes."""
    lines = [line.split() for line in TABLE.read_text("utf-8").splitlines() if line and line[0] != "#"]
    found = [Row(method, path, scope, kind, int(answer)) for method, path, scope, kind, answer in lines]
    return [row for row in found if (row.method in methods if methods else row.method not in ELSEWHERE)]


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """The application's own table, also what its description leaves out."""
    found = set()
    for route in unfolded(app.routes):
        for method in getattr(route, "methods", None) or ["WS"]:
            found.add((method, str(getattr(route, "path", route))))
    return found


class Walk:
    def __init__(self, app: FastAPI, client: httpx.AsyncClient, world: World) -> None:
        self._described = app.openapi()["paths"]
        self._client = client
        self._world = world

    async def ask(self, row: Row, who: str, *, nothing: bool = False) -> httpx.Response:
        """`nothing`: about what never was there."""
        scope = "account:read" if row.scope == "-" else row.scope
        named = who if who not in ("key", "but") else f"{who}:{scope}"
        headers = self._world.headers[named] | (TUS if "/uploads" in row.path else {})
        names = self._world.names
        if nothing:
            names = {key: NO_ID if key.endswith("_id") else one for key, one in names.items()} | NOTHING
        url = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], row.path)
        if row.method == "PATCH" and "/uploads" in row.path:
            return await self._client.request("PATCH", url, headers=headers | OFFSET, content=b"")
        if row.path.endswith("{recording_id}/restore"):
            url = url.replace(names["recording_id"], names["trashed_id"])
        body = self._body(row)
        return await self._client.request(row.method, url, headers=headers, json=body)

    def _body(self, row: Row) -> Any:
        if (known := BODIES.get(f"{row.method} {row.path}")) is not None:
            return known
        operation = self._described.get(row.path, {}).get(row.method.lower(), {})
        content = operation.get("requestBody", {}).get("content", {})
        example = content.get("application/json", {}).get("example")
        if isinstance(example, dict):
            about = {"workspaceId": self._world.names["workspace_id"], "userId": self._world.ids["member"]}
            return example | {name: value for name, value in about.items() if name in example}
        return example


def leaves_a_mark(row: Row, answer: httpx.Response) -> bool:
    """Whether the same request, or another, might now be answered otherwise."""
    return answer.status_code < 400 and row.method not in ("GET", "HEAD", "OPTIONS")


def shown(answer: httpx.Response) -> tuple[int, Any, dict[str, str]]:
    """All of an answer that is not its own."""
    headers = {name: value for name, value in answer.headers.items() if name not in VARYING}
    body = answer.json() if answer.content and "json" in headers.get("content-type", "") else answer.text
    if isinstance(body, dict):
        body.pop("requestId", None)
    return answer.status_code, body, headers


@pytest.fixture
def database_url() -> str:
    """The walk goes back to a copy of SQLite's file after each change."""
    return ""


@pytest.mark.timeout(600)  # every route, for everybody: on a busy machine longer than others get
async def test_every_route_answers_everybody_as_the_table_says(
    app: FastAPI, services: Services, settings: Settings, client: httpx.AsyncClient
) -> None:
    services.identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
    services.db._listeners.clear()  # what follows from a change would race with its undoing
    world = await make_world(services)
    before = Snapshot(settings.data / "heddle.db")
    walk = Walk(app, client, world)
    wrong: list[tuple[str, ...]] = []
    try:
        for row in rows():
            if row.method == "WS":
                continue
            about = (row.method, row.path)
            for who, status in row.asked():
                answer = await walk.ask(row, who)
                if answer.status_code != status:
                    wrong.append((*about, who, f"not {status} but {answer.status_code}", answer.text[:90]))
                elif status == 404 != row.answer:
                    nothing = await walk.ask(row, who, nothing=True)
                    if shown(answer) != shown(nothing):
                        wrong.append((*about, who, "tells of what is there", answer.text[:90]))
                if leaves_a_mark(row, answer):
                    # In a thread: a transaction of the server's may have to end first.
                    await asyncio.to_thread(before.restore)
    finally:
        before.close()
    assert wrong == [], "\n".join(" ".join(one) for one in wrong)


def test_every_route_has_a_row(app: FastAPI) -> None:
    listed = [(row.method, row.path) for row in rows()]
    assert set(listed) == routes(app), "each route has a row in tests/data/access.txt, and each row a route"
    assert len(listed) == len(set(listed))


@pytest.fixture
async def team(sign_in: SignIn, services: Services) -> Team:
    return await make_team(sign_in, services)


async def recording(team: Team, of: str) -> str:
    body = {"recordingType": "screen", "workspaceId": team.id}
    return str((await team.clients[of].post(RECORDINGS, json=body)).json()["id"])


async def test_what_is_refused_changes_nothing(team: Team, client: httpx.AsyncClient) -> None:
    recording_id = await recording(team, "owner")
    url = f"{RECORDINGS}/{recording_id}"
    before = (await team.clients["owner"].get(url)).json()
    asking = team.clients | {"nobody": client}
    for who in ("member", "viewer", "stranger", "nobody"):
        for method, path, body in (
            ("PUT", url, {"title": "Changed"}),
            ("POST", f"{url}/control", {"action": "stop"}),
            ("POST", f"{url}/move", {"workspaceId": team.id}),
            ("DELETE", url, None),
            ("DELETE", f"{url}?permanent=true", None),
        ):
            answer = await asking[who].request(method, path, json=body)
            assert answer.status_code in (401, 403, 404)
    assert (await team.clients["owner"].get(url)).json() == before


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 201), ("member", 201), ("viewer", 403), ("stranger", 404)]
)
async def test_who_may_record_into_a_workspace(team: Team, who: str, status: int) -> None:
    body = {"recordingType": "screen", "workspaceId": team.id}
    answer = await team.clients[who].post(RECORDINGS, json=body)
    assert answer.status_code == status
    if status == 201:
        assert answer.json()["workspaceId"] == team.id
        listed = await team.clients["viewer"].get(RECORDINGS, params={"workspaceId": team.id})
        assert [one["id"] for one in listed.json()["data"]] == [answer.json()["id"]]


@pytest.mark.parametrize("who", ["viewer", "stranger"])
async def test_who_may_not_change_a_recording_uploads_nothing_to_it(team: Team, who: str) -> None:
    from server.uploads.protocol import encode_metadata

    recording_id = await recording(team, "owner")
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "10",
        "Upload-Metadata": encode_metadata({"recordingId": recording_id}),
    }
    answer = await team.clients[who].post("/api/v1/uploads", headers=headers)
    assert answer.status_code == (403 if who == "viewer" else 404)


async def test_whoever_leaves_reaches_nothing_there_any_more(team: Team) -> None:
    recording_id = await recording(team, "member")
    member = team.clients["member"]
    assert (await member.get(f"{RECORDINGS}/{recording_id}")).status_code == 200
    await member.post(f"/api/v1/workspaces/{team.id}/leave")
    assert (await member.get(f"{RECORDINGS}/{recording_id}")).status_code == 404
    assert (await member.get(RECORDINGS)).json()["data"] == []
    assert (await member.get(f"/api/v1/streams/{recording_id}")).status_code == 404
