"""Folders, tags, and lists that ask for a part."""

from typing import Any

import httpx
import pytest

from tests.support.databases import both_databases
from tests.unit.server.recordings.test_api import start

RECORDINGS = "/api/v1/recordings"
FOLDERS = "/api/v1/folders"
TAGS = "/api/v1/tags"


async def folder(client: httpx.AsyncClient, name: str, parent: str | None = None) -> str:
    answer = await client.post(FOLDERS, json={"name": name, "parentId": parent})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def listed(client: httpx.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get(RECORDINGS, params=params)
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["data"]]


async def change(client: httpx.AsyncClient, recording: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = await client.patch(f"{RECORDINGS}/{recording['id']}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


class TestFolders:
    async def test_recordings_lie_in_folders(self, ann: httpx.AsyncClient) -> None:
        demos = await folder(ann, "Demos")
        first, second = await start(ann, title="One"), await start(ann, title="Two")
        assert (first["folderId"], (await change(ann, first, folderId=demos))["folderId"]) == (None, demos)
        assert await listed(ann, folder=demos) == ["One"]
        assert await listed(ann, folder="none") == ["Two"]
        assert await listed(ann, folder="nonsense") == []
        found = (await ann.get(f"{FOLDERS}/{demos}")).json()
        assert (found["name"], found["recordings"], found["parentId"]) == ("Demos", 1, None)
        assert (await change(ann, second, title="Still at the top"))["folderId"] is None
        assert (await change(ann, first, folderId=None))["folderId"] is None

    async def test_a_folder_moves_but_never_into_itself(self, ann: httpx.AsyncClient) -> None:
        a = await folder(ann, "A")
        b = await folder(ann, "B", a)
        c = await folder(ann, "C", b)
        for inside in (a, b, c):
            answer = await ann.patch(f"{FOLDERS}/{a}", json={"parentId": inside})
            assert (answer.status_code, answer.json()["code"]) == (409, "folder_cycle")
        moved = await ann.patch(f"{FOLDERS}/{c}", json={"parentId": None, "name": "See"})
        assert (moved.json()["parentId"], moved.json()["name"]) == (None, "See")
        assert [one["name"] for one in (await ann.get(FOLDERS)).json()["data"]] == ["A", "B", "See"]

    async def test_nobody_overwrites_the_unseen(self, ann: httpx.AsyncClient) -> None:
        a = await folder(ann, "A")
        etag = (await ann.get(f"{FOLDERS}/{a}")).headers["etag"]
        first = await ann.patch(f"{FOLDERS}/{a}", json={"name": "B"}, headers={"If-Match": etag})
        late = await ann.patch(f"{FOLDERS}/{a}", json={"name": "C"}, headers={"If-Match": etag})
        assert (first.status_code, late.status_code, late.json()["code"]) == (200, 412, "changed")

    async def test_names_differ_within_a_folder_and_the_tree_has_an_end(self, ann: httpx.AsyncClient) -> None:
        parent = await folder(ann, "Demos")
        again = await ann.post(FOLDERS, json={"name": "DEMOS"})
        assert (again.status_code, again.json()["code"]) == (409, "folder_exists")
        deepest = await folder(ann, "Demos", parent)  # in another one it may
        for level in range(8):
            deepest = await folder(ann, f"Level {level}", deepest)
        too_deep = await ann.post(FOLDERS, json={"name": "x", "parentId": deepest})
        assert (too_deep.status_code, too_deep.json()["code"]) == (409, "folder_too_deep")

    async def test_what_lies_in_a_deleted_folder_moves_up(self, ann: httpx.AsyncClient) -> None:
        a = await folder(ann, "A")
        b = await folder(ann, "B", a)
        c = await folder(ann, "C", b)
        made = await start(ann, title="One")
        await change(ann, made, folderId=b)
        assert (await ann.delete(f"{FOLDERS}/{b}")).status_code == 204
        assert await listed(ann, folder=a) == ["One"]
        assert (await ann.get(f"{FOLDERS}/{c}")).json()["parentId"] == a
        assert (await ann.get(f"{FOLDERS}/{b}")).status_code == 404

    async def test_those_of_others_are_not_there(
        self, ann: httpx.AsyncClient, bob: httpx.AsyncClient
    ) -> None:
        mine, made = await folder(ann, "Mine"), await start(bob)
        answers = [
            await bob.get(f"{FOLDERS}/{mine}"),
            await bob.patch(f"{FOLDERS}/{mine}", json={"name": "x"}),
            await bob.delete(f"{FOLDERS}/{mine}"),
            await bob.post(FOLDERS, json={"name": "x", "parentId": mine}),
            await bob.patch(f"{RECORDINGS}/{made['id']}", json={"folderId": mine}),
        ]
        assert {(one.status_code, one.json()["code"]) for one in answers} == {(404, "folder_not_found")}
        assert (await bob.get(FOLDERS)).json() == {"data": []}


class TestTags:
    async def test_recordings_have_tags_by_name(self, ann: httpx.AsyncClient) -> None:
        made, other = await start(ann, title="One"), await start(ann, title="Two")
        assert made["tags"] == []
        changed = await change(ann, made, tags=["Release", "demo", "RELEASE"])
        assert changed["tags"] == ["demo", "RELEASE"]
        await change(ann, other, tags=["Demo"])  # the same word
        assert await listed(ann, tag="DEMO") == ["Two", "One"]
        assert await listed(ann, tag="release") == ["One"]
        assert [one["name"] for one in (await ann.get(TAGS)).json()["data"]] == ["demo", "RELEASE"]
        assert (await change(ann, made, tags=[]))["tags"] == []

    async def test_a_tag_is_made_changed_and_removed(
        self, ann: httpx.AsyncClient, bob: httpx.AsyncClient
    ) -> None:
        made = (await ann.post(TAGS, json={"name": "Bug", "color": "#ff0000"})).json()
        again = await ann.post(TAGS, json={"name": "bug"})
        assert (again.status_code, again.json()["code"]) == (409, "tag_exists")
        recording = await start(ann, title="One")
        await change(ann, recording, tags=["bug"])
        changed = await ann.patch(f"{TAGS}/{made['id']}", json={"name": "Fault", "color": None})
        assert (changed.json()["name"], changed.json()["color"]) == ("Fault", None)
        assert await listed(ann, tag="fault") == ["One"]
        assert (await bob.delete(f"{TAGS}/{made['id']}")).status_code == 404
        assert (await ann.delete(f"{TAGS}/{made['id']}")).status_code == 204
        assert (await ann.get(f"{RECORDINGS}/{recording['id']}")).json()["tags"] == []

    @pytest.mark.parametrize("tags", [[""], ["x" * 51], ["a\nb"], [f"t{n}" for n in range(21)], "x", [1]])
    async def test_tags_that_are_none_are_refused(self, ann: httpx.AsyncClient, tags: Any) -> None:
        made = await start(ann)
        assert (await ann.patch(f"{RECORDINGS}/{made['id']}", json={"tags": tags})).status_code == 400


class TestLists:
    @both_databases
    async def test_a_list_is_narrowed_and_ordered(self, ann: httpx.AsyncClient) -> None:
        for title in ("banana", "Apple", "100% cherry"):
            last = await start(ann, title=title)
        await ann.post(f"{RECORDINGS}/{last['id']}/control", json={"action": "stop"})
        assert await listed(ann, sort="title") == ["100% cherry", "Apple", "banana"]
        assert await listed(ann, sort="createdAt") == ["banana", "Apple", "100% cherry"]
        assert await listed(ann, q="APP") == ["Apple"]
        assert await listed(ann, q="%") == ["100% cherry"]
        assert await listed(ann, status="processing") == ["100% cherry"]
        assert await listed(ann, **{"from": last["createdAt"]}) == ["100% cherry"]
        assert await listed(ann, to=last["createdAt"], sort="title") == ["100% cherry", "Apple", "banana"]

    @pytest.mark.parametrize(
        "sort", ["-createdAt", "createdAt", "-updatedAt", "title", "duration", "-duration"]
    )
    async def test_cursors_lead_through_all_of_it_in_every_order(
        self, ann: httpx.AsyncClient, sort: str
    ) -> None:
        for n in (3, 1, 2, 1, 3):
            await start(ann, title=f"No {n}")
        whole = (await ann.get(RECORDINGS, params={"sort": sort})).json()["data"]
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = (await ann.get(RECORDINGS, params={"sort": sort, "size": 2, "cursor": cursor})).json()
            found += [one["id"] for one in page["data"]]
            assert page["pagination"]["totalElements"] == 5
            cursor = page["pagination"].get("nextCursor")
        assert found == [one["id"] for one in whole]

    async def test_only_the_fields_that_were_asked_for(self, ann: httpx.AsyncClient) -> None:
        made = await start(ann, title="One")
        page = (await ann.get(RECORDINGS, params={"fields": "title,tags"})).json()
        assert page["data"] == [{"id": made["id"], "title": "One", "tags": []}]
        assert page["pagination"]["totalElements"] == 1
        one = await ann.get(f"{RECORDINGS}/{made['id']}", params={"fields": "status"})
        assert one.json() == {"id": made["id"], "status": "preparing"}
        assert one.headers["etag"]
        answer = await ann.get(RECORDINGS, params={"fields": "title,password"})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")

    @pytest.mark.parametrize("query", ["sort=password", "status=x", "from=x", "cursor=x", "q=" + "x" * 201])
    async def test_what_makes_no_sense_is_a_400(self, ann: httpx.AsyncClient, query: str) -> None:
        assert (await ann.get(f"{RECORDINGS}?{query}")).status_code == 400


async def test_a_change_of_what_has_changed_is_refused(ann: httpx.AsyncClient) -> None:
    made = await start(ann, title="Old")
    url = f"{RECORDINGS}/{made['id']}"
    etag = (await ann.get(url)).headers["etag"]
    first = await ann.patch(url, json={"tags": ["new"]}, headers={"If-Match": etag})
    late = await ann.patch(url, json={"title": "Late"}, headers={"If-Match": etag})
    assert (first.status_code, late.status_code, late.json()["code"]) == (200, 412, "changed")
    assert late.headers["etag"] == first.headers["etag"] != etag
    assert (await ann.get(url)).json()["title"] == "Old"
    again = await ann.put(url, json={"title": "New"}, headers={"If-Match": late.headers["etag"]})
    assert again.status_code == 200
