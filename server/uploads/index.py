"""Live indexes: which fragments of each growing recording are committed, and who waits for the next one."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path

from media.fragments import FragmentParser, Layout, read_on

MAX_FINISHED = 64


class LiveIndex:
    """The index of one recording's file, fed with committed bytes alone."""

    def __init__(self, recording_id: str, parser: FragmentParser, *, finished: bool) -> None:
        self.recording_id = recording_id
        self.parser = parser
        self.finished = finished
        self.gone = False
        self.revision = 0
        self._changed = asyncio.Event()

    @property
    def committed(self) -> int:
        """Bytes that may be served."""
        return self.parser.position

    @property
    def playable(self) -> bool:
        return self.parser.layout is Layout.FRAGMENTED and bool(self.parser.fragments)

    async def changed(self, after: int) -> None:
        """Return when the revision is past `after`, at once if it already is."""
        while self.revision <= after:
            await self._changed.wait()

    async def read_on(self, path: Path, committed: int) -> None:
        """Take in what was committed since. Raises FragmentError for a structure that is broken."""
        known = len(self.parser.fragments)
        await asyncio.to_thread(_read_on, self.parser, path, committed)
        if len(self.parser.fragments) > known:
            self._notify()

    def finish(self) -> None:
        self.finished = True
        self._notify()

    def drop(self) -> None:
        """The bytes are gone: whoever waits hears of it."""
        self.gone = True
        self._notify()

    def _notify(self) -> None:
        self.revision += 1
        self._changed.set()
        self._changed = asyncio.Event()


# What is committed of a recording's file: path, bytes, whether that is all of it; None when nothing is there.
Committed = Callable[[str], Awaitable[tuple[Path, int, bool] | None]]


class LiveIndexes:
    """One index per recording, kept while it grows; of finished ones the last used are kept."""

    def __init__(self, committed: Committed, max_pixels: int) -> None:
        self._committed = committed
        self._max_pixels = max_pixels
        self._indexes: OrderedDict[str, LiveIndex] = OrderedDict()
        self._building: dict[str, asyncio.Lock] = {}

    async def get(self, recording_id: str) -> LiveIndex | None:
        """The index, built from the file if need be; None for a recording without bytes.

        Raises FragmentError when a crash left a file that would have been refused.
        """
        held = self._indexes.get(recording_id)
        if held is not None:
            self._indexes.move_to_end(recording_id)
            return held
        lock = self._building.setdefault(recording_id, asyncio.Lock())
        try:
            async with lock:
                return self._indexes.get(recording_id) or await self._build(recording_id)
        finally:
            if not lock.locked():
                self._building.pop(recording_id, None)

    def growing(self) -> dict[str, float]:
        """Seconds that have arrived of each recording whose bytes are still coming, by its id."""
        return {
            held.recording_id: held.parser.duration_s
            for held in self._indexes.values()
            if held.playable and not held.finished
        }

    def begin(self, recording_id: str) -> LiveIndex:
        """A new upload starts from nothing."""
        self.drop(recording_id)
        return self._keep(LiveIndex(recording_id, FragmentParser(self._max_pixels), finished=False))

    def finish(self, recording_id: str) -> None:
        held = self._indexes.get(recording_id)
        if held is not None:
            held.finish()

    def drop(self, recording_id: str) -> None:
        held = self._indexes.pop(recording_id, None)
        if held is not None:
            held.drop()

    def close(self) -> None:
        """Nobody waits any longer: the server stops."""
        for recording_id in list(self._indexes):
            self.drop(recording_id)

    async def _build(self, recording_id: str) -> LiveIndex | None:
        committed = await self._committed(recording_id)
        if committed is None:
            return None
        path, size, finished = committed
        parser = FragmentParser(self._max_pixels)
        await asyncio.to_thread(_read_on, parser, path, size)
        # The upload may have gone on while the file was read; its own index then is the newer one.
        return self._indexes.get(recording_id) or self._keep(
            LiveIndex(recording_id, parser, finished=finished)
        )

    def _keep(self, index: LiveIndex) -> LiveIndex:
        self._indexes[index.recording_id] = index
        finished = [held.recording_id for held in self._indexes.values() if held.finished]
        for recording_id in finished[: max(0, len(finished) - MAX_FINISHED)]:
            del self._indexes[recording_id]
        return index


def _read_on(parser: FragmentParser, path: Path, end: int) -> None:
    # The media data is passed over, so this reads the little that lies between.
    with path.open("rb", buffering=0) as file:
        read_on(parser, file, end)
