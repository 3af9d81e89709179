"""Blobs in a bucket of S3 or a compatible store, with a folder of this machine in front of it (the spool).

Uploads grow and codecs read at random, which buckets cannot serve: blobs are made in the spool, whole, and
`move_out` copies finished ones to the bucket. A note beside the spool says what the bucket has, so that
nothing is asked over the network to know it. `evict` then frees the spool; `fetch` brings a blob back.
"""

import asyncio
import json
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from server.adapters.blobs_local import PIECE, LocalBlobs
from server.errors import SetupError
from server.ports.blobs import BlobError, BlobMissing, Buffer, Stat

T = TypeVar("T")

TYPES = {
    "mp4": "video/mp4",
    "m4a": "audio/mp4",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "json": "application/json",
    "vtt": "text/vtt; charset=utf-8",
}
_CHUNK = 8 << 20  # of multipart uploads
_CACHING = "private, max-age=31536000, immutable"
_CHECK = "heddle-check"


def open_bucket(url: str) -> S3Store:
    """For `s3://bucket/prefix`; credentials, region and endpoint come from the AWS_* variables."""
    parts = urlsplit(url)
    if not parts.netloc:
        raise SetupError(
            "The object storage has no name",
            f"{url} does not say which bucket.",
            "Set HEDDLE_BLOBS_URL to s3://bucket or s3://bucket/prefix.",
        )
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config={"endpoint": endpoint} if endpoint else {},  # None would be refused
        client_options={"allow_http": bool(endpoint and endpoint.startswith("http://"))},
        retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=30)},
    )


