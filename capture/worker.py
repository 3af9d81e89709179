"""A thread for calls that may never come back: whoever asks waits for a while, and then leaves it behind.

A codec may wait for itself for ever, as a driver may, and a thread cannot be ended from outside.
"""

from __future__ import annotations

import contextlib
import math
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

# Waiting is counted in slices: a process that was held for a minute finds one of them over, not its patience.
SLICE_S = 0.5
CLOSE_S = 1.0


class Stalled(TimeoutError):
    """The call did not come back."""


class Worker:
    """Makes one call after the other, for one other thread. Nothing runs before the first call."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()
        self._asked_at: float | None = None
        self._stalled = False
        self._thread = threading.Thread(target=self._run, name=f"heddle-{name}", daemon=True)

    @property
    def silent_s(self) -> float:
        """How long the call in hand has been unanswered, in seconds; 0 without one. From any thread."""
        asked_at = self._asked_at
        return time.monotonic() - asked_at if asked_at is not None else 0.0

    def call(self, work: Callable[[], T], patience_s: float) -> T:
        """What `work` gives or raises; Stalled when it does neither within `patience_s`, and from then on."""
        if self._stalled:
            raise Stalled
        if self._thread.ident is None:
            self._thread.start()
        self._asked_at = time.monotonic()
        self._calls.put(work)
        result, error = self._answer(patience_s)
        self._asked_at = None
        if error is not None:
            raise error
        answer: T = result
        return answer

    def close(self) -> None:
        """End the thread; one that does not come back is left to itself. Idempotent."""
        self._calls.put(None)
        if self._thread.ident is not None and not self._stalled:
            self._thread.join(CLOSE_S)

    def _answer(self, patience_s: float) -> tuple[Any, Exception | None]:
        for _ in range(math.ceil(patience_s / SLICE_S)):
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=SLICE_S)
        self._stalled = True
        raise Stalled

    def _run(self) -> None:
        while (work := self._calls.get()) is not None:
            self._answers.put(_outcome(work))
            del work  # what it holds must not stay alive until the next one comes


def _outcome(work: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 - raised again where it was asked for
        return None, error
