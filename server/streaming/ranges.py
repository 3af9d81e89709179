"""Byte ranges of files that may still grow (RFC 9110, section 14)."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.preconditions import is_among

PIECE = 512 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to, not including, `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def parse_range(value: str | None, size: int) -> Span | None:
    """The span that a Range header asks for; None where the whole file is to be sent.

    Several ranges at once, which no player asks for, get the whole file, as the RFC allows.
    Raises ValueError when nothing of the range is there.
    """
    found = _RANGE.fullmatch(value.strip()) if value else None
    if found is None or (not found[1] and not found[2]):
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(int(found[2]) + 1 if found[2] else size, size)
        if found[2] and int(found[2]) < start:
            return None
    if start >= end:
        raise ValueError("nothing of this range is there")
    return Span(start, end)


class FileSpan(Response):
    """A file, or the part of it that was asked for, up to `size`: what lies behind is not committed."""

    def __init__(
        self, path: Path, size: int, *, media_type: str, etag: str | None, headers: Mapping[str, str]
    ) -> None:
        super().__init__(None, media_type=media_type, headers={"Accept-Ranges": "bytes", **headers})
        self._path = path
        self._size = size
        self._etag = etag
        if etag is not None:
            self.headers["ETag"] = etag

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope)
        if self._etag is not None and is_among(asked.get("if-none-match"), self._etag):
            self.status_code = 304
            del self.headers["content-length"]
            await self._start(send)
            await send({"type": "http.response.body", "body": b""})
            return
        span = self._span(asked)
        self.headers["content-length"] = str(span.length)
        body = scope["method"] != "HEAD" and span.length > 0
        if body and span.length == self._size and "http.response.pathsend" in scope.get("extensions", {}):
            await self._start(send)
            await send({"type": "http.response.pathsend", "path": str(self._path)})
        elif body:
            await self._send_span(span, send)
        else:
            await self._start(send)
            await send({"type": "http.response.body", "body": b""})

    def _span(self, asked: Headers) -> Span:
        whole = Span(0, self._size)
        condition = asked.get("if-range")
        if condition is not None and condition != self._etag:
            return whole
        try:
            span = parse_range(asked.get("range"), self._size)
        except ValueError:
            self.status_code = 416
            self.headers["Content-Range"] = f"bytes */{self._size}"
            self.headers["Cache-Control"] = "no-store"
            return Span(0, 0)
        if span is None:
            return whole
        self.status_code = 206
        self.headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{self._size}"
        return span

    async def _send_span(self, span: Span, send: Send) -> None:
        file = await asyncio.to_thread(self._path.open, "rb", 0)
        try:
            await self._start(send)
            await asyncio.to_thread(file.seek, span.start)
            left = span.length
            while left:
                data = await asyncio.to_thread(file.read, min(PIECE, left))
                if not data:  # deleted or damaged under our hands: the connection is cut, not padded
                    raise OSError(f"{self._path.name} ended {left} bytes early")
                left -= len(data)
                await send({"type": "http.response.body", "body": data, "more_body": left > 0})
        finally:
            await asyncio.to_thread(file.close)

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
