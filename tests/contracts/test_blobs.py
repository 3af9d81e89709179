"""What every blob storage does, whatever is behind it."""

import asyncio
import errno
import os
import shutil
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from server.adapters import blobs_local
from server.adapters.blobs_local import LocalBlobs
from server.adapters.blobs_s3 import S3Blobs, open_bucket
from server.ports.blobs import (
    BlobError,
    BlobGap,
    BlobKeyInvalid,
    BlobMissing,
    BlobStore,
    BlobStoreFull,
    Buffer,
)
from tests.support.buckets import BUCKET, open_bucket_double

KEY = "recordings/one/source.mp4"


@pytest.fixture(scope="module")
def bucket_double() -> Iterator[dict[str, str]]:
    with open_bucket_double() as env:
        yield env


def s3(kind: type[S3Blobs], folder: Path) -> S3Blobs:
    bucket = open_bucket(f"s3://{BUCKET}/{uuid.uuid4().hex}")
    return kind(LocalBlobs(folder / "media"), LocalBlobs(folder / "moved"), bucket)


class Gone(S3Blobs):
    """Whatever is written leaves this machine at once."""

    async def append(
        self, key: str, offset: int, data: Buffer | Sequence[Buffer], *, sync: bool = True
    ) -> int:
        size = await super().append(key, offset, data, sync=sync)
        await self._leave(key)
        return size

    async def put_file(self, key: str, path: Path) -> int:
        size = await super().put_file(key, path)
        await self._leave(key)
        return size

    async def _leave(self, key: str) -> None:
        await self.move_out(key.rpartition("/")[0])
        assert await self.evict(key)


@pytest.fixture(params=["local", "s3", "s3-gone"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, bucket_double: dict[str, str]) -> BlobStore:
    """Files; a bucket with all still in front of it; a bucket that has all."""
    (tmp_path / "media").mkdir()
    if request.param == "local":
        return LocalBlobs(tmp_path / "media")
    return s3(Gone if request.param == "s3-gone" else S3Blobs, tmp_path)


async def content(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_what_was_appended_is_read_back(blobs: BlobStore) -> None:
    assert await blobs.append(KEY, 0, b"abc") == 3
    assert await blobs.append(KEY, 3, [b"de", memoryview(b"f")]) == 6
    assert await content(blobs.read(KEY)) == b"abcdef"
    assert await blobs.size(KEY) == 6


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 2, b"ab"), (2, None, b"cdef"), (4, 100, b"ef"), (6, 1, b""), (0, 0, b"")],
)
async def test_a_range_is_read(blobs: BlobStore, start: int, length: int | None, expected: bytes) -> None:
    await blobs.append(KEY, 0, b"abcdef")
    assert await content(blobs.read(KEY, start, length)) == expected


async def test_a_large_blob_comes_in_pieces(blobs: BlobStore) -> None:
    data = os.urandom(3 * 1024 * 1024 + 5)
    await blobs.append(KEY, 0, data)
    pieces = [piece async for piece in blobs.read(KEY)]
    assert b"".join(pieces) == data
    assert max(map(len, pieces)) <= 1024 * 1024


async def test_a_sync_beside_an_append_takes_nothing_away(blobs: BlobStore) -> None:
    await blobs.append(KEY, 0, b"abc", sync=False)
    await asyncio.gather(blobs.sync(KEY), blobs.append(KEY, 3, b"def", sync=False), blobs.sync(KEY))
    assert await content(blobs.read(KEY)) == b"abcdef"


async def test_what_was_evicted_can_be_read_and_appended_to(blobs: BlobStore) -> None:
    data = os.urandom(300_000)
    await blobs.append(KEY, 0, data, sync=False)
    await asyncio.gather(
        blobs.sync(KEY, evict=True),
        blobs.append(KEY, len(data), data, sync=False),
        blobs.sync(KEY, evict=True),
    )
    assert b"".join([piece async for piece in blobs.read(KEY)]) == data * 2


async def test_what_is_not_there_cannot_be_synced(blobs: BlobStore) -> None:
    with pytest.raises(BlobMissing):
        await blobs.sync(KEY)


async def test_an_append_drops_what_nobody_acknowledged(blobs: BlobStore) -> None:
    await blobs.append(KEY, 0, b"abcdef", sync=False)
    assert await blobs.append(KEY, 3, b"X") == 4
    assert await content(blobs.read(KEY)) == b"abcX"


async def test_a_hole_is_refused_and_nothing_changes(blobs: BlobStore) -> None:
    await blobs.append(KEY, 0, b"abc")
    with pytest.raises(BlobGap):
        await blobs.append(KEY, 4, b"e")
    assert await blobs.size(KEY) == 3


async def test_appending_to_nothing_starts_at_zero_only(blobs: BlobStore) -> None:
    with pytest.raises(BlobMissing):
        await blobs.append(KEY, 1, b"b")
    assert await blobs.size(KEY) is None


async def test_an_append_of_nothing_makes_an_empty_blob(blobs: BlobStore) -> None:
    assert await blobs.append(KEY, 0, b"") == 0
    assert await blobs.size(KEY) == 0


async def test_reading_what_is_not_there_says_so(blobs: BlobStore) -> None:
    with pytest.raises(BlobMissing):
        await content(blobs.read(KEY))


async def test_deleting_takes_everything_under_a_prefix_and_nothing_else(blobs: BlobStore) -> None:
    for key in (KEY, "recordings/one/renditions/480p.mp4", "recordings/oneself/source.mp4"):
        await blobs.append(key, 0, b"x")
    await blobs.delete("recordings/one")
    assert await blobs.size(KEY) is None
    assert await blobs.size("recordings/one/renditions/480p.mp4") is None
    assert await blobs.size("recordings/oneself/source.mp4") == 1


