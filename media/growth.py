"""How far a file has been written, between the thread that is told and the one that reads along."""

import threading


class Growth:
    """How much of a file is there: told by one thread, awaited by another. Bytes, never less than before."""

    def __init__(self, committed: int = 0, *, ended: bool = False) -> None:
        self._changed = threading.Condition()
        self._committed = committed
        self._ended = ended

    def grew(self, committed: int) -> None:
        with self._changed:
            self._committed = max(self._committed, committed)
            self._changed.notify_all()

    def end(self) -> None:
        """No byte will come any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def beyond(self, position: int, timeout_s: float) -> int | None:
        """How many bytes lie beyond `position`, at least one; 0 at the end, None when time ran out."""
        with self._changed:
            self._changed.wait_for(lambda: self._committed > position or self._ended, timeout_s)
            if self._committed > position:
                return self._committed - position
            return 0 if self._ended else None
