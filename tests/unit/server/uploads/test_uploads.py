"""Uploads through the API: what becomes a recording, what is refused, and what is left behind."""

import asyncio
import base64
import hashlib
import struct

import httpx
import pytest
from sqlalchemy import select

from server.outbox import OutboxRow
from server.wiring import Services
from tests.support import films
from tests.support.uploading import (
    FILM,
    TUS,
    URL,
    create,
    files,
    patch,
    record,
    rows,
    send,
    shown,
)


async def test_a_recording_is_complete_with_its_last_byte(ann: httpx.AsyncClient, services: Services) -> None:
    recording, answer = await send(ann, FILM)
    assert answer.status_code == 204
    seen = await shown(ann, recording)
    assert seen["sha256"] == hashlib.sha256(FILM).hexdigest()
    assert (seen["fileSizeBytes"], seen["status"]) == (len(FILM), "processing")
    assert seen["duration"] == pytest.approx(3.0, abs=0.05)
    async with services.db.read() as session:
        events = (
            await session.scalars(select(OutboxRow.type).where(OutboxRow.recording_id == seen["id"]))
        ).all()
    assert events.count("raw_video_uploaded") == 1


async def test_the_first_bytes_start_the_recording_and_feed_the_live_index(
    ann: httpx.AsyncClient, services: Services
) -> None:
    recording = await record(ann)
    location = (await create(ann, recording["id"], None)).headers["location"]
    index = await services.uploads.indexes.get(recording["id"])
    assert index is not None
    waiting = asyncio.create_task(index.changed(index.revision))
    await patch(ann, location, 0, FILM[: len(FILM) // 2])
    await asyncio.wait_for(waiting, 5)
    assert index.playable
    assert index.committed == len(FILM) // 2
    assert (await shown(ann, recording))["status"] == "recording"
    await patch(ann, location, len(FILM) // 2, FILM[len(FILM) // 2 :], Upload_Length=str(len(FILM)))
    assert index.finished
    assert index.parser.duration_s == pytest.approx(3.0, abs=0.05)


async def test_a_stock_client_gets_a_recording_named_after_its_file(ann: httpx.AsyncClient) -> None:
    name = base64.b64encode("Über\x07sicht.mp4".encode()).decode()
    created = await ann.post(
        URL, headers=TUS | {"Upload-Length": str(len(FILM)), "Upload-Metadata": f"filename {name}"}
    )
    assert (await patch(ann, created.headers["location"], 0, FILM)).status_code == 204
    found = (await ann.get("/api/v1/recordings")).json()["data"]
    assert [one["title"] for one in found] == ["Übersicht.mp4"]
    assert found[0]["sha256"] == hashlib.sha256(FILM).hexdigest()


async def test_a_torn_tail_is_kept_and_the_recording_accepted(ann: httpx.AsyncClient) -> None:
    torn = FILM[: len(FILM) - 777]
    recording, answer = await send(ann, torn)
    assert answer.status_code == 204
    seen = await shown(ann, recording)
    assert (seen["fileSizeBytes"], seen["sha256"]) == (len(torn), hashlib.sha256(torn).hexdigest())


def corrupted() -> bytes:
    """The picture's size in the sample entry becomes absurd."""
    at = FILM.index(b"avc1") + 28
    return FILM[:at] + struct.pack(">HH", 60_000, 60_000) + FILM[at + 4 :]


REFUSED = {
    "random bytes": (bytes(range(1, 256)) * 20, 415),
    "a playlist": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" * 20, 415),
    "a concat script": (b"ffconcat version 1.0\nfile /etc/passwd\n" * 20, 415),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), 415),
    "five bytes": (b"ftypx", 415),
    "a picture of 60000x60000": (corrupted(), 422),
    "nothing whole": (FILM[:1500], 422),
    "a plain file without the end of its index": (films.plain(2.0)[:-500], 422),
    "half of a plain file with its index first": (films.plain(2.0, faststart=True)[:-20_000], 422),
    "a box of size 0": (FILM[:1305] + bytes(500), 422),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_video_is_refused_and_leaves_nothing_behind(
    name: str, ann: httpx.AsyncClient, services: Services
) -> None:
    data, status = REFUSED[name]
    recording, answer = await send(ann, data)
    assert answer.status_code == status, answer.text
    assert answer.json()["code"] == ("unsupported_media" if status == 415 else "unreadable_media")
    assert answer.json()["error"].endswith(".")
    assert files(services) == []
    assert await rows(services) == []
    assert (await shown(ann, recording))["status"] == "failed"
    again = await create(ann, recording["id"], len(FILM))
    assert (await patch(ann, again.headers["location"], 0, FILM)).status_code == 204


async def test_a_refused_upload_of_a_stock_client_leaves_no_recording(ann: httpx.AsyncClient) -> None:
    created = await create(ann, None, 5000)
    assert (await patch(ann, created.headers["location"], 0, bytes(5000))).status_code == 415
    assert (await ann.get("/api/v1/recordings")).json()["data"] == []


async def test_a_container_split_into_tiny_pieces_is_still_recognised(ann: httpx.AsyncClient) -> None:
    location = (await create(ann, None, len(FILM))).headers["location"]
    for at in range(20):
        assert (await patch(ann, location, at, FILM[at : at + 1])).status_code == 204
    assert (await patch(ann, location, 20, FILM[20:])).status_code == 204


async def test_an_empty_file_is_refused_at_once(ann: httpx.AsyncClient) -> None:
    assert (await create(ann, None, 0)).status_code == 422


async def test_uploads_and_recordings_of_others_are_not_there(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    recording = await record(ann)
    location = (await create(ann, recording["id"], len(FILM))).headers["location"]
    assert (await bob.head(location, headers=TUS)).status_code == 404
    assert (await patch(bob, location, 0, FILM)).status_code == 404
    assert (await bob.delete(location, headers=TUS)).status_code == 404
    assert (await create(bob, recording["id"], len(FILM))).status_code == 404
    assert (await create(bob, "../../etc", len(FILM))).status_code == 404
    assert (await ann.head(location, headers=TUS)).headers["upload-offset"] == "0"


async def test_a_wrong_checksum_keeps_nothing_and_shows_nothing(
    ann: httpx.AsyncClient, services: Services
) -> None:
    recording = await record(ann)
    location = (await create(ann, recording["id"], len(FILM))).headers["location"]
    wrong = "sha256 " + base64.b64encode(bytes(32)).decode()
    assert (await patch(ann, location, 0, FILM, Upload_Checksum=wrong)).status_code == 460
    index = await services.uploads.indexes.get(recording["id"])
    assert index is not None
    assert (index.committed, index.parser.fragments) == (0, [])
    right = "sha256 " + base64.b64encode(hashlib.sha256(FILM).digest()).decode()
    assert (await patch(ann, location, 0, FILM, Upload_Checksum=right)).status_code == 204
    assert (await shown(ann, recording))["sha256"] == hashlib.sha256(FILM).hexdigest()


async def test_a_new_upload_of_a_recording_replaces_the_unfinished_one(
    ann: httpx.AsyncClient, services: Services
) -> None:
    recording = await record(ann)
    first = (await create(ann, recording["id"], len(FILM))).headers["location"]
    await patch(ann, first, 0, FILM[:2000])
    second = (await create(ann, recording["id"], len(FILM))).headers["location"]
    assert (await ann.head(first, headers=TUS)).status_code == 404
    assert (await patch(ann, first, 2000, FILM[2000:])).status_code == 404
    assert (await patch(ann, second, 0, FILM)).status_code == 204
    assert [path.read_bytes() for path in files(services)] == [FILM]


async def test_a_complete_recording_takes_no_second_upload(ann: httpx.AsyncClient) -> None:
    recording, _ = await send(ann, FILM)
    answer = await create(ann, recording["id"], len(FILM))
    assert (answer.status_code, answer.json()["code"]) == (409, "already_uploaded")


async def test_a_terminated_upload_leaves_no_bytes_and_a_finished_one_stays_a_recording(
    ann: httpx.AsyncClient, services: Services
) -> None:
    location = (await create(ann, None, len(FILM))).headers["location"]
    await patch(ann, location, 0, FILM[:3000])
    assert (await ann.delete(location, headers=TUS)).status_code == 204
    assert files(services) == []
    recording, _ = await send(ann, FILM)
    finished = next(row.id for row in await rows(services) if row.recording_id == recording["id"])
    assert (await ann.delete(f"{URL}/{finished}", headers=TUS)).status_code == 204
    assert len(files(services)) == 1
    stream = (await ann.get(f"/api/v1/streams/{recording['id']}")).json()
    assert (await ann.get(stream["downloadUrl"])).content == FILM


async def test_a_deleted_recording_takes_its_upload_with_it(
    ann: httpx.AsyncClient, services: Services
) -> None:
    recording = await record(ann)
    location = (await create(ann, recording["id"], len(FILM))).headers["location"]
    await patch(ann, location, 0, FILM[:3000])
    url = f"/api/v1/recordings/{recording['id']}"
    assert (await ann.delete(url)).status_code == 204
    assert (await patch(ann, location, 3000, FILM[3000:])).status_code == 404
    await ann.post(f"{url}/restore")
    assert (await patch(ann, location, 3000, FILM[3000:5000])).status_code == 204
    assert (await ann.delete(f"{url}?permanent=true")).status_code == 204
    assert (await patch(ann, location, 5000, FILM[5000:])).status_code == 404
    assert files(services) == []


async def test_another_container_is_taken_after_a_look_inside(ann: httpx.AsyncClient) -> None:
    data = films.plain(2.0, container="mkv")
    recording, answer = await send(ann, data)
    assert answer.status_code == 204, answer.text
    seen = await shown(ann, recording)
    assert seen["sha256"] == hashlib.sha256(data).hexdigest()
    assert seen["duration"] == pytest.approx(2.0, abs=0.2)
