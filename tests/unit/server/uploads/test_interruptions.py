"""Uploads that are cut, contested, left or restarted: what counts and what goes on from there."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from starlette.requests import ClientDisconnect

from server.config import Settings
from server.db import now
from server.errors import Locked
from server.uploads.models import UploadRow
from server.uploads.protocol import Append
from server.wiring import Services
from tests.support.uploading import (
    FILM,
    TUS,
    create,
    files,
    id_of,
    patch,
    record,
    rows,
    shown,
)


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
        services.uploads.append(user_id, id_of(location), request, aiter(body))  # type: ignore[arg-type]  # read like a stream
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
