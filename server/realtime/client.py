"""What one WebSocket has still to be told: a queue with an end."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime

from server.identity.schemas import User
from server.identity.scopes import Scope
from server.realtime.messages import GOING_AWAY

# Messages that wait for one client; one more means that it does not keep up.
QUEUE = 256


class Client:
    """`next()` waits for the next message; None means: close with `close_code` and `close_reason`.

    `key` is whose messages it hears: a person's id, or the name of a recording's viewers. `user` is who
    showed a token; a viewer has the `recording_id` instead, and may hear of it `until` then.
    """

    __slots__ = (
        "_ready",
        "_waiting",
        "close_code",
        "close_reason",
        "closed",
        "key",
        "on_close",
        "recording_id",
        "until",
        "user",
    )

    def __init__(
        self,
        key: str,
        user: User | None = None,
        recording_id: str | None = None,
        until: datetime | None = None,
    ) -> None:
        self.key = key
        self.user = user
        self.recording_id = recording_id
        self.until = until
        self.closed = False
        self.on_close: Callable[[], None] | None = None
        self.close_code, self.close_reason = GOING_AWAY, ""
        self._waiting: deque[str] = deque()
        self._ready: asyncio.Future[None] | None = None

    def hears(self, scope: Scope) -> bool:
        """An API key hears what its scopes name."""
        return self.user is None or self.user.scopes is None or scope in self.user.scopes

    def offer(self, message: str) -> bool:
        """False when the queue is full; the message is dropped then."""
        if self.closed:
            return True  # it is told why it ends, and nothing more
        if len(self._waiting) >= QUEUE:
            return False
        self._waiting.append(message)
        self._wake()
        return True

    def close(self, code: int, reason: str, last: str | None = None) -> None:
        """What is queued is not sent any more, but `last` is."""
        if self.closed:
            return
        self.closed, self.close_code, self.close_reason = True, code, reason
        self._waiting.clear()
        if last is not None:
            self._waiting.append(last)
        self._wake()
        if self.on_close is not None:
            self.on_close()

    async def next(self) -> str | None:
        """Only one task may wait."""
        while not self._waiting:
            if self.closed:
                return None
            self._ready = asyncio.get_running_loop().create_future()
            await self._ready
        return self._waiting.popleft()

    def _wake(self) -> None:
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(None)
