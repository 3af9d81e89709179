"""The HTTP protocol of the server: uvicorn's fast one, with bounded heads and large bodies read in place.

Its parser has no limit on the size of a request's head, nor on the time it takes; this one has both.
Raises ImportError where httptools is not installed.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.large_body import LARGE, LargeBody

MAX_HEAD_BYTES = 64 * 1024
HEAD_TIMEOUT_S = 20.0  # from the connection, or a request's first byte, to the end of its head
_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class HeddleProtocol(HttpToolsProtocol):
    """Ends a connection whose head does not end, and hands large bodies to LargeBody."""

    _head_bytes = 0
    _in_head = False
    _head_timer: asyncio.TimerHandle | None = None
    _large_body: LargeBody | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn narrows it
        super().connection_made(transport)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._in_head, self._head_bytes = True, 0
        if self._head_timer is None:
            self._watch_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._forget_head()
        super().on_headers_complete()
        size = _known_size(self.headers)
        if size >= LARGE and not (self.expect_100_continue or self.parser.should_upgrade() or self.pipeline):
            self._large_body = LargeBody(self, size)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._large_body is not None:
            body, self._large_body = self._large_body, None
            body.take_over()
        elif self._in_head:
            self._bound_head(len(data))

    def _watch_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_TIMEOUT_S, self.transport.close)

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _bound_head(self, count: int) -> None:
        self._head_bytes += count
        transport: asyncio.Transport = self.transport
        if self._head_bytes > MAX_HEAD_BYTES and not transport.is_closing():
            transport.write(_REFUSAL)
            transport.close()


def _known_size(headers: list[tuple[bytes, bytes]]) -> int:
    """Content-Length, which the parser has checked; 0 where the body is chunked."""
    found = dict(headers)
    return 0 if b"transfer-encoding" in found else int(found.get(b"content-length", 0))
