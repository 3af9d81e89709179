"""What was worked out from the database alone, remembered until anything in it changes.

Pages ask the same lists again and again, and programs show the same token. As long as nobody has written, the
answer is the same, and it costs a look at a counter to know that.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

V = TypeVar("V")

# Some of an answer may hang on the time as well, such as tickets in links; that changes slowly.
LASTS_S = 30.0


class _Turn:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.takers = 0


class Memo(Generic[V]):
    """`version` says how often the database was changed; None where that is not known: then nothing is kept.

    `most` entries are held, those that were asked for last.
    """

    def __init__(self, version: Callable[[], int | None], *, most: int) -> None:
        self._version = version
        self._most = most
        self._held: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._of: int | None = None
        self._turns: dict[Hashable, _Turn] = {}

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """One at a time works a value out: ask `get` again inside, for whoever waited finds it there.

        Without it, all who ask in the moment in which a value ends would work it out at once, and hold each
        other up. Nobody waits where nothing is kept.
        """
        if self._version() is None:
            yield
            return
        turn = self._turns.setdefault(key, _Turn())
        turn.takers += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.takers -= 1
            if not turn.takers:
                del self._turns[key]

    def begin(self) -> int | None:
        """Before anything is read for a value that may be kept."""
        return self._version()

    def get(self, key: Hashable) -> V | None:
        """None where it is not known, or not any more."""
        if not self._held or self._version() != self._of:
            return None
        found = self._held.get(key)
        if found is None or time.monotonic() > found[0]:
            return None
        self._held.move_to_end(key)
        return found[1]

    def keep(self, key: Hashable, value: V, begun: int | None) -> None:
        """`begun` is what `begin` said: what was written meanwhile makes the value old at once."""
        if begun is None:
            return
        if begun != self._of:
            self._held.clear()
            self._of = begun
        self._held[key] = (time.monotonic() + LASTS_S, value)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
