"""The WebSocket protocol of the server: uvicorn's, which also ends with a peer that does not read.

uvicorn closes a connection when what was written has been sent; to a peer that is there and reads nothing it
never is, and so the connection and all that hangs on it would stay for ever.
"""

import asyncio

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

# A ping is sent this often, and its answer is waited for as long.
PING_S = 20.0
# Messages are commands of a few lines, never media.
MAX_MESSAGE_BYTES = 64 * 1024
ABORT_S = 5.0  # from the end of a connection for us to its end for everybody


class HeddleSocketProtocol(WebSocketsSansIOProtocol):
    """Cuts off what does not close."""

    _abort_timer: asyncio.TimerHandle | None = None

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_soon()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self._abort_soon()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        super().connection_lost(exc)

    def _abort_soon(self) -> None:
        if self._abort_timer is None and not self.disconnected:
            self._abort_timer = self.loop.call_later(ABORT_S, self.transport.abort)
