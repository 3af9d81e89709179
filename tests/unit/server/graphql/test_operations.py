"""Queries and mutations: what REST answers, for whom REST answers it."""

from typing import Any

import httpx
import pytest
from graphql import build_client_schema, get_introspection_query
from sqlalchemy import event

from server.wiring import Services
from tests.unit.server.graphql.conftest import Ask, record

ID = "00000000-0000-4000-8000-000000000000"
TALK = {"language": "en", "model": "small", "duration": 9.0,
        "segments": [{"start": 1.0, "end": 2.0, "text": "Open the settings"}]}  # fmt: skip


def code(answer: dict[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


async def test_a_recording_is_started_and_controlled(ann: httpx.AsyncClient, ask: Ask) -> None:
    start = """mutation ($in: StartRecordingInput!) { startRecording(input: $in) {
        recording { id title status settings } } }"""
    settings = {"resolution": {"width": 1920, "height": 1080}, "frameRate": 30, "more": {"encoder": "x264"}}
    given = {"title": "Demo", "recordingType": "SCREEN", "settings": settings}
    made = (await ask(ann, start, **{"in": given}))["data"]["startRecording"]["recording"]
    assert (made["title"], made["status"]) == ("Demo", "PREPARING")
    assert made["settings"] == {
        "encoder": "x264",
        "resolution": {"width": 1920, "height": 1080},
        "frameRate": 30,
    }
    assert (await ann.get(f"/api/v1/recordings/{made['id']}")).json()["settings"] == made["settings"]
    control = (
        "mutation ($in: ControlRecordingInput!) { controlRecording(input: $in) { recording { status } } }"
    )
    for action, status in (("PAUSE", "PREPARING"), ("STOP", "PROCESSING")):
        answer = await ask(ann, control, **{"in": {"sessionId": made["id"], "action": action}})
        assert answer["data"]["controlRecording"]["recording"]["status"] == status
    late = await ask(ann, control, **{"in": {"sessionId": made["id"], "action": "PAUSE"}})
    assert (code(late), late["data"]) == ("wrong_status", {"controlRecording": None})


async def test_a_bad_title_is_an_error_of_the_request(ann: httpx.AsyncClient, ask: Ask) -> None:
    start = 'mutation { startRecording(input: {title: " ", recordingType: SCREEN}) { recording { id } } }'
    assert code(await ask(ann, start)) == "invalid_request"


async def test_everything_about_a_recording_comes_in_one_answer(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, services: Services, ask: Ask
) -> None:
    made = await record(ann, "All of it")
    await ann.put(f"/api/v1/recordings/{made}/transcript", json=TALK)
    await ann.post(f"/api/v1/recordings/{made}/comments", json={"body": "First", "time": 1})
    answer = await ask(
        ann,
        """query ($id: UUID!) { recording(id: $id) {
             title createdAt owner { username } share { url enabled allowComments } posterUrl
             transcript { text language segments { start text edited } }
             analysis { status }
             comments { edges { node { body time author { name guest } } } pageInfo { hasNextPage } } } }""",
        id=made,
    )
    assert "errors" not in answer, answer
    found = answer["data"]["recording"]
    assert (found["title"], found["owner"], found["posterUrl"]) == ("All of it", {"username": "ann"}, None)
    assert found["share"]["url"].startswith("http://heddle.test/s/")
    assert found["transcript"]["segments"] == [{"start": 1.0, "text": "Open the settings", "edited": False}]
    [edge] = found["comments"]["edges"]
    assert edge["node"] == {"body": "First", "time": 1.0, "author": {"name": "ann", "guest": False}}
    assert found["comments"]["pageInfo"] == {"hasNextPage": False}


async def test_pages_lead_through_all_recordings_and_comments(ann: httpx.AsyncClient, ask: Ask) -> None:
    made = [await record(ann, f"No {n}") for n in range(5)]
    query = """query ($first: Int, $after: String) { recordings(first: $first, after: $after) {
        edges { node { id } cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
    found: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"endCursor": None}}
    for more in (True, True, False):
        after = page["pageInfo"]["endCursor"]
        page = (await ask(ann, query, first=2, after=after))["data"]["recordings"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        assert page["pageInfo"]["hasNextPage"] is more
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
    assert found == made[::-1]
    for n in range(3):
        await ann.post(f"/api/v1/recordings/{made[0]}/comments", json={"body": f"No {n}"})
    talk = """query ($id: UUID!, $after: String) { recording(id: $id) { comments(first: 2, after: $after) {
        edges { node { body } } pageInfo { hasNextPage endCursor } } } }"""
    first = (await ask(ann, talk, id=made[0]))["data"]["recording"]["comments"]
    last = await ask(ann, talk, id=made[0], after=first["pageInfo"]["endCursor"])
    bodies = [edge["node"]["body"] for edge in last["data"]["recording"]["comments"]["edges"]]
    assert (first["pageInfo"]["hasNextPage"], bodies) == (True, ["No 2"])


@pytest.mark.parametrize("arguments", ["first: 0", "first: 101", "first: -1", 'after: "x"'])
async def test_a_page_that_makes_no_sense_is_refused(
    ann: httpx.AsyncClient, ask: Ask, arguments: str
) -> None:
    answer = await ask(ann, f"{{ recordings({arguments}) {{ edges {{ cursor }} }} }}")
    assert (code(answer), answer["data"]) == ("invalid_request", {"recordings": None})


async def test_nobody_sees_what_is_not_theirs(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, ask: Ask
) -> None:
    made = await record(ann, "Ann's")
    query = "query ($id: UUID!) { recording(id: $id) { title } }"
    foreign, missing = await ask(bob, query, id=made), await ask(bob, query, id=ID)
    assert foreign == missing
    assert foreign["data"] == {"recording": None}
    given = f'{{sessionId: "{made}", action: STOP}}'
    stop = f"mutation {{ controlRecording(input: {given}) {{ recording {{ id }} }} }}"
    assert code(await ask(bob, stop)) == "recording_not_found"
    assert (await ask(bob, "{ me { username recordings { id } } }"))["data"]["me"]["recordings"] == []
    assert (await ask(client, "{ me { username } }"))["data"] == {"me": None}
    for operation in ("{ recordings { edges { cursor } } }", stop):
        assert code(await ask(client, operation)) == "unauthenticated"
    headers = {"Authorization": "Bearer nonsense"}
    assert (
        await client.post("/graphql", json={"query": "{ me { id } }"}, headers=headers)
    ).status_code == 401


async def test_many_recordings_cost_as_many_queries_as_one(
    ann: httpx.AsyncClient, services: Services, ask: Ask
) -> None:
    # What events lead to is not counted.
    await services.dispatcher.stop()
    await services.people.postman.rounds.stop()
    await services.takeout.clerk.rounds.stop()
    query = """{ recordings(first: 20) { edges { node {
        id owner { username } transcript { text } analysis { status }
        comments(first: 5) { edges { node { body author { name } } } } } } } }"""

    async def queries() -> int:
        seen: list[str] = []
        engine = services.db._reader.sync_engine

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            answer = await ask(ann, query)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert "errors" not in answer, answer
        return len(seen)

    async def add(title: str) -> None:
        made = await record(ann, title)
        await ann.put(f"/api/v1/recordings/{made}/transcript", json=TALK)
        await ann.post(f"/api/v1/recordings/{made}/comments", json={"body": title})

    await add("One")
    one = await queries()
    for n in range(6):
        await add(f"More {n}")
    assert await queries() == one <= 12


REFUSED: dict[str, tuple[str, str]] = {
    "too many aliases": ("{ " + " ".join(f"a{n}: me {{ id }}" for n in range(30)) + " }", "invalid_request"),
    "too long": ("{ " + " ".join("me { id }" for _ in range(1000)) + " }", "invalid_request"),
    "too many objects": (
        "{ recordings(first: 100) { edges { node { comments(first: 100) { edges { node { body } } } } } } }",
        "too_costly",
    ),
    "by a variable": (
        "query ($n: Int = 100) { recordings(first: $n) { edges { node { comments(first: $n) "
        "{ edges { node { body } } } } } } }",
        "too_costly",
    ),
    "no GraphQL": ("{ me {", "invalid_request"),
    "an unknown field": ("{ me { password } }", "invalid_request"),
    "an id that is none": ('{ recording(id: "x") { id } }', "invalid_request"),
    "a circle": (
        "{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }",
        "invalid_request",
    ),
}


@pytest.mark.parametrize(("query", "expected"), REFUSED.values(), ids=REFUSED)
async def test_what_asks_too_much_is_refused_before_it_is_begun(
    ann: httpx.AsyncClient, ask: Ask, query: str, expected: str
) -> None:
    answer = await ask(ann, query)
    assert (code(answer), answer["data"]) == (expected, None)


async def test_the_answer_says_what_it_cost_and_a_flood_is_stopped(
    ann: httpx.AsyncClient, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "{ recordings(first: 100) { edges { node { comments(first: 20) { edges { cursor } } } } } }"
    answer = await ask(ann, query)
    points = answer["extensions"]["cost"]["points"]
    assert 2000 < points <= answer["extensions"]["cost"]["most"]
    for _ in range(50_000 // points - 1):
        answer = await ask(ann, query)
    assert "errors" not in answer
    refused = await ask(ann, query)
    assert (code(refused), refused["data"]) == ("too_many_requests", None)


async def test_a_mistake_of_ours_tells_nothing_of_the_inside(
    ann: httpx.AsyncClient, services: Services, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret: /var/lib/heddle")

    monkeypatch.setattr(services.recordings, "page_after", broken, raising=False)
    answer = await ask(ann, "{ me { username } recordings { edges { cursor } } }")
    assert answer["data"] == {"me": {"username": "ann"}, "recordings": None}
    assert code(answer) == "internal_error"
    assert "secret" not in str(answer)


@pytest.mark.parametrize(
    "body", [{}, {"query": 1}, {"query": "x" * 50_001}, {"query": "{me{id}}", "variables": []}, []]
)
async def test_a_body_that_is_none_is_a_400(ann: httpx.AsyncClient, body: Any) -> None:
    answer = await ann.post("/graphql", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_a_subscription_or_a_wrong_name_by_post_is_refused(ann: httpx.AsyncClient) -> None:
    subscription = f'subscription {{ recordingUpdated(sessionId: "{ID}") {{ id }} }}'
    for body in (
        {"query": subscription},
        {"query": "query A { me { id } }", "operationName": "B"},
        {"query": ""},
    ):
        answer = await ann.post("/graphql", json=body)
        assert answer.status_code == 400 or answer.json()["data"] is None, body
        assert "error" in answer.text


async def test_the_schema_can_be_asked_for_by_tools(client: httpx.AsyncClient, ask: Ask) -> None:
    answer = await ask(client, get_introspection_query())
    assert "Recording" in build_client_schema(answer["data"]).type_map  # type: ignore[arg-type] # as it came


async def test_folders_and_tags_are_there_as_deep_as_is_allowed(ann: httpx.AsyncClient, ask: Ask) -> None:
    made = await record(ann, "Filed")
    parent = None
    for name in ("Top", "Middle", "Low"):
        answer = await ann.post("/api/v1/folders", json={"name": name, "parentId": parent})
        parent = answer.json()["id"]
    await ann.patch(f"/api/v1/recordings/{made}", json={"folderId": parent, "tags": ["new"]})
    query = "query ($id: UUID!) { recording(id: $id) { tags { name } folder { name parent { name } } } }"
    found = (await ask(ann, query, id=made))["data"]["recording"]
    assert found == {"tags": [{"name": "new"}], "folder": {"name": "Low", "parent": {"name": "Middle"}}}
    deep = "{ recordings { edges { node { folder { " + "parent { " * 8 + "name" + " }" * 8 + " } } } } }"
    answer = await ask(ann, deep)
    assert (code(answer), answer["data"]) == ("invalid_request", None)
    assert "depth" in answer["errors"][0]["message"]


def doubling(times: int) -> str:
    """Each fragment spreads the next one twice: a line more, and twice as many fields."""
    lines = [f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}" for i in range(times)]
    return "{ ...f0 } " + " ".join(lines) + f" fragment f{times} on Query {{ me {{ id }} }}"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        (doubling(18), "written out"),
        (doubling(60), "in each other"),
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "contains itself"),
        ("{ ...a }", "no fragment 'a'"),
        ("{ me { id } } fragment a on Query { ...b }", "no fragment 'b'"),
    ],
)
async def test_fragments_that_nobody_should_walk_are_refused_at_once(
    client: httpx.AsyncClient, ask: Ask, query: str, word: str
) -> None:
    answer = await ask(client, query)
    assert (code(answer), answer["data"]) == ("invalid_request", None)
    assert word in answer["errors"][0]["message"]


async def test_a_fragment_may_be_spread_in_many_places(ann: httpx.AsyncClient, ask: Ask) -> None:
    assert "errors" not in await ask(ann, doubling(5))