async def test_deleting_one_blob_leaves_its_neighbours(blobs: BlobStore) -> None:
    for key in (KEY, "recordings/one/poster.jpg"):
        await blobs.append(key, 0, b"x")
    await blobs.delete(KEY)
    await blobs.delete(KEY)
    assert await blobs.size("recordings/one/poster.jpg") == 1


async def test_a_finished_file_takes_the_place_of_a_blob(blobs: BlobStore, tmp_path: Path) -> None:
    await blobs.append(KEY, 0, b"old")
    made = tmp_path / "made.bin"
    made.write_bytes(b"new!")
    assert await blobs.put_file(KEY, made) == 4
    assert await content(blobs.read(KEY)) == b"new!"
    assert not made.exists()


async def test_a_finished_blob_is_fetched_as_a_file(blobs: BlobStore) -> None:
    await blobs.append(KEY, 0, b"abcdef")
    before = await blobs.stat(KEY)
    assert before is not None
    assert (await blobs.fetch(KEY)).read_bytes() == b"abcdef"
    assert await blobs.stat(KEY) == before
    assert await blobs.stat("recordings/one/other.mp4") is None
    with pytest.raises(BlobMissing):
        await blobs.fetch("recordings/one/other.mp4")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "..",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        ".hidden",
        "a\\b",
        "a\0b",
        "é",
        "a\n",
        "x" * 200,
    ],
)
async def test_a_key_that_could_leave_the_store_is_refused(blobs: BlobStore, key: str) -> None:
    with pytest.raises(BlobKeyInvalid):
        await blobs.append(key, 0, b"x")
    with pytest.raises(BlobKeyInvalid):
        await blobs.delete(key)


async def test_finished_blobs_move_out_once_and_come_back(
    tmp_path: Path, bucket_double: dict[str, str]
) -> None:
    blobs = s3(S3Blobs, tmp_path)
    data = os.urandom(9 << 20)  # more than one part
    await blobs.append(KEY, 0, data)
    await blobs.append("recordings/one/poster.jpg", 0, b"picture")
    assert await blobs.evict(KEY) is False, "nothing leaves that is nowhere else"
    assert await blobs.move_out("recordings/one") == len(data) + 7
    assert await blobs.move_out("recordings/one") == 0
    before = await blobs.stat(KEY)
    assert await blobs.evict(KEY)
    assert not blobs.local_path(KEY).exists()
    assert (await blobs.fetch(KEY)).read_bytes() == data
    assert await blobs.stat(KEY) == before
    await blobs.append("recordings/one/poster.jpg", 0, b"a better one")
    assert await blobs.evict("recordings/one/poster.jpg") is False, "the bucket has an older one"
    assert await blobs.move_out("recordings/one") == 12


async def test_an_address_of_the_bucket_is_for_one_file_as_it_is(
    tmp_path: Path, bucket_double: dict[str, str]
) -> None:
    blobs = s3(S3Blobs, tmp_path)
    await blobs.check()
    await blobs.append(KEY, 0, b"abcdef")
    assert await blobs.signed_url(KEY, "GET", 60) is None
    await blobs.move_out("recordings/one")
    url = await blobs.signed_url(KEY, "GET", 60)
    assert url is not None
    assert url.startswith(f"{blobs.origin}/")
    async with httpx.AsyncClient(trust_env=False) as viewer:
        answer = await viewer.get(url, headers={"Range": "bytes=2-3"})
    assert (answer.status_code, answer.content) == (206, b"cd")
    assert answer.headers["content-type"] == "video/mp4"
    assert "immutable" in answer.headers["cache-control"]
    await blobs.append(KEY, 6, b"more")
    assert await blobs.signed_url(KEY, "GET", 60) is None


async def test_a_bucket_that_fails_is_an_error_of_the_port_and_loses_nothing(
    tmp_path: Path, bucket_double: dict[str, str]
) -> None:
    blobs = s3(S3Blobs, tmp_path)
    blobs._bucket = open_bucket("s3://no-such-bucket")
    await blobs.append(KEY, 0, b"abc")
    with pytest.raises(BlobError):
        await blobs.move_out("recordings/one")
    assert await content(blobs.read(KEY)) == b"abc"
    assert await blobs.evict(KEY) is False


async def test_a_full_disk_leaves_the_blob_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = LocalBlobs(tmp_path)
    await blobs.append(KEY, 0, b"abc")

    def half_then_full(file: object, offset: int, chunks: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(blobs_local, "_write", half_then_full)
    with pytest.raises(BlobStoreFull):
        await blobs.append(KEY, 3, b"def")
    assert await blobs.size(KEY) == 3


async def test_evicted_bytes_leave_the_memory(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    await blobs.append(KEY, 0, os.urandom(4 << 20), sync=False)
    before = resident(blobs.local_path(KEY))
    if before < 4 << 20:
        pytest.skip("this folder's file system keeps no pages in memory, or fincore is not here")
    await blobs.sync(KEY)
    assert resident(blobs.local_path(KEY)) == before
    await blobs.sync(KEY, evict=True)
    if filesystem(tmp_path) == "tmpfs":
        pytest.skip("a file on tmpfs is nowhere but in memory")
    assert resident(blobs.local_path(KEY)) < before // 2


def resident(path: Path) -> int:
    """Bytes of a file that are in the page cache; 0 where nobody tells."""
    if shutil.which("fincore") is None:
        return 0
    told = subprocess.run(["fincore", "-bno", "RES", path], capture_output=True, text=True, check=True)
    return int(told.stdout)


def filesystem(path: Path) -> str:
    told = subprocess.run(["stat", "-fc", "%T", path], capture_output=True, text=True, check=True)
    return told.stdout.strip()
