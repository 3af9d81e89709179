"""The HTTP protocol of the server: uvicorn's fast one, with bounded heads and large bodies read in place.

Its parser has no limit on the size of a request's head; this one has. (The slow one, h11, does: it is taken
where the fast one is not installed.)
"""

import asyncio
from typing import Any

from server.large_body import LARGE, LargeBody

MAX_HEAD_BYTES = 64 * 1024
_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def http_protocol() -> Any:
    """A class for uvicorn's `http` option, or the name of one of its own."""
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol  # noqa: PLC0415 (optional)
    except ImportError:
        return "h11"

    class HeddleProtocol(HttpToolsProtocol):
        """Ends a connection whose head does not end, and hands large bodies to LargeBody."""

        _head_bytes = 0
        _in_head = False
        _large_body: LargeBody | None = None

        def on_message_begin(self) -> None:
            self._in_head, self._head_bytes = True, 0
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._in_head = False
            super().on_headers_complete()
            size = _known_size(self.headers)
            if size >= LARGE and not (
                self.expect_100_continue or self.parser.should_upgrade() or self.pipeline
            ):
                self._large_body = LargeBody(self, size)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self._large_body is not None:
                body, self._large_body = self._large_body, None
                body.take_over()
            elif self._in_head:
                self._bound_head(len(data))

        def _bound_head(self, count: int) -> None:
            self._head_bytes += count
            transport: asyncio.Transport = self.transport
            if self._head_bytes > MAX_HEAD_BYTES and not transport.is_closing():
                transport.write(_REFUSAL)
                transport.close()

    return HeddleProtocol


def _known_size(headers: list[tuple[bytes, bytes]]) -> int:
    """Content-Length, which the parser has checked; 0 where the body is chunked."""
    found = dict(headers)
    return 0 if b"transfer-encoding" in found else int(found.get(b"content-length", 0))
