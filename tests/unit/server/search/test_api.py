"""Recordings are found by their words: at once, by who may see them, and with the moment."""

import asyncio
from typing import Any

import httpx
import pytest

from server.wiring import Services


async def record(client: httpx.AsyncClient, title: str, *said: str, language: str = "en", **more: Any) -> str:
    made = await client.post("/api/v1/recordings", json={"recordingType": "screen", "title": title})
    recording_id = str(made.json()["id"])
    if more:
        await client.put(f"/api/v1/recordings/{recording_id}", json=more)
    segments = [{"start": 5.0 * n, "end": 5.0 * n + 4, "text": text} for n, text in enumerate(said)]
    if segments:
        body = {"language": language, "model": "small", "duration": 5.0 * len(said), "segments": segments}
        answer = await client.put(f"/api/v1/recordings/{recording_id}/transcript", json=body)
        assert answer.status_code == 200, answer.text
    return recording_id


async def search(client: httpx.AsyncClient, q: str, **filters: Any) -> dict[str, Any]:
    answer = await client.get("/api/v1/search", params={"q": q, **filters})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def ids(client: httpx.AsyncClient, q: str, **filters: Any) -> list[str]:
    return [hit["id"] for hit in (await search(client, q, **filters))["data"]]


async def until(client: httpx.AsyncClient, q: str, expected: list[str], **filters: Any) -> None:
    """A second is what a change may take until it is found."""
    async with asyncio.timeout(20):
        while await ids(client, q, **filters) != expected:  # noqa: ASYNC110 (nothing to wait on from outside)
            await asyncio.sleep(0.02)


@pytest.fixture
async def talk(ann: httpx.AsyncClient) -> str:
    made = await record(
        ann, "Quarterly Budget", "Welcome to the meeting everyone", "please open the café settings",
        "then change your password", description="Numbers for Zürich",
    )  # fmt: skip
    await until(ann, "password", [made])
    return made


@pytest.mark.parametrize(
    "q",
    [
        "budget",
        "BUDGET zurich",
        "passw",
        "meetings",
        "changed passwords",
        '"open the cafe"',
        "cafe budget",
        "password -holiday",
        "quart* settings ",
    ],
)
async def test_words_are_found_wherever_they_are(ann: httpx.AsyncClient, talk: str, q: str) -> None:
    assert await ids(ann, q) == [talk]


@pytest.mark.parametrize("q", ["holiday", '"the open"', "budget -password", "passw ", "x" * 200, "\"'*()^:-"])
async def test_what_is_not_there_is_not_found(ann: httpx.AsyncClient, talk: str, q: str) -> None:
    found = await ids(ann, q)
    assert found == ([talk] if not q.strip("\"'*()^:-") else [])


async def test_a_hit_says_the_moment_and_what_matched(ann: httpx.AsyncClient, talk: str) -> None:
    hit = (await search(ann, "passwords budget "))["data"][0]
    assert (hit["title"], hit["language"]) == ("Quarterly Budget", "en")
    assert hit["titleParts"] == [{"text": "Quarterly ", "match": False}, {"text": "Budget", "match": True}]
    said = next(one for one in hit["moments"] if one["kind"] == "transcript")
    assert (said["start"], said["end"]) == (10.0, 14.0)
    assert [part["text"] for part in said["parts"] if part["match"]] == ["password"]


async def test_a_hit_says_whether_its_link_works_and_what_it_looks_like(
    ann: httpx.AsyncClient, talk: str, services: Services
) -> None:
    [hit] = (await search(ann, "budget"))["data"]
    assert (hit["shared"], hit["posterUrl"]) == (True, None)
    poster = services.streaming.poster_path(talk)
    poster.parent.mkdir(parents=True, exist_ok=True)
    poster.write_bytes(b"\xff\xd8 picture")
    await ann.patch(f"/api/v1/recordings/{talk}", json={"shared": False})
    [hit] = (await search(ann, "budget"))["data"]
    assert hit["shared"] is False
    assert (await ann.get(hit["posterUrl"])).content == b"\xff\xd8 picture"


