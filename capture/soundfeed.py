"""Between the systems' sound threads and ours: blocks, and word of what came and went, in one order."""

from __future__ import annotations

import queue
import time
from dataclasses import dataclass
from enum import StrEnum

from capture.model import Counters, SoundBlock

INBOX = 500  # blocks of one source: five seconds of 10 ms


class Kind(StrEnum):
    """Where sound comes from."""

    MICROPHONE = "microphone"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Lost:
    """The source gives nothing any more; `reason` is a sentence for a person."""

    reason: str


News = SoundBlock | Lost  # a block after a loss says that the source is back


class Inbox:
    """What all sources gave, in order. Putting never waits; a source whose share is full drops and counts."""

    def __init__(self, counters: Counters) -> None:
        self._queue: queue.SimpleQueue[tuple[Feed, News]] = queue.SimpleQueue()
        self._counters = counters

    def feed(self, kind: Kind) -> Feed:
        return Feed(kind, self)

    def get(self, timeout: float) -> tuple[Kind, News] | None:
        try:
            feed, news = self._queue.get(timeout=timeout) if timeout else self._queue.get_nowait()
        except queue.Empty:
            return None
        if isinstance(news, SoundBlock):
            feed.taken += 1
        return feed.kind, news

    def put(self, feed: Feed, news: News) -> None:
        self._queue.put((feed, news))

    def dropped(self) -> None:
        self._counters.audio_drops += 1


class Feed:
    """One source's way into the inbox. `block` is called from the system's sound thread."""

    def __init__(self, kind: Kind, inbox: Inbox) -> None:
        self.kind = kind
        self.heard_at = 0.0  # monotonic time of the last block's arrival
        self.given = 0
        self.taken = 0
        self._inbox = inbox

    def block(self, block: SoundBlock) -> None:
        self.heard_at = time.monotonic()
        full = self.given - self.taken >= INBOX
        if full or block.after_loss:
            self._inbox.dropped()
        if not full:
            self.given += 1
            self._inbox.put(self, block)

    def lost(self, reason: str) -> None:
        self._inbox.put(self, Lost(reason))