class S3Blobs:
    """BlobStore and Archive. `notes` is a folder beside that of the spool."""

    def __init__(self, spool: LocalBlobs, notes: LocalBlobs, bucket: S3Store) -> None:
        self._spool = spool
        self._notes = notes
        self._bucket = bucket
        self._fetching: dict[str, asyncio.Lock] = {}
        self.origin = ""

    async def check(self) -> None:
        """Raises SetupError when the bucket does not answer."""
        try:
            await obstore.list_with_delimiter_async(self._bucket, prefix=_CHECK)
            signed = await obstore.sign_async(self._bucket, "GET", _CHECK, timedelta(minutes=1))
        except (BaseError, OSError) as problem:
            raise SetupError(
                "The object storage cannot be used",
                str(problem).splitlines()[0][:300],
                "Check HEDDLE_BLOBS_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for a "
                "store that is not Amazon's, AWS_ENDPOINT_URL.",
            ) from problem
        parts = urlsplit(signed)
        self.origin = f"{parts.scheme}://{parts.netloc}"

    def local_path(self, key: str) -> Path:
        return self._spool.local_path(key)

    async def append(
        self, key: str, offset: int, data: Buffer | Sequence[Buffer], *, sync: bool = True
    ) -> int:
        if offset and await self.stat(key) is not None:
            await self.fetch(key)
        return await self._spool.append(key, offset, data, sync=sync)

    async def sync(self, key: str, *, evict: bool = False) -> None:
        if await self._spool.stat(key) is None and await self.stat(key) is not None:
            return
        await self._spool.sync(key, evict=evict)

    async def read(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        note = None if await self._spool.stat(key) is not None else await self._note(key)
        if note is None:
            pieces = self._spool.read(key, start, length)
        else:
            pieces = self._read_bucket(key, note, start, length)
        async for piece in pieces:
            yield piece

    async def size(self, key: str) -> int | None:
        found = await self.stat(key)
        return None if found is None else found.size

    async def stat(self, key: str) -> Stat | None:
        return await self._spool.stat(key) or await self._note(key)

    async def put_file(self, key: str, path: Path) -> int:
        return await self._spool.put_file(key, path)

    async def fetch(self, key: str) -> Path:
        path = self._spool.local_path(key)
        async with self._fetching.setdefault(key, asyncio.Lock()):
            try:
                if await self._spool.stat(key) is None:
                    note = await self._note(key)
                    if note is None:
                        raise BlobMissing(f"there is no {key}")
                    await self._download(key, path, note)
            finally:
                self._fetching.pop(key, None)
        return path

    async def delete(self, prefix: str) -> None:
        await self._spool.delete(prefix)
        await _asked(self._delete_in_bucket(prefix))
        await self._notes.delete(prefix)

    async def move_out(self, prefix: str) -> int:
        moved = 0
        for key in await asyncio.to_thread(self._keys_under, prefix):
            there = await self._spool.stat(key)
            if there is None or there == await self._note(key):
                continue
            await _asked(self._upload(key))
            await self._write_note(key, there)
            moved += there.size
        return moved

    async def evict(self, key: str) -> bool:
        there = await self._spool.stat(key)
        if there is None or there != await self._note(key):
            return False
        await self._spool.delete(key)
        return True

    async def signed_url(self, key: str, method: str, lifetime_s: int) -> str | None:
        note = await self._note(key)
        if note is None or note != await self.stat(key):
            return None
        http_method: Literal["GET", "HEAD"] = "HEAD" if method == "HEAD" else "GET"
        signing = obstore.sign_async(self._bucket, http_method, key, timedelta(seconds=lifetime_s))
        return await _asked(signing)

    def _keys_under(self, prefix: str) -> list[str]:
        folder = self._spool.local_path(prefix)
        return sorted(f"{prefix}/{path.name}" for path in folder.glob("[!.]*") if path.is_file())

    async def _note(self, key: str) -> Stat | None:
        try:
            text = await asyncio.to_thread(self._notes.local_path(key).read_text)
            return Stat(**json.loads(text))
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
            return None  # a torn note is none: the blob then goes out once more

    async def _write_note(self, key: str, stat: Stat) -> None:
        await self._notes.append(key, 0, json.dumps(asdict(stat)).encode())

    async def _upload(self, key: str) -> None:
        attributes = {"Cache-Control": _CACHING}
        if (kind := TYPES.get(key.rpartition(".")[2])) is not None:
            attributes["Content-Type"] = kind
        path = self._spool.local_path(key)
        await obstore.put_async(self._bucket, key, path, attributes=attributes, chunk_size=_CHUNK)

    async def _download(self, key: str, path: Path, note: Stat) -> None:
        """All of it or nothing, with the times it had: caches know a file by them."""
        half = path.with_name(f".{uuid.uuid4().hex}.half")
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        try:
            with await asyncio.to_thread(half.open, "wb") as file:
                async for piece in self._read_bucket(key, note, 0, None):
                    await asyncio.to_thread(file.write, piece)
            await asyncio.to_thread(_settle, half, path, note)
        finally:
            await asyncio.to_thread(half.unlink, missing_ok=True)

    async def _read_bucket(
        self, key: str, note: Stat, start: int, length: int | None
    ) -> AsyncIterator[bytes]:
        end = note.size if length is None else min(start + length, note.size)
        for at in range(start, end, _CHUNK):
            asking = obstore.get_range_async(self._bucket, key, start=at, end=min(end, at + _CHUNK))
            chunk = memoryview(await _asked(asking))
            for first in range(0, len(chunk), PIECE):
                yield bytes(chunk[first : first + PIECE])

    async def _delete_in_bucket(self, prefix: str) -> None:
        paths = [prefix]
        async for batch in obstore.list(self._bucket, prefix=prefix):
            paths += [one["path"] for one in batch]
        await obstore.delete_async(self._bucket, paths)


async def _asked(answer: Awaitable[T]) -> T:
    """The bucket's answer, or the port's error."""
    try:
        return await answer
    except FileNotFoundError as missing:
        raise BlobMissing("the bucket has no such blob") from missing
    except (BaseError, OSError) as problem:
        raise BlobError(f"the object storage failed: {str(problem).splitlines()[0][:300]}") from problem


def _settle(half: Path, path: Path, note: Stat) -> None:
    if half.stat().st_size != note.size:
        raise BlobError(f"the object storage has {half.stat().st_size} of {note.size} bytes of {path.name}")
    os.utime(half, ns=(note.modified_ns, note.modified_ns))
    half.chmod(0o600)
    half.replace(path)