async def test_a_slip_is_mended_and_said(ann: httpx.AsyncClient, talk: str) -> None:
    found = await search(ann, "pasword ")
    assert [hit["id"] for hit in found["data"]] == [talk]
    assert found["corrected"] == "password"
    assert (await search(ann, "password "))["corrected"] is None


async def test_nobody_finds_or_learns_what_is_anothers(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, talk: str
) -> None:
    assert await ids(bob, "password") == []
    nothing = await search(bob, "pasword ")
    assert (nothing["data"], nothing["corrected"]) == ([], None)
    annas_id = (await ann.get("/api/v1/me")).json()["id"]
    assert await ids(ann, "", person=annas_id) == [talk]
    assert await ids(bob, "", person=annas_id) == []


async def test_a_change_is_found_and_what_was_before_is_not(ann: httpx.AsyncClient, talk: str) -> None:
    await ann.put(f"/api/v1/recordings/{talk}", json={"title": "Yearly report"})
    await until(ann, "report", [talk])
    assert await ids(ann, "quarterly") == []
    edited = await ann.patch(
        f"/api/v1/recordings/{talk}/transcript/segments/2", json={"text": "then feed the giraffe"}
    )
    assert edited.status_code == 200
    await until(ann, "giraffe", [talk])
    assert await ids(ann, "password ") == []


