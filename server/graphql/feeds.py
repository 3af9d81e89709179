"""Events of one recording for whoever subscribed to it.

Each subscription has a bounded queue; in a full one the oldest gives way, for what comes next says more.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from server.bus import Bus, Event

QUEUE = 64

Feed = asyncio.Queue[Event]


class Feeds:
    """Subscribes to the bus once, for all."""

    def __init__(self) -> None:
        self._feeds: defaultdict[str, set[Feed]] = defaultdict(set)

    def start(self, bus: Bus) -> None:
        bus.subscribe(self.hear)

    @contextmanager
    def watch(self, recording_id: str) -> Iterator[Feed]:
        """Gets every event of the recording from now on."""
        feed: Feed = asyncio.Queue(QUEUE)
        self._feeds[recording_id].add(feed)
        try:
            yield feed
        finally:
            mine = self._feeds[recording_id]
            mine.discard(feed)
            if not mine:
                del self._feeds[recording_id]

    async def hear(self, event: Event) -> None:
        for feed in self._feeds.get(event.recording_id or "", ()):
            _put(feed, event)

    def __len__(self) -> int:
        return sum(map(len, self._feeds.values()))


def _put(feed: Feed, event: Event) -> None:
    if feed.full():
        feed.get_nowait()
    feed.put_nowait(event)
