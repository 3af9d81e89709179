"""Port of the blob storage: where the bytes of recordings lie."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

Buffer = bytes | bytearray | memoryview


class BlobError(Exception):
    """The storage could not do it; adapters translate their driver's errors to this and its kinds."""


class BlobMissing(BlobError):
    """There is no such blob."""


class BlobGap(BlobError):
    """An append would start behind the end of what is there and leave a hole."""


class BlobStoreFull(BlobError):
    """No space is left; what was there before the call still is."""


class BlobKeyInvalid(BlobError):
    """The key could name something outside the store."""


@dataclass(frozen=True, slots=True)
class Stat:
    """Bytes, and nanoseconds since 1970: what has both is the same blob."""

    size: int
    modified_ns: int


class BlobStore(Protocol):
    """Bytes under keys such as `recordings/<id>/source.mp4`: slash-separated words of [A-Za-z0-9._-].

    The caller guarantees one writer per key at a time; readers need no lock and may read while it grows.
    Offsets and lengths are bytes.
    """

    async def append(
        self, key: str, offset: int, data: Buffer | Sequence[Buffer], *, sync: bool = True
    ) -> int:
        """Writes at `offset`, which is at most the size, and returns the new size.

        A sequence is walked once, as its bytes are written, off the event loop.
        Offset 0 creates the blob. Whatever lay behind `offset` (bytes nobody acknowledged) is dropped first.
        With `sync`, all bytes of the blob are on disk when this returns.
        Raises BlobGap, BlobMissing (offset over 0 and no blob) or BlobStoreFull.
        """
        ...

    async def sync(self, key: str, *, evict: bool = False) -> None:
        """All bytes of the blob that were appended before this call are on disk when it returns.

        With `evict` nobody is about to read them, so they need not be kept in memory.
        May run beside an append, which then need not wait for the disk. Raises BlobMissing or BlobStoreFull.
        """
        ...

    def read(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """Pieces of at most 1 MiB; ends early where the blob ends. Raises BlobMissing."""
        ...

    async def size(self, key: str) -> int | None:
        """Bytes, or None when there is no such blob."""
        ...

    async def stat(self, key: str) -> Stat | None:
        """None when there is no such blob."""
        ...

    async def put_file(self, key: str, path: Path) -> int:
        """Takes over a finished local file in one step, replacing what `key` held; returns its size."""
        ...

    async def delete(self, prefix: str) -> None:
        """Removes the blob `prefix` and all under `prefix/`; nothing there is no error."""
        ...

    async def fetch(self, key: str) -> Path:
        """A file of this machine with all of a finished blob, to be read soon. Raises BlobMissing."""
        ...

    def local_path(self, key: str) -> Path:
        """Where a blob lies that is being written here, for readers of files such as codecs."""
        ...


class SignedUrls(Protocol):
    """A store that hands out addresses from which anybody who has one can read a blob, for a while."""

    origin: str  # of these addresses: `https://bucket.example.org`

    async def signed_url(self, key: str, method: str, lifetime_s: int) -> str | None:
        """For one request method, GET or HEAD. None where the blob is not, or not yet, in that place."""
        ...


@runtime_checkable
class Archive(SignedUrls, Protocol):
    """A store that makes blobs on this machine and keeps finished ones elsewhere."""

    async def move_out(self, prefix: str) -> int:
        """Copies the blobs right under `prefix` that changed since they went; how many bytes went.

        The caller knows that nobody writes them. Raises BlobError; what went before stays.
        """
        ...

    async def evict(self, key: str) -> bool:
        """Frees this machine of a blob that is elsewhere too, until `fetch`; False where it is not."""
        ...
