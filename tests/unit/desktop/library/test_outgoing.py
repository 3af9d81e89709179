"""Changes on their way to a server that others write to."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop.library.outgoing import send_edits
from desktop.library.sync import Sync
from desktop.models.library.commands import Command, offered
from desktop.models.library.edits import EditState
from desktop.models.library.items import Remote
from desktop.models.library.query import Place, Query
from desktop.models.library.store import Store
from desktop.models.library.wording import mark_words
from uploader.events import ServerEvent
from uploader.journal import Journal
from uploader.rest import AsyncClient
from uploader.states import UploadEvent


class Api:
    """The few routes, over recordings in memory; each change gives another ETag."""

    def __init__(self) -> None:
        self.recordings: dict[str, dict[str, Any]] = {}
        self.version = 0
        self.asked: list[str] = []
        self.before_patch: Callable[[], object] = lambda: None
        self.refuse: httpx.Response | None = None

    def add(self, number: str, **given: Any) -> Remote:
        self.version += 1
        usual = {
            "id": number, "userId": "me", "title": "Weekly", "description": "", "folderId": None, "tags": [],
            "status": "completed", "createdAt": "2026-11-20T10:00:00Z", "updatedAt": f"v{self.version}",
            "deletedAt": None, "shareUrl": f"http://s/s/{number}",
        }  # fmt: skip
        self.recordings[number] = {**usual, **given}
        fields = {
            name: self.recordings[number][name] for name in ("title", "description", "folderId", "tags")
        }
        return Remote(number, "completed", fields, updated_at=f"v{self.version}")

    def change(self, number: str, **given: Any) -> None:
        self.version += 1
        self.recordings[number] |= {**given, "updatedAt": f"v{self.version}"}

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(f"{request.method} {path}")
        if path.endswith(("/me", "/folders", "/trash", "/recordings")):
            return self._list(path)
        return self._one(request, path)

    def _one(self, request: httpx.Request, path: str) -> httpx.Response:
        number = path.split("/")[4]
        if path.endswith("/transcript") or number not in self.recordings:
            return httpx.Response(404, json={"error": "There is none.", "code": "not_found"})
        recording = self.recordings[number]
        if path.endswith("/restore"):
            self.change(number, deletedAt=None)
        elif request.method == "PATCH":
            self.before_patch()
            if self.refuse:
                return self.refuse
            if request.headers["If-Match"] != f'"{recording["updatedAt"]}"':
                return httpx.Response(412, json={"error": "It has changed.", "code": "changed"})
            self.change(number, **json.loads(request.content))
        elif request.method == "DELETE":
            self.change(number, deletedAt="2026-11-22T10:00:00Z")
            return httpx.Response(204)
        return httpx.Response(200, json=recording, headers={"ETag": f'"{recording["updatedAt"]}"'})

    def _list(self, path: str) -> httpx.Response:
        if path.endswith(("/folders", "/me")):
            return httpx.Response(200, json={"id": "me", "data": []})
        trash = path.endswith("/trash")
        some = [one for one in self.recordings.values() if bool(one["deletedAt"]) is trash]
        pages = {"page": 0, "size": 100, "totalPages": 1, "totalElements": len(some)}
        return httpx.Response(200, json={"data": some, "pagination": pages})


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "library.db") as opened:
        opened.use_server("http://s")
        yield opened


async def send(api: Api, store: Store) -> None:
    async with httpx.AsyncClient(base_url="http://s", transport=httpx.MockTransport(api.answer)) as http:
        await send_edits(AsyncClient(http), store)


async def pull(api: Api, store: Store) -> None:
    sync = Sync("http://s", store, lambda _contact: None)
    async with httpx.AsyncClient(
        base_url="http://s", transport=httpx.MockTransport(api.answer)
    ) as sync._http:
        await sync._pull()


async def test_a_change_is_sent_as_soon_as_it_can_be_and_only_what_changed(api: Api, store: Store) -> None:
    store.put_remotes([api.add("R", title="Old")])
    store.edit("id:R", {"title": "New"}, 1.0)
    await send(api, store)
    assert api.recordings["R"]["title"] == "New"
    assert not store.edits()
    item = store.item("id:R")
    assert item is not None
    assert (item.title, item.unsent) == ("New", False)
    api.asked.clear()
    await send(api, store)
    assert not api.asked


async def test_who_is_overtaken_while_writing_looks_again(api: Api, store: Store) -> None:
    store.put_remotes([api.add("R")])
    store.edit("id:R", {"title": "Mine"}, 1.0)

    def overtake() -> None:
        api.before_patch = lambda: None
        api.change("R", description="Theirs")

    api.before_patch = overtake
    await send(api, store)
    assert (api.recordings["R"]["title"], api.recordings["R"]["description"]) == ("Mine", "Theirs")


async def test_a_field_that_both_changed_waits_for_the_person_with_both_versions(
    api: Api, store: Store
) -> None:
    store.put_remotes([api.add("R")])
    store.edit("id:R", {"title": "Mine", "tags": ["a"]}, 1.0)
    api.change("R", title="Theirs", tags=["b"])
    await send(api, store)
    [(anchor, edit)] = store.edits()
    assert (anchor, edit.state, edit.mine, edit.theirs) == (
        "id:R", EditState.CONFLICT, {"title": "Mine"}, {"title": "Theirs"},
    )  # fmt: skip
    assert api.recordings["R"]["tags"] == ["a", "b"]
    assert store.ids(Query(place=Place.CONFLICTS))
    store.settle("id:R", {"title"})
    await send(api, store)
    assert api.recordings["R"]["title"] == "Mine"
    assert not store.edits()


async def test_what_the_server_will_not_have_is_kept_and_said(api: Api, store: Store) -> None:
    store.put_remotes([api.add("R"), Remote("gone", "completed", {"title": "x"})])
    store.edit("id:R", {"title": "Too long"}, 1.0)
    store.edit("id:gone", {"title": "y"}, 2.0)
    api.refuse = httpx.Response(400, json={"error": "The title is too long.", "code": "invalid"})
    await send(api, store)
    assert [(edit.state, edit.problem) for _, edit in store.edits()] == [
        (EditState.REFUSED, "The title is too long."),
        (EditState.REFUSED, "The server has no such recording."),
    ]
    item = store.item("id:R")
    assert item is not None
    assert (item.title, item.refused, mark_words(item)) == (
        "Too long", "The title is too long.", "Change refused",
    )  # fmt: skip
    assert Command.CONFLICT in offered([item])
    assert item.id in store.ids(Query(place=Place.CONFLICTS))
    store.settle("id:R", ())
    item = store.item("id:R")
    assert item is not None
    assert (item.title, item.conflict, item.unsent) == ("Weekly", False, False)


async def test_a_server_that_stumbles_leaves_everything_as_it_was(api: Api, store: Store) -> None:
    store.put_remotes([api.add("R")])
    store.edit("id:R", {"title": "Mine"}, 1.0)
    api.refuse = httpx.Response(503, json={"error": "Later.", "code": "busy"})
    with pytest.raises(Exception, match="Later"):
        await send(api, store)
    [(_, edit)] = store.edits()
    assert edit.state is EditState.WAITING


async def test_the_trash_and_back(api: Api, store: Store) -> None:
    store.put_remotes([api.add("R")])
    store.edit("id:R", {"trashed": True, "title": "Last words"}, 1.0)
    await send(api, store)
    assert api.recordings["R"]["deletedAt"]
    assert api.recordings["R"]["title"] == "Last words"
    assert not store.ids(Query())
    store.edit("id:R", {"trashed": False}, 2.0)
    await send(api, store)
    assert api.recordings["R"]["deletedAt"] is None
    assert store.ids(Query())
    assert not store.edits()


async def test_a_pull_brings_what_is_new_and_notices_what_is_gone(api: Api, store: Store) -> None:
    for number in "abc":
        api.add(number, title=number)
    await pull(api, store)
    assert [one.title for one in store.items(store.ids(Query())).values()] == ["a", "b", "c"]
    del api.recordings["b"]
    api.change("a", title="A")
    api.change("c", deletedAt="2026-11-22T10:00:00Z")
    await pull(api, store)
    assert [one.title for one in store.items(store.ids(Query())).values()] == ["A"]
    assert len(store.ids(Query(place=Place.TRASH))) == 1


async def test_another_plan_has_what_waits_for_room_tried_at_once(store: Store, tmp_path: Path) -> None:
    with Journal() as journal:
        ours, theirs = (
            journal.add(tmp_path / "a.mp4", title="A", server=server, growing=True)
            for server in ("http://s", "http://other")
        )
        for upload in (ours, theirs):
            journal.advance(upload, UploadEvent.START)
            journal.advance(upload, UploadEvent.LOST, attempt=3)
        sync = Sync("http://s", store, lambda _contact: None)
        await sync._heard(ServerEvent("billing.updated", {"plan": "pro", "status": "active"}, 7))
        assert (journal.get(ours).attempt, journal.get(theirs).attempt) == (0, 3)
