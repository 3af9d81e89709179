"""Moves a file's bytes to an upload: read, checksum, send, next; while one body travels the next is
prepared.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from uploader.errors import ServerUnreachableError, SourceChangedError, UploadError
from uploader.limits import RightOfWay, TokenBucket
from uploader.protocol import Place, checksum_of
from uploader.source import Reach, RunningDigest, Source
from uploader.transport import TusClient
from uploader.window import Window

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What one PATCH carries."""

    offset: int
    data: bytes
    checksum: str | None


def _ignore(_: int) -> None:
    """Nobody wants to know."""


class Sender:
    """One upload's bytes. Kept across interruptions: it remembers how the line behaved."""

    def __init__(
        self,
        tus: TusClient,
        source: Source,
        *,
        buckets: tuple[TokenBucket, ...] = (),
        way: RightOfWay | None = None,
        on_sent: Callable[[int], None] = _ignore,
        on_acked: Callable[[int], None] = _ignore,
    ) -> None:
        self.digest = RunningDigest()
        self._tus, self._source = tus, source
        self._buckets, self._way = buckets, way or RightOfWay()
        self._on_sent, self._on_acked = on_sent, on_acked
        self._window = Window()
        self._travelling = False  # bytes of a body have left that has no answer
        self._next: asyncio.Task[Body] | None = None
        self._algorithm: str | None = None

    async def send(self, url: str, place: Place) -> int:
        """Sends all there is beyond `place`, and for a growing file all there will be; answers the
        length.

        The server knows the length when this returns. Errors as in TusClient; SourceChangedError when the
        file is not of the length that was declared for it.
        """
        if self._travelling:
            self._window.interrupted()
            self._travelling = False
        self._algorithm = (await self._tus.capabilities()).checksum
        try:
            return await self._send(url, place.offset, place.length)
        finally:
            self._drop_next()

    async def _send(self, url: str, offset: int, length: int | None) -> int:
        while True:
            reach = await self._source.beyond(offset)
            if reach.ended and length not in (None, reach.size):
                raise SourceChangedError(f"{length} bytes were announced, there are {reach.size}.")
            if reach.size == offset and length is not None:
                return length
            declared = reach.size if reach.ended and length is None else None
            offset = await self._in_turn(url, offset, reach, declared)
            length = length if declared is None else declared

    async def _in_turn(self, url: str, offset: int, reach: Reach, declared: int | None) -> int:
        if self._source.live:
            async with self._way.live():
                return await self._patch(url, offset, reach, declared)
        await self._way.wait()
        return await self._patch(url, offset, reach, declared)

    async def _patch(self, url: str, offset: int, reach: Reach, declared: int | None) -> int:
        """One request; an empty one when only the length is left to be told."""
        body = await self._take(offset, reach)
        count = len(body.data)
        final = reach.ended and offset + count == reach.size
        if not final:
            self._prepare(offset + count, reach)
        started = time.monotonic()
        acked = await self._append(url, body, declared=declared, final=final)
        if acked != offset + count:
            raise UploadError(f"The server answered offset {acked} instead of {offset + count}.")
        self._window.acked(count, time.monotonic() - started)
        self._on_acked(acked)
        return acked

    async def _append(self, url: str, body: Body, *, declared: int | None, final: bool) -> int:
        """Leaves `_travelling` set when the line broke: then it is unknown what has arrived."""
        try:
            acked = await self._tus.append(
                url,
                self._chunks(body),
                offset=body.offset,
                size=len(body.data),
                checksum=body.checksum,
                declared=declared,
                final=final,
            )
        except ServerUnreachableError:
            raise
        except UploadError:
            self._travelling = False
            raise
        self._travelling = False
        return acked

    async def _take(self, offset: int, reach: Reach) -> Body:
        if self._next is None:
            self._prepare(offset, reach)
        task, self._next = self._next, None
        return await task if task is not None else Body(offset, b"", None)

    def _prepare(self, offset: int, reach: Reach) -> None:
        """Reads and hashes the next body in a thread while the network is busy with this one."""
        portion = self._window.next(reach.size, live=self._source.live)
        count = min(reach.size - offset, portion.size)
        if count > 0:
            algorithm = self._algorithm if portion.checked else None
            self._next = asyncio.create_task(asyncio.to_thread(self._read, offset, count, algorithm))

    def _drop_next(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _read(self, offset: int, count: int, algorithm: str | None) -> Body:
        data = self._source.read(offset, count)
        self.digest.feed(offset, data)
        return Body(offset, data, checksum_of(algorithm, data) if algorithm else None)

    async def _chunks(self, body: Body) -> AsyncIterator[bytes]:
        """The body in pieces that the bandwidth limit lets pass."""
        step = min([CHUNK, *(bucket.burst for bucket in self._buckets if bucket.burst)])
        for start in range(0, len(body.data), step):
            piece = body.data[start : start + step]
            for bucket in self._buckets:
                await bucket.take(len(piece))
            self._travelling = True
            self._on_sent(len(piece))
            yield piece
