"""uvicorn's fast HTTP parser has no limit on the size of a request's head; this one has.

(The other one, h11, does: it is taken where the fast one is not installed.)
"""

import asyncio
from typing import Any

MAX_HEAD_BYTES = 64 * 1024
_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def http_protocol() -> Any:
    """A class for uvicorn's `http` option, or the name of one of its own."""
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol  # noqa: PLC0415 (optional)
    except ImportError:
        return "h11"

    class BoundedHead(HttpToolsProtocol):
        """Ends a connection whose head does not end."""

        _head_bytes = 0
        _in_head = False

        def on_message_begin(self) -> None:
            self._in_head, self._head_bytes = True, 0
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._in_head = False
            super().on_headers_complete()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if not self._in_head:
                return
            self._head_bytes += len(data)
            transport: asyncio.Transport = self.transport
            if self._head_bytes > MAX_HEAD_BYTES and not transport.is_closing():
                transport.write(_REFUSAL)
                transport.close()

    return BoundedHead
