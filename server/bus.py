"""Events on their way inside this process: whoever subscribed hears of each one, in order."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Handler = Callable[["Event"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and is committed. `id` grows with time; seen twice, it is the same event.

    Those that are not kept, for the next replaces them, have 0. `position` says when it was delivered: what
    is delivered later has a greater one, which ids do not promise (see `server.outbox`).
    """

    id: int
    type: str
    recording_id: str | None
    user_id: str | None
    data: dict[str, Any]
    created_at: datetime
    position: int = 0


class Bus:
    """Fan-out to handlers.

    A handler returns when it has done, or durably noted, what the event asks of it; it is called again with
    the same event when it raised, so it is idempotent. It is quick: long work goes to a job row, not in here.
    """

    def __init__(self) -> None:
        self._handlers: list[tuple[Handler, frozenset[str] | None]] = []

    def subscribe(self, handler: Handler, types: Collection[str] | None = None) -> Callable[[], None]:
        """Calls `handler` with every event, or those of `types`; the returned function ends it."""
        entry = (handler, None if types is None else frozenset(types))
        self._handlers.append(entry)
        return lambda: self._handlers.remove(entry) if entry in self._handlers else None

    async def publish(self, event: Event) -> None:
        """Returns when all handlers have; raises an ExceptionGroup of what failed, after all were called."""
        wanted = [handler for handler, types in self._handlers if types is None or event.type in types]
        results = await asyncio.gather(*(handler(event) for handler in wanted), return_exceptions=True)
        failures = [result for result in results if isinstance(result, Exception)]
        if failures:
            raise ExceptionGroup(f"handlers of {event.type} failed", failures)
