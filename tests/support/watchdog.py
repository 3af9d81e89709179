"""How long Qt's thread does nothing else, and why.

A timer beats every 5 ms. Linux tells how long a thread that could run waited for a processor (schedstat,
https://docs.kernel.org/scheduler/sched-stats.html). That wait is the machine's; the rest is the app's.
"""

import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5
LATE_MS = 20  # from here on it is looked at what the thread does
MOST_CALLS = 6


@dataclass(frozen=True, slots=True)
class Block:
    """In ms: by the clock, of CPU time, and of waiting for a processor; `where` is what it was seen doing,
    nothing where another thread held Python all the time."""

    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    queued_ms: float = 0.0
    where: list[str] = field(default_factory=list)

    @property
    def own_ms(self) -> float:
        return self.wall_ms - self.queued_ms


@dataclass(frozen=True, slots=True)
class _Beat:
    """In ms."""

    wall: float
    cpu: float
    queued: float


class Watchdog(QObject):
    """To be made in Qt's thread. `longest` is the block that was longest without its wait for a processor."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest = Block()
        self._thread = threading.get_ident()
        self._schedstat = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._last: _Beat | None = None
        self._seen: list[str] = []
        self._heart = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._heart.timeout.connect(self._beat)
        threading.Thread(target=self._look_on, daemon=True).start()

    def watch(self, *, on: bool) -> None:
        if on and not self._heart.isActive():
            self._heart.start()
        elif not on:
            self._heart.stop()
            self._last = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done in it is not counted: the app has none of it."""
        watching = self._last is not None
        if watching:
            self._beat()
        self._last = None
        yield
        if watching:
            self._last = self._now()

    def _beat(self) -> None:
        now, last, seen = self._now(), self._last, self._seen
        self._last, self._seen = now, []
        if last is None:
            return
        block = Block(
            wall_ms=round(now.wall - last.wall - BEAT_MS, 1),
            cpu_ms=round(now.cpu - last.cpu, 1),
            queued_ms=round(now.queued - last.queued, 1),
            where=seen,
        )
        if block.own_ms > self.longest.own_ms:
            self.longest = block

    def _now(self) -> _Beat:
        cpu, queued = 1000 * time.thread_time(), 0.0
        with suppress(FileNotFoundError):  # of a kernel that counts no waiting
            cpu, queued, _ = (int(one) / 1e6 for one in self._schedstat.read_text().split())
        return _Beat(1000 * time.monotonic(), cpu, queued)

    def _look_on(self) -> None:
        """In a thread of its own."""
        while True:
            time.sleep(LATE_MS / 2000)  # a thread that is stuck tells nobody
            last = self._last
            if last and 1000 * time.monotonic() - last.wall > LATE_MS:
                self._seen.append(_calls(sys._current_frames()[self._thread]))


def _calls(frame: FrameType) -> str:
    calls = reversed(traceback.extract_stack(frame)[-MOST_CALLS:])
    return " < ".join(f"{one.name} ({Path(one.filename).name}:{one.lineno})" for one in calls)
