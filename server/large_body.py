"""Large request bodies, read from the socket straight into the memory they are kept in.

uvicorn copies each byte of a body four times on its way through the event loop and hands it on in small
pieces: more work than hashing and writing it. Here the kernel fills buffers of 4 MiB, and the application
gets views of them as the bodies of its ASGI messages.
"""

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGE = 256 * 1024  # from this many bytes on it is worth it; what a recorder sends each half second is less
BUFFER = 4 * 1024 * 1024
DISCARD = 64 * 1024  # what nobody wants is read in portions of this size
PATIENCE_S = 0.02  # how long bytes may wait for more to be handed on with


class LargeBody(asyncio.BufferedProtocol):
    """Stands in for the HTTP protocol of a connection while one body of known length arrives."""

    def __init__(self, http: "HttpToolsProtocol", size: int) -> None:
        """Call it as soon as the head is parsed, before the application asks for anything."""
        self._http = http
        self._cycle = http.cycle
        self._cycle.receive = self._receive  # type: ignore[method-assign, assignment] # we stand in for it
        self._left = size
        self._memory = memoryview(b"")
        self._given = self._filled = 0
        self._timer: asyncio.TimerHandle | None = None

    def take_over(self) -> None:
        """Call it when the parser has had all that was read so far."""
        self._left -= len(self._cycle.body)
        if self._left > 0 and not self._http.transport.is_closing():
            self._switch(self)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 (asyncio's signature)
        if self._filled == len(self._memory):
            size = DISCARD if self._cycle.response_complete else BUFFER
            self._memory = memoryview(bytearray(min(size, self._left)))
            self._given = self._filled = 0
        return self._memory[self._filled : self._filled + self._left]

    def buffer_updated(self, nbytes: int) -> None:
        self._filled += nbytes
        self._left -= nbytes
        if self._cycle.response_complete:  # refused: the rest is only read so that the client sees the answer
            self._given = self._filled = 0
        elif not self._left or self._filled == len(self._memory):
            self._http.flow.pause_reading()  # until these are taken
            self._wake()
        elif self._timer is None:
            self._timer = self._http.loop.call_later(PATIENCE_S, self._wake)
        if not self._left:
            self._give_back()

    def eof_received(self) -> None:
        self._http.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._http.connection_lost(exc)

    def pause_writing(self) -> None:
        self._http.pause_writing()

    def resume_writing(self) -> None:
        self._http.resume_writing()

    async def _receive(self) -> dict[str, Any]:
        """ASGI's `receive`: messages whose bodies are views that stay as they are."""
        cycle = self._cycle
        if not cycle.disconnected and not cycle.response_complete:
            self._http.flow.resume_reading()
            await cycle.message_event.wait()
            cycle.message_event.clear()
        if cycle.disconnected or cycle.response_complete:
            return {"type": "http.disconnect"}
        if cycle.body:  # what came along with the head
            first, cycle.body = cycle.body, bytearray()
            if self._given < self._filled:
                cycle.message_event.set()
            return _message(first, more=self._left > 0 or self._given < self._filled)
        piece = self._memory[self._given : self._filled]
        self._given = self._filled
        return _message(piece, more=self._left > 0)

    def _wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._cycle.message_event.set()

    def _give_back(self) -> None:
        """The parser still waits for the body: a new one goes on with the next request."""
        self._http.parser = type(self._http.parser)(self._http)
        self._switch(self._http)
        self._http.flow.resume_reading()

    def _switch(self, protocol: asyncio.BaseProtocol) -> None:
        """uvloop looks at what kind of protocol it has only when it begins to read."""
        self._http.flow.pause_reading()
        self._http.transport.set_protocol(protocol)


def _message(body: bytearray | memoryview, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}
