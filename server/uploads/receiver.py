"""A body on its way to the disk: pieces of 4 MiB, each hashed and written at once in two threads as the next
one arrives.

What was received counts when it is synced and the row says so, which happens each second, every 64 MiB and at
the end. The disk is kept busy beside that: each 16 MiB are flushed while the next are received, so that
little is left to wait for. A checksum speaks of the whole body, so with one nothing counts before the end.
A body beyond 64 MiB is a file on its way, not a recording that is being watched: it does not stay in memory.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import ClientDisconnect

from server.ports.blobs import BlobStore
from server.uploads.errors import ChecksumMismatch, UploadTooLarge
from server.uploads.locks import Hold
from server.uploads.protocol import Checksum

PIECE = 1 << 22
AHEAD = 2  # pieces that may wait for the disk
FLUSH_BYTES = 16 << 20
COMMIT_BYTES = 64 << 20
COMMIT_S = 1.0
BULK_BYTES = 64 << 20
IDLE_TIMEOUT_S = 60.0  # a client that sends nothing for so long is gone

Body = AsyncIterator[bytes]
Piece = list[bytes]


class Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...
    def copy(self) -> "Hash": ...


@dataclass(slots=True)
class Running:
    """The SHA-256 of the first `offset` bytes of a file."""

    offset: int
    sha256: Hash = field(default_factory=hashlib.sha256)


class BodyCut(Exception):
    """The body ended early: the client went away, or gave way to another request."""


class Receiver:
    """Takes one body. `commit` is called with each new running state whose bytes are on disk.

    `inspect` sees each piece, with its offset, before it is written, and raises for what is not to be kept.
    """

    def __init__(
        self,
        blobs: BlobStore,
        key: str,
        running: Running,
        *,
        limit: int,
        checksum: Checksum | None,
        commit: Callable[[Running], Awaitable[None]],
        inspect: Callable[[int, Piece], Awaitable[None]],
    ) -> None:
        self._blobs = blobs
        self._key = key
        self._limit = limit
        self._checksum = checksum
        self._commit = commit
        self._inspect = inspect
        self._running = Running(running.offset, running.sha256.copy())
        self._body_hash = None if checksum is None else _new_hash(checksum.algorithm)
        self._begin = self._committed = running.offset
        self._committed_at = asyncio.get_running_loop().time()
        self._received = running.offset  # bytes taken from the body, written or not
        self._writing: deque[asyncio.Task[None]] = deque()
        self._flushed = running.offset
        self._flushing: asyncio.Task[None] | None = None
        self._cut = False

    async def take(self, body: Body, hold: Hold) -> None:
        """Raises BodyCut, ChecksumMismatch, UploadTooLarge or BlobStoreFull.

        What arrived before a cut is kept, unless a checksum was to say whether it is right.
        """
        try:
            while piece := await self._next_piece(body, hold):
                await self._inspect(self._received - sum(map(len, piece)), piece)
                await self._begin_write(piece)
            await self._all_written()
        finally:  # where something failed, the others are let finish, and end for the same reason
            left = [*self._writing, *([self._flushing] if self._flushing else [])]
            await asyncio.gather(*left, return_exceptions=True)
        await self._end()

    async def _next_piece(self, body: Body, hold: Hold) -> Piece:
        """Empty at the end of the body."""
        piece: Piece = []
        size = 0
        late = asyncio.get_running_loop().time() + COMMIT_S
        while size < PIECE and not self._cut:
            chunk = await self._pull(body, hold)
            if chunk is None:
                break
            if chunk:
                piece.append(chunk)
                size += len(chunk)
                if asyncio.get_running_loop().time() > late:
                    break  # a slow client: viewers shall not wait for a full piece
        self._received += size
        if self._received > self._limit:
            raise UploadTooLarge("More bytes came than this upload may have.")
        return piece

    async def _pull(self, body: Body, hold: Hold) -> bytes | None:
        try:
            async with asyncio.timeout(IDLE_TIMEOUT_S) as patience:
                hold.touch(patience)
                return await anext(body, None)
        except (TimeoutError, ClientDisconnect):
            self._cut = True
            return None

    async def _begin_write(self, piece: Piece) -> None:
        """In order; receiving goes on while the disk is slow, until `AHEAD` pieces wait."""
        while len(self._writing) >= AHEAD:
            await _result(self._writing.popleft())
        before = self._writing[-1] if self._writing else None
        self._writing.append(asyncio.create_task(self._write(piece, before)))

    async def _all_written(self) -> None:
        while self._writing:
            await _result(self._writing.popleft())
        if self._flushing is not None:
            await _result(self._flushing)

    async def _end(self) -> None:
        if self._body_hash is None or self._checksum is None:
            await self._sync_and_commit()
        elif not self._cut:
            if not self._checksum.matches(self._body_hash.digest()):
                raise ChecksumMismatch(
                    "The bytes differ from their checksum and were not kept: send them again."
                )
            await self._sync_and_commit()
        if self._cut:
            raise BodyCut

    def _begin_flush(self) -> None:
        """One at a time; what fails in it is raised by the next, or at the end."""
        if self._flushing is not None:
            if not self._flushing.done():
                return
            self._flushing.result()
        if self._commit_due() or self._running.offset - self._flushed >= FLUSH_BYTES:
            self._flushed = self._running.offset
            self._flushing = asyncio.create_task(self._flush(self._state()))

    async def _flush(self, reached: Running) -> None:
        await self._sync()
        if self._commit_due():
            await self._note(reached)

    def _commit_due(self) -> bool:
        if self._checksum is not None:
            return False
        late = asyncio.get_running_loop().time() - self._committed_at >= COMMIT_S
        return late or self._running.offset - self._committed >= COMMIT_BYTES

    async def _sync_and_commit(self) -> None:
        if self._running.offset != self._committed:
            await self._sync()
            await self._note(self._state())

    async def _sync(self) -> None:
        await self._blobs.sync(self._key, evict=self._running.offset - self._begin > BULK_BYTES)

    async def _note(self, reached: Running) -> None:
        """`reached` is on disk."""
        await self._commit(reached)
        self._committed = reached.offset
        self._committed_at = asyncio.get_running_loop().time()

    def _state(self) -> Running:
        return Running(self._running.offset, self._running.sha256.copy())

    async def _write(self, piece: Piece, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await _result(before)
        hashes = (
            [self._running.sha256] if self._body_hash is None else [self._running.sha256, self._body_hash]
        )
        hashing = asyncio.create_task(asyncio.to_thread(_update, hashes, piece))
        try:
            self._running.offset = await self._blobs.append(
                self._key, self._running.offset, piece, sync=False
            )
        finally:
            await _result(hashing)
        self._begin_flush()


async def _result(task: asyncio.Task[None]) -> None:
    """Wait without passing a cancellation on: a write is let finish."""
    await asyncio.wait({task})
    task.result()


def _update(hashes: Sequence[Hash], piece: Piece) -> None:
    for chunk in piece:
        for one in hashes:
            one.update(chunk)


def _new_hash(algorithm: str) -> Hash:
    return hashlib.new(algorithm, usedforsecurity=False)
