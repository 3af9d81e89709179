"""A stage of the pipeline: a queue of limited size and the one thread that owns what works on it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Stage(Generic[T]):
    """Items go in through `offer` from any thread; `work` sees them in order on the stage's own thread.

    After `work` raised, `failed` is called once with the error and everything that follows is discarded, so
    that nobody upstream waits for a stage that is gone. `finish` runs on the same thread after the last item.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[T], None],
        *,
        size: int,
        finish: Callable[[], None] | None = None,
        discard: Callable[[T], None] | None = None,
        failed: Callable[[str, Exception], None] | None = None,
    ) -> None:
        self.name = name
        self._work = work
        self._size = size
        self._finish = finish
        self._discard = discard
        self._failed = failed
        self._inbox: deque[T] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._aborted = False
        self._broken = False
        self._thread = threading.Thread(target=self._run, name=f"heddle-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def depth(self) -> int:
        return len(self._inbox)

    @property
    def full(self) -> bool:
        return len(self._inbox) >= self._size

    def offer(self, item: T, timeout: float | None = 0.0) -> bool:
        """Hand `item` over; False when there was no room within `timeout` seconds (None: wait for it) or the
        stage is closing."""
        with self._changed:
            if self.full and timeout != 0.0:
                self._changed.wait_for(lambda: not self.full or self._closing, timeout)
            if self.full or self._closing:
                return False
            self._inbox.append(item)
            self._changed.notify_all()
            return True

    def wait_room(self, timeout: float) -> bool:
        """Wait until `offer` would succeed; for those who make the item only then."""
        with self._changed:
            return (
                self._changed.wait_for(lambda: not self.full or self._closing, timeout) and not self._closing
            )

    def close(self, timeout: float) -> bool:
        """Let it work off what it holds, then end its thread; False when it took longer. Idempotent."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(max(0.0, timeout))
        return not self._thread.is_alive()

    def abort(self) -> None:
        """Discard what waits; `finish` still runs."""
        with self._changed:
            self._closing = self._aborted = True
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._inbox or self._closing)
                if not self._inbox:
                    break
                item = self._inbox.popleft()
                self._changed.notify_all()
            self._handle(item)
            del item  # a buffer must not stay alive while the stage waits for the next one
        if self._finish is not None:
            self._guard(self._finish)

    def _handle(self, item: T) -> None:
        if self._broken or self._aborted:
            if self._discard is not None:
                with contextlib.suppress(Exception):
                    self._discard(item)
            return
        self._guard(lambda: self._work(item))

    def _guard(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - collected for whoever runs the pipeline
            first, self._broken = not self._broken, True
            if first and self._failed is not None:
                self._failed(self.name, error)


class Deadline:
    """One time budget shared by everything that has to end."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())
