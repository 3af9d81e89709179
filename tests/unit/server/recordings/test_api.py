"""Recordings over HTTP: the bodies, states and pages of the specification."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest

from server.recordings import repository
from server.wiring import Services

URL = "/api/v1/recordings"


async def start(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(URL, json={"recordingType": "screen", **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_new_recording_has_its_link_at_once(ann: httpx.AsyncClient) -> None:
    made = await start(ann, title=" A demo ", settings={"frameRate": 30})
    assert UUID(made["id"])
    assert re.fullmatch(r"http://heddle\.test/s/[A-Za-z0-9_-]{16}", made["shareUrl"])
    expected = {
        "title": "A demo",
        "description": "",
        "status": "preparing",
        "recordingType": "screen",
        "settings": {"frameRate": 30},
        "shared": True,
    }
    assert expected.items() <= made.items()
    empty = ("duration", "fileSizeBytes", "sha256", "posterUrl", "error", "startedAt", "endedAt")
    assert [made[name] for name in empty] == [None] * len(empty)
    assert made["createdAt"].endswith("Z")


async def test_without_a_title_it_still_has_one(ann: httpx.AsyncClient) -> None:
    assert (await start(ann))["title"] == "Untitled recording"


async def test_no_two_links_are_alike(ann: httpx.AsyncClient) -> None:
    assert len({(await start(ann))["shareUrl"] for _ in range(5)}) == 5


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_starts_or_lists_without_a_token(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, URL)
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_markers_are_kept_in_order_of_sending_and_can_be_removed(ann: httpx.AsyncClient) -> None:
    made = await start(ann)
    assert made["markers"] == []
    markers = [{"time": 3.5, "title": "One"}, {"time": 1.0, "title": "Two"}]
    url = f"{URL}/{made['id']}"
    assert (await ann.put(url, json={"markers": markers})).json()["markers"] == markers
    assert (await ann.put(url, json={"title": "Other"})).json()["markers"] == markers
    for bad in ([{"time": -1, "title": "x"}], [{"time": 1}], [{"time": 1, "title": " "}], [markers[0]] * 501):
        assert (await ann.put(url, json={"markers": bad})).status_code == 400
    assert (await ann.put(url, json={"markers": []})).json()["markers"] == []


BAD_BODIES = {
    "type": {"recordingType": "hologram"},
    "no type": {"title": "x"},
    "unknown field": {"recordingType": "screen", "status": "completed"},
    "empty title": {"recordingType": "screen", "title": "  "},
    "long title": {"recordingType": "screen", "title": "x" * 256},
    "control characters": {"recordingType": "screen", "title": "a\x00b"},
    "settings not an object": {"recordingType": "screen", "settings": [1]},
    "settings too large": {"recordingType": "screen", "settings": {"a": "x" * 70_000}},
    "not an object": ["screen"],
    "null": None,
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
async def test_a_bad_body_is_a_400_with_the_one_error_shape(ann: httpx.AsyncClient, body: Any) -> None:
    answer = await ann.post(URL, json=body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "code", "details", "requestId"}
    assert answer.json()["code"] == "invalid_request"


BROKEN = {
    "half JSON": b'{"recordingType": ',
    "NaN": b'{"recordingType": "screen", "settings": {"a": NaN}}',
    "half a character": b'{"recordingType": "screen", "settings": {"a": "\\ud800"}}',
    "half a character in a title": b'{"recordingType": "screen", "title": "\\ud800"}',
    "not UTF-8": b'{"recordingType": "\xff"}',
    "a deep nest": b"[" * 50_000,
    "nothing": b"",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
async def test_broken_json_is_a_400(ann: httpx.AsyncClient, body: bytes) -> None:
    answer = await ann.post(URL, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]


async def test_pages_are_counted_and_the_newest_comes_first(ann: httpx.AsyncClient) -> None:
    made = [(await start(ann, title=f"No {n}"))["id"] for n in range(5)]
    first = (await ann.get(URL, params={"page": 0, "size": 2})).json()
    last = (await ann.get(URL, params={"page": 2, "size": 2})).json()
    assert first["pagination"] == {"page": 0, "size": 2, "totalPages": 3, "totalElements": 5}
    assert [one["id"] for one in first["data"]] == [made[4], made[3]]
    assert [one["id"] for one in last["data"]] == [made[0]]


async def test_an_empty_list_has_no_pages(ann: httpx.AsyncClient) -> None:
    answer = (await ann.get(URL)).json()
    pagination = {"page": 0, "size": 20, "totalPages": 0, "totalElements": 0}
    assert answer == {"data": [], "pagination": pagination}


@pytest.mark.parametrize("query", ["page=-1", "size=0", "size=101", "page=x", "size=1.5", "page=" + "9" * 30])
async def test_a_bad_page_or_size_is_a_400(ann: httpx.AsyncClient, query: str) -> None:
    assert (await ann.get(f"{URL}?{query}")).status_code == 400


async def test_the_recording_of_somebody_else_is_not_there(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    url = f"{URL}/{(await start(ann))['id']}"
    answers = [
        await bob.get(url),
        await bob.put(url, json={"title": "mine"}),
        await bob.post(f"{url}/control", json={"action": "stop"}),
        await bob.delete(url),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (await bob.get(URL)).json()["data"] == []
    assert (await ann.get(url)).json()["status"] == "preparing"


@pytest.mark.parametrize(
    "name", ["nonsense", "00000000-0000-4000-8000-000000000000", "%00", "..%2f..", "x" * 5000]
)
async def test_an_id_that_names_nothing_is_a_404(ann: httpx.AsyncClient, name: str) -> None:
    assert (await ann.get(f"{URL}/{name}")).status_code == 404


async def test_a_change_changes_what_it_names_and_nothing_else(ann: httpx.AsyncClient) -> None:
    made = await start(ann, title="Old", description="Text")
    answer = await ann.put(f"{URL}/{made['id']}", json={"title": "New", "shared": False})
    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["title"], changed["description"], changed["shared"]) == ("New", "Text", False)
    assert changed["shareUrl"] == made["shareUrl"]
    assert (await ann.get(f"{URL}/{made['id']}")).json() == changed


@pytest.mark.parametrize(
    "body", [{"status": "completed"}, {"title": ""}, {"shared": "maybe"}, {"sha256": "0"}]
)
async def test_a_change_of_anything_else_is_refused(ann: httpx.AsyncClient, body: dict[str, Any]) -> None:
    made = await start(ann)
    assert (await ann.put(f"{URL}/{made['id']}", json=body)).status_code == 400


async def control(client: httpx.AsyncClient, recording_id: str, action: str) -> httpx.Response:
    return await client.post(f"{URL}/{recording_id}/control", json={"action": action})


async def test_stopping_ends_it_and_saying_so_again_is_fine(ann: httpx.AsyncClient) -> None:
    made = await start(ann)
    first = await control(ann, made["id"], "stop")
    again = await control(ann, made["id"], "stop")
    assert [first.status_code, again.status_code] == [200, 200]
    assert first.json() == again.json()
    assert first.json()["status"] == "processing"


async def test_what_is_over_cannot_be_paused(ann: httpx.AsyncClient) -> None:
    made = await start(ann)
    await control(ann, made["id"], "stop")
    answer = await control(ann, made["id"], "pause")
    assert answer.status_code == 409
    assert answer.json()["code"] == "wrong_status"
    assert answer.json()["details"] == {"status": "processing", "action": "pause"}


async def test_an_unknown_action_is_a_400(ann: httpx.AsyncClient) -> None:
    assert (await control(ann, (await start(ann))["id"], "explode")).status_code == 400


async def test_pauses_become_segments(ann: httpx.AsyncClient, services: Services) -> None:
    made = await start(ann)
    await services.recordings.bytes_arrived(made["id"])
    for action in ("pause", "pause", "resume", "resume", "stop"):
        assert (await control(ann, made["id"], action)).status_code == 200
    async with services.db.read() as session:
        rows = await repository.segments(session, made["id"])
    assert [row.segment_number for row in rows] == [1, 2]
    assert all(row.ended_at and row.ended_at >= row.started_at for row in rows)
    assert rows[1].started_at >= (rows[0].ended_at or rows[1].started_at)


async def test_a_pause_before_the_first_bytes_counts_too(ann: httpx.AsyncClient, services: Services) -> None:
    made = await start(ann)
    await control(ann, made["id"], "pause")
    await services.recordings.bytes_arrived(made["id"])
    await control(ann, made["id"], "resume")
    async with services.db.read() as session:
        rows = await repository.segments(session, made["id"])
    assert [row.ended_at is None for row in rows] == [False, True]
    assert (await ann.get(f"{URL}/{made['id']}")).json()["status"] == "recording"


async def test_bytes_and_jobs_carry_it_to_completed(ann: httpx.AsyncClient, services: Services) -> None:
    recording_id = (await start(ann))["id"]
    recordings = services.recordings
    await recordings.bytes_arrived(recording_id)
    await recordings.bytes_arrived(recording_id)
    assert (await ann.get(f"{URL}/{recording_id}")).json()["status"] == "recording"
    await recordings.completed(recording_id)
    assert (await ann.get(f"{URL}/{recording_id}")).json()["status"] == "recording"
    await recordings.upload_completed(recording_id, 1234, "ab" * 32, 2.5)
    await recordings.completed(recording_id)
    done = (await ann.get(f"{URL}/{recording_id}")).json()
    assert (done["status"], done["fileSizeBytes"], done["sha256"]) == ("completed", 1234, "ab" * 32)
    assert done["duration"] == 2.5
    assert done["startedAt"] <= done["endedAt"]


async def test_a_failure_says_why_and_does_not_touch_what_is_complete(
    ann: httpx.AsyncClient, services: Services
) -> None:
    first, second = (await start(ann))["id"], (await start(ann))["id"]
    await services.recordings.failed(first, "The file cannot be read.")
    await services.recordings.upload_completed(second, 1, "cd" * 32, None)
    await services.recordings.completed(second)
    await services.recordings.failed(second, "Too late.")
    failed, complete = [(await ann.get(f"{URL}/{one}")).json() for one in (first, second)]
    assert (failed["status"], failed["error"]) == ("failed", "The file cannot be read.")
    assert (complete["status"], complete["error"]) == ("completed", None)


async def test_deleting_for_good_leaves_nothing_behind(ann: httpx.AsyncClient, services: Services) -> None:
    recording_id = (await start(ann))["id"]
    await services.blobs.append(f"recordings/{recording_id}/source.mp4", 0, b"bytes")
    await services.recordings.bytes_arrived(recording_id)
    for_good = f"{URL}/{recording_id}?permanent=true"
    assert (await ann.delete(for_good)).status_code == 204
    assert (await ann.get(f"{URL}/{recording_id}")).status_code == 404
    assert (await ann.delete(for_good)).status_code == 404
    assert not list((services.settings.media_root).rglob(f"*{recording_id}*"))
    async with services.db.read() as session:
        assert not await repository.segments(session, recording_id)


async def test_bytes_that_a_crash_left_go_with_the_event(ann: httpx.AsyncClient, services: Services) -> None:
    recording_id = (await start(ann))["id"]
    await ann.delete(f"{URL}/{recording_id}?permanent=true")
    await services.dispatcher.stop()  # what the deletion itself said is heard; the rest is told by hand
    await services.blobs.append(f"recordings/{recording_id}/source.mp4", 0, b"late")
    async with services.db.write() as session:
        from server import outbox
        from server.recordings.events import RecordingEventType

        outbox.record(session, RecordingEventType.DELETED, recording_id=recording_id, user_id=None, data={})
    await services.dispatcher.deliver()
    assert await services.blobs.size(f"recordings/{recording_id}/source.mp4") is None


async def test_a_public_address_of_the_settings_is_used_in_links(
    ann: httpx.AsyncClient, services: Services
) -> None:
    object.__setattr__(services.links, "public_url", "https://video.example.org/")
    assert (await start(ann))["shareUrl"].startswith("https://video.example.org/s/")


async def test_the_page_of_a_link_is_found_by_its_slug(ann: httpx.AsyncClient, services: Services) -> None:
    made = await start(ann)
    found = await services.recordings.get_by_slug(made["shareUrl"].rpartition("/")[2])
    assert found is not None
    assert found.id == made["id"]
    assert await services.recordings.get_by_slug("unknown") is None
