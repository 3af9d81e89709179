"""Uploads through the API: what becomes a recording, what is refused, and what is left behind."""

import asyncio
import base64
import hashlib
import struct
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from starlette.requests import ClientDisconnect

from server.config import Settings
from server.db import now
from server.errors import Locked
from server.outbox import OutboxRow
from server.uploads.models import UploadRow
from server.uploads.protocol import Append
from server.wiring import Services
from tests.support import films

URL = "/api/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}
FILM = films.growing(3.0)


def named(recording_id: str) -> dict[str, str]:
    return {"Upload-Metadata": f"recordingId {base64.b64encode(recording_id.encode()).decode()}"}


async def record(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Test"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def create(client: httpx.AsyncClient, recording_id: str | None, length: int | None) -> httpx.Response:
    size = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
    return await client.post(URL, headers=TUS | size | (named(recording_id) if recording_id else {}))


async def patch(
    client: httpx.AsyncClient, location: str, offset: int, body: Any, **headers: str
) -> httpx.Response:
    sent = TUS | BODY | {"Upload-Offset": str(offset)}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.patch(location, headers=sent, content=body)


async def send(client: httpx.AsyncClient, data: bytes) -> tuple[dict[str, Any], httpx.Response]:
    """A new recording and the answer to all of its bytes at once."""
    recording = await record(client)
    created = await create(client, recording["id"], len(data))
    assert created.status_code == 201, created.text
    return recording, await patch(client, created.headers["location"], 0, data)


async def shown(client: httpx.AsyncClient, recording: dict[str, Any]) -> dict[str, Any]:
    return dict((await client.get(f"/api/v1/recordings/{recording['id']}")).json())


def files(services: Services) -> list[Path]:
    return [path for path in services.settings.media_root.rglob("*") if path.is_file()]


def id_of(location: str) -> str:
    return location.rsplit("/", 1)[1]


async def rows(services: Services) -> list[UploadRow]:
    async with services.db.read() as session:
        return list((await session.scalars(select(UploadRow))).all())


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
    assert (await ann.delete(f"/api/v1/recordings/{recording['id']}")).status_code == 204
    assert (await patch(ann, location, 3000, FILM[3000:])).status_code == 404
    assert files(services) == []


async def test_another_container_is_taken_after_a_look_inside(ann: httpx.AsyncClient) -> None:
    data = films.plain(2.0, container="mkv")
    recording, answer = await send(ann, data)
    assert answer.status_code == 204, answer.text
    seen = await shown(ann, recording)
    assert seen["sha256"] == hashlib.sha256(data).hexdigest()
    assert seen["duration"] == pytest.approx(2.0, abs=0.2)


class Slow:
    """A body that stops after its first piece until it is told to go on."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.started = asyncio.Event()
        self.go_on = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.pieces[0]
        self.started.set()
        await self.go_on.wait()
        for piece in self.pieces[1:]:
            yield piece


async def begin_slowly(services: Services, ann: httpx.AsyncClient) -> tuple[str, Slow, "asyncio.Task[Any]"]:
    location = (await create(ann, None, len(FILM))).headers["location"]
    body = Slow(FILM[:5000], FILM[5000:])
    user_id = (await rows(services))[0].user_id
    request = Append(0, None, None, None)
    task = asyncio.create_task(
        services.uploads.append(user_id, id_of(location), request, aiter(body))  # type: ignore[arg-type]
    )
    await body.started.wait()
    return location, body, task


async def test_a_second_writer_is_locked_out_while_the_first_is_at_work(
    ann: httpx.AsyncClient, services: Services
) -> None:
    location, body, first = await begin_slowly(services, ann)
    second = await patch(ann, location, 0, FILM)
    assert (second.status_code, second.json()["code"]) == (423, "upload_locked")
    assert second.headers["tus-resumable"] == "1.0.0"
    body.go_on.set()
    assert (await first).finished


async def test_a_silent_writer_gives_way_and_what_it_sent_counts(
    ann: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.uploads.locks.IDLE_S", 0.0)
    location, _, first = await begin_slowly(services, ann)
    head = await ann.head(location, headers=TUS)
    assert head.headers["upload-offset"] == "5000"
    with pytest.raises(Locked):
        await first
    assert (await patch(ann, location, 5000, FILM[5000:])).status_code == 204


async def broken_off(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    raise ClientDisconnect


async def append_broken(services: Services, location: str, checksum: Any = None) -> None:
    user_id = (await rows(services))[0].user_id
    request = Append(0, None, None, checksum)
    with pytest.raises(Locked):
        await services.uploads.append(
            user_id, id_of(location), request, broken_off(FILM[:3000], FILM[3000:6000])
        )


async def test_a_dropped_connection_keeps_what_arrived(ann: httpx.AsyncClient, services: Services) -> None:
    location = (await create(ann, None, len(FILM))).headers["location"]
    await append_broken(services, location)
    assert (await ann.head(location, headers=TUS)).headers["upload-offset"] == "6000"
    assert (await patch(ann, location, 6000, FILM[6000:])).status_code == 204
    found = (await ann.get("/api/v1/recordings")).json()["data"][0]
    assert found["sha256"] == hashlib.sha256(FILM).hexdigest()


async def test_a_dropped_connection_keeps_nothing_that_had_a_checksum(
    ann: httpx.AsyncClient, services: Services
) -> None:
    from server.uploads.protocol import Checksum

    location = (await create(ann, None, len(FILM))).headers["location"]
    await append_broken(services, location, Checksum("sha256", bytes(32)))
    assert (await ann.head(location, headers=TUS)).headers["upload-offset"] == "0"
    assert (await patch(ann, location, 0, FILM)).status_code == 204


async def test_a_restart_continues_from_the_committed_offset_whatever_lies_behind_it(
    ann: httpx.AsyncClient, services: Services
) -> None:
    recording = await record(ann)
    location = (await create(ann, recording["id"], len(FILM))).headers["location"]
    await patch(ann, location, 0, FILM[:20_000])
    file = files(services)[0]
    with file.open("ab") as torn:
        torn.write(b"bytes that nobody acknowledged" * 100)
    services.uploads._hashes.forget(id_of(location))
    services.uploads.indexes.drop(recording["id"])
    index = await services.uploads.indexes.get(recording["id"])
    assert index is not None
    assert index.committed == 20_000
    assert (await patch(ann, location, 20_000, FILM[20_000:])).status_code == 204
    assert file.read_bytes() == FILM
    assert (await shown(ann, recording))["sha256"] == hashlib.sha256(FILM).hexdigest()
    assert index.parser.fragments


async def test_what_was_complete_when_the_server_died_is_finished_by_the_sweep(
    ann: httpx.AsyncClient, services: Services
) -> None:
    recording = await record(ann)
    location = (await create(ann, recording["id"], None)).headers["location"]
    await patch(ann, location, 0, FILM)
    async with services.db.write() as session:
        await session.execute(update(UploadRow).values(length=len(FILM)))
    services.uploads._hashes.forget(id_of(location))
    await services.uploads.sweep()
    assert (await shown(ann, recording))["sha256"] == hashlib.sha256(FILM).hexdigest()
    assert (await rows(services))[0].finished_at is not None
    assert (await ann.head(location, headers=TUS)).headers["upload-offset"] == str(len(FILM))


async def test_an_expired_upload_is_gone_and_swept(ann: httpx.AsyncClient, services: Services) -> None:
    recording = await record(ann)
    location = (await create(ann, recording["id"], len(FILM))).headers["location"]
    await patch(ann, location, 0, FILM[:3000])
    async with services.db.write() as session:
        await session.execute(update(UploadRow).values(expires_at=now() - timedelta(seconds=1)))
    assert (await ann.head(location, headers=TUS)).status_code == 404
    await services.uploads.sweep()
    assert files(services) == []
    assert await rows(services) == []
    assert (await shown(ann, recording))["status"] == "failed"


async def test_a_person_can_have_only_so_many_open_uploads(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.uploads.service.MAX_OPEN", 2)
    for _ in range(2):
        assert (await create(ann, None, 5000)).status_code == 201
    refused = await create(ann, None, 5000)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
    assert "retry-after" in refused.headers
    assert (await create(bob, None, 5000)).status_code == 201


class TestOnAFullDisk:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        return Settings(data=tmp_path / "data", workers=0, min_free_bytes=1 << 60, log_level="error")

    async def test_nothing_is_begun(self, ann: httpx.AsyncClient) -> None:
        answer = await create(ann, None, 5000)
        assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
