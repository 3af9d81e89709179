"""Moves a file's bytes to an upload: read, checksum, send, next; while one body travels the next is
prepared.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from uploader.errors import SourceChangedError, UploadError
from uploader.limits import RightOfWay, TokenBucket
from uploader.protocol import Place, checksum_of
from uploader.source import Reach, RunningDigest, Source
from uploader.transport import TusClient
from uploader.window import Window

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What one PATCH carries."""

    offset: int
    data: bytes
    checksum: str | None


def _ignore(_: int) -> None:
    """Nobody wants to know."""


class Sender:
    """One upload's bytes. Kept across interruptions: it remembers what was lost and how fast the line is."""

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
        self.window = Window()
        self._tus, self._source = tus, source
        self._buckets, self._way = buckets, way or RightOfWay()
        self._on_sent, self._on_acked = on_sent, on_acked
        self._in_flight: tuple[int, int] | None = None  # offset and bytes of the body that has no answer yet
        self._next: asyncio.Task[Body] | None = None

    async def send(self, url: str, place: Place) -> int:
        """Sends all there is beyond `place`, and for a growing file all there will be; answers the
        length.

        The server knows the length when this returns. Errors as in TusClient; SourceChangedError when the
        file is not of the length that was declared for it.
        """
        self._count_loss(place.offset)
        checksum = (await self._tus.capabilities()).checksum
        try:
            return await self._send(url, place.offset, place.length, checksum)
        finally:
            self._drop_next()

    async def _send(self, url: str, offset: int, length: int | None, checksum: str | None) -> int:
        while True:
            reach = await self._source.beyond(offset)
            if reach.ended and length not in (None, reach.size):
                raise SourceChangedError(f"{length} bytes were announced, there are {reach.size}.")
            if reach.size == offset and length is not None:
                return length
            declared = reach.size if reach.ended and length is None else None
            offset = await self._append(url, offset, reach, declared, checksum)
            length = declared if declared is not None else length

    async def _append(
        self, url: str, offset: int, reach: Reach, declared: int | None, checksum: str | None
    ) -> int:
        """One PATCH; an empty one when only the length is left to be told."""
        if self._source.live:
            async with self._way.live():
                return await self._patch(url, offset, reach, declared, checksum)
        await self._way.wait()
        return await self._patch(url, offset, reach, declared, checksum)

    async def _patch(
        self, url: str, offset: int, reach: Reach, declared: int | None, checksum: str | None
    ) -> int:
        body = await self._take(offset, reach, checksum)
        count = len(body.data)
        final = reach.ended and offset + count == reach.size
        if not final:
            self._prepare(offset + count, reach, checksum)
        started = time.monotonic()
        self._in_flight = (offset, 0)
        acked = await self._tus.append(
            url, self._chunks(body), offset=offset, size=count,
            checksum=body.checksum, declared=declared, final=final,
        )  # fmt: skip
        self._in_flight = None
        if acked != offset + count:
            raise UploadError(f"The server answered offset {acked} instead of {offset + count}.")
        self.window.acked(count, time.monotonic() - started)
        self._on_acked(acked)
        return acked

    async def _take(self, offset: int, reach: Reach, checksum: str | None) -> Body:
        if self._next is None:
            self._prepare(offset, reach, checksum)
        task, self._next = self._next, None
        return await task if task is not None else Body(offset, b"", None)

    def _prepare(self, offset: int, reach: Reach, checksum: str | None) -> None:
        """Reads and hashes the next body in a thread while the network is busy with this one."""
        count = min(reach.size - offset, self.window.next(reach.size, growing=not reach.ended))
        if count > 0:
            self._next = asyncio.create_task(asyncio.to_thread(self._read, offset, count, checksum))

    def _drop_next(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _read(self, offset: int, count: int, checksum: str | None) -> Body:
        data = self._source.read(offset, count) if count else b""
        self.digest.feed(offset, data)
        return Body(offset, data, checksum_of(checksum, data) if checksum and data else None)

    async def _chunks(self, body: Body) -> AsyncIterator[bytes]:
        """The body in pieces that the bandwidth limit lets pass."""
        step = min([CHUNK, *(bucket.burst for bucket in self._buckets if bucket.burst)])
        for start in range(0, len(body.data), step):
            piece = body.data[start : start + step]
            for bucket in self._buckets:
                await bucket.take(len(piece))
            self._in_flight = (body.offset, start + len(piece))
            self._on_sent(len(piece))
            yield piece

    def _count_loss(self, offset: int) -> None:
        """What had left when the line broke, less what the server turned out to have."""
        if self._in_flight is not None:
            start, handed = self._in_flight
            self.window.failed(max(0, start + handed - offset))
            self._in_flight = None