async def test_what_is_deleted_is_gone_at_once(ann: httpx.AsyncClient, talk: str, services: Services) -> None:
    assert (await ann.delete(f"/api/v1/recordings/{talk}")).status_code == 204
    assert await ids(ann, "budget") == []
    await ann.post(f"/api/v1/recordings/{talk}/restore")
    assert await ids(ann, "budget") == [talk]
    assert (await ann.delete(f"/api/v1/recordings/{talk}?permanent=true")).status_code == 204
    assert await ids(ann, "budget") == []
    async with services.db.read() as session:
        from sqlalchemy import text

        tables = ["search_recordings", "search_pieces"]
        if not services.db.is_postgres:
            tables += ["search_recordings_fts", "search_pieces_fts", "search_words"]
        for table in tables:
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_a_team_finds_what_lies_in_its_workspace(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, talk: str, services: Services
) -> None:
    from server.identity.workspaces.models import MemberRow

    team = (await ann.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    bobs_id = (await bob.get("/api/v1/me")).json()["id"]
    async with services.db.write() as session:
        session.add(MemberRow(workspace_id=team, user_id=bobs_id, role="viewer"))
    assert await ids(bob, "budget") == []
    moved = await ann.post(f"/api/v1/recordings/{talk}/move", json={"workspaceId": team})
    assert moved.status_code == 200
    assert await ids(bob, "budget") == await ids(bob, "budget", workspaceId=team) == [talk]
    assert await ids(bob, "") == [talk]
    assert await ids(bob, "budget", person="me") == []
    own = (await ann.get("/api/v1/workspaces")).json()["data"][0]["id"]
    assert await ids(ann, "budget", workspaceId=own) == []
    refused = await bob.get("/api/v1/search", params={"q": "budget", "workspaceId": own})
    assert refused.status_code == 404


async def test_titles_come_before_what_was_said(ann: httpx.AsyncClient) -> None:
    said = await record(ann, "Something else", "we talk about gardening here")
    titled = await record(ann, "Gardening")
    await until(ann, "gardening", [titled, said])


async def test_filters_narrow(ann: httpx.AsyncClient, talk: str) -> None:
    german = await record(ann, "Besprechung", "Wir öffnen das Budget", language="de")
    await until(ann, "budget", [talk, german])
    assert await ids(ann, "budget", language="de") == [german]
    assert await ids(ann, "budget", to="2001-01-01T00:00:00Z") == []
    assert await ids(ann, "budget", minDuration=1) == []  # nothing was uploaded yet
    assert set(await ids(ann, "budget", person="me")) == {talk, german}
    assert await ids(ann, "budget", **{"from": "2001-01-01T00:00:00Z"}, size=1, page=1) == [german]


async def test_without_words_the_newest_come_first(ann: httpx.AsyncClient, talk: str) -> None:
    newer = await record(ann, "Newer")
    await until(ann, "newer", [newer])
    assert await ids(ann, "") == [newer, talk]
    assert await ids(ann, "-budget") == [newer]


async def test_scripts_without_spaces_are_found(ann: httpx.AsyncClient) -> None:
    made = await record(ann, "週次会議の議事録", "明日の会議を始めます", language="ja")
    await until(ann, "会議", [made])
    assert await ids(ann, "議会") == []


async def test_comments_are_found_with_their_moment_until_they_are_gone(
    ann: httpx.AsyncClient, talk: str, services: Services
) -> None:
    url = f"/api/v1/recordings/{talk}/comments"
    made = (await ann.post(url, json={"body": "Where is the walrus?", "time": 1.5})).json()
    await until(ann, "walruses", [talk])
    (moment,) = (await search(ann, "walrus"))["data"][0]["moments"]
    assert (moment["kind"], moment["start"], moment["end"]) == ("comment", 1.5, None)
    edited = await ann.patch(f"/api/v1/comments/{made['id']}", json={"body": "Where is the giraffe?"})
    assert edited.status_code == 200, edited.text
    await until(ann, "giraffe", [talk])
    assert await ids(ann, "walrus ") == []
    assert await services.search.rebuild() == 1
    assert await ids(ann, "giraffe") == [talk]
    assert (await ann.delete(f"/api/v1/comments/{made['id']}")).status_code == 204
    await until(ann, "giraffe", [])


async def test_the_index_can_be_built_anew(ann: httpx.AsyncClient, talk: str, services: Services) -> None:
    other = await record(ann, "Another budget")
    await until(ann, "another", [other])
    assert await services.search.rebuild() == 2
    assert set(await ids(ann, "budget")) == {talk, other}
    assert await services.search.refresh(talk)


@pytest.mark.parametrize(
    "wrong", [{"q": "x" * 201}, {"page": -1}, {"size": 51}, {"from": "yesterday"}, {"person": "somebody"}]
)
async def test_nonsense_is_refused(ann: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    answer = await ann.get("/api/v1/search", params=wrong)
    assert 400 <= answer.status_code < 423
    assert answer.json()["code"]


async def test_a_guest_finds_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/search", params={"q": "budget"})).status_code == 401


async def test_tags_are_found_and_lists_are_narrowed_by_folder_and_tag(ann: httpx.AsyncClient) -> None:
    plan, other = await record(ann, "The plan"), await record(ann, "Another plan")
    folder = (await ann.post("/api/v1/folders", json={"name": "Budget"})).json()["id"]
    answer = await ann.patch(f"/api/v1/recordings/{plan}", json={"folderId": folder, "tags": ["Onboarding"]})
    assert answer.status_code == 200, answer.text
    await until(ann, "onboarding", [plan])
    assert (await search(ann, "onboarding"))["data"][0]["moments"][0]["kind"] == "tag"
    await until(ann, "plan", [plan], folder=folder)
    assert await ids(ann, "plan", tag="onboarding") == [plan]
    assert await ids(ann, "plan", tag="none such") == []
    # What is spelt like an id and is none names nothing.
    assert await ids(ann, "plan", folder="-" * 36) == await ids(ann, "plan", person="-" * 36) == []
    assert sorted(await ids(ann, "plan")) == sorted([plan, other])
    tag = (await ann.get("/api/v1/tags")).json()["data"][0]["id"]
    await ann.patch(f"/api/v1/tags/{tag}", json={"name": "Welcome"})
    await until(ann, "welcome", [plan])
    await ann.delete(f"/api/v1/tags/{tag}")
    await until(ann, "welcome", [])
