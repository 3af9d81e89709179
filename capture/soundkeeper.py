"""Keeping a sound source open: one that goes away is looked for until it is there again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from capture.ports import SoundSource
from capture.soundfeed import Feed, Kind

log = logging.getLogger(__name__)

WATCH_EVERY_S = 0.2
LOOK_EVERY_S = 1.0
# A microphone that is open gives blocks, whatever is heard; this one hangs. Sound servers need up to two
# seconds for the first.
HANGS_AFTER_S = 4.0

Open = Callable[[], SoundSource]


class Keeper:
    """Watches from a thread of its own, for opening a device may take long and its driver may hang.

    `source` is what is open already, None where nothing is yet. `open_again` raises any exception while the
    device is not there.
    """

    def __init__(self, feed: Feed, source: SoundSource | None, open_again: Open) -> None:
        self._feed, self._source, self._open = feed, source, open_again
        self._opened_at = time.monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heddle-{feed.kind}", daemon=True)

    @property
    def kind(self) -> Kind:
        return self._feed.kind

    @property
    def name(self) -> str | None:
        """Of the source that was there at first, if one was."""
        return self._source.name if self._source is not None else None

    @property
    def channels(self) -> int:
        return self._source.channels if self._source is not None else 1

    @property
    def open_at_start(self) -> bool:
        return self._source is not None

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout: float) -> bool:
        """Close the source and look no more; False when a driver holds the thread. Idempotent."""
        self._stopping.set()
        if self._thread.ident is None:
            self._close()
            return True
        self._thread.join(max(0.0, timeout))
        return not self._thread.is_alive()

    def _run(self) -> None:
        look_at = 0.0
        while not self._stopping.wait(WATCH_EVERY_S):
            if self._source is not None:
                self._watch(self._source)
            elif time.monotonic() >= look_at:
                self._look()
                look_at = time.monotonic() + LOOK_EVERY_S
        self._close()

    def _watch(self, source: SoundSource) -> None:
        reason = source.failed()
        if reason is None and self._hangs():
            reason = "It gives no sound any more."
        if reason is not None:
            self._close()
            self._feed.lost(reason)

    def _hangs(self) -> bool:
        """System audio may say nothing for hours: some systems give no blocks while nothing plays."""
        last = max(self._opened_at, self._feed.heard_at)
        return self.kind is Kind.MICROPHONE and time.monotonic() - last > HANGS_AFTER_S

    def _look(self) -> None:
        try:
            source = self._open()
        except Exception as error:  # noqa: BLE001 - whatever keeps it from opening, it is looked for again
            log.debug("%s: %s", self._feed.kind, error)
            return
        self._source, self._opened_at = source, time.monotonic()

    def _close(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()
