"""One take from command to file: the only place where the state changes, on one thread."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from capture.errors import CaptureError
from capture.health import Health, HealthBoard
from capture.model import Counters, Result, StartCommand, TakeInfo
from capture.opening import open_take
from capture.pipeline import Listener, Pipeline
from capture.states import FINAL, Event, State, advance
from media.clock import MediaClock
from media.manifest import TakeState

STATS_EVERY_S = 0.5

Emit = Callable[[dict[str, Any]], None]


class Session:
    """Takes commands (`handle`) and what the pipeline tells, emits events. `run_for` does the waiting.

    `emit` gets dictionaries with "event"; it may be called from this thread only.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.state = State.IDLE
        self.failed = False
        self._news: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._clock = MediaClock()
        self._counters = Counters()
        self._board = HealthBoard()
        self._pipeline: Pipeline | None = None
        self._info: TakeInfo | None = None
        self._stats_at = 0.0
        self._ticks = (0.0, 0)

    @property
    def over(self) -> bool:
        return self.state in FINAL

    def announce(self) -> None:
        """Say that the engine is armed."""
        self._emit_state()

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run on the session's thread; from any thread and from signal handlers."""
        self._news.put(call)

    def run_for(self, timeout_s: float) -> None:
        """Do what was posted, and the statistics when they are due."""
        if self.state in (State.RECORDING, State.PAUSED):
            timeout_s = max(0.0, min(timeout_s, self._stats_at - time.monotonic()))
        try:
            call = self._news.get(timeout=timeout_s)
        except queue.Empty:
            pass
        else:
            call()
        if self.state in (State.RECORDING, State.PAUSED) and time.monotonic() >= self._stats_at:
            self._emit_stats()

    def start(self, command: StartCommand) -> None:
        if not self._go(Event.START):
            return
        listener = self._listener()
        try:
            take = open_take(command, self._clock, self._counters, listener.health)
            self._info = take.info
            self._pipeline = take.record(self._clock, self._counters, listener)
        except CaptureError as error:
            self._break(error)

    def pause(self) -> None:
        if self._go(Event.PAUSE):
            self._clock.pause()
            self._wake()

    def resume(self) -> None:
        if self._go(Event.RESUME):
            self._clock.resume()
            self._wake()

    def stop(self) -> None:
        """Finish the file. Asked again, as by Ctrl-C and its parent at once, it changes nothing."""
        if self.state is not State.STOPPING and not self.over and self._go(Event.STOP):
            self._finish(TakeState.FINISHED)

    def cancel(self) -> None:
        """The file is kept, but put aside: nothing recorded is lost."""
        if self._go(Event.CANCEL):
            self._finish(TakeState.CANCELLED)

    def refuse(self, error: CaptureError) -> None:
        """Tell that a command cannot be followed; nothing changes."""
        self._emit({"event": "error", **error.describe()})

    def _listener(self) -> Listener:
        return Listener(
            first_picture=lambda: self.post(self._on_first),
            limit_reached=lambda: self.post(self._on_limit),
            failed=lambda error: self.post(lambda: self._break(error)),
            health=lambda health: self.post(lambda: self._tell(health)),
        )

    def _on_first(self) -> None:
        if self.state is State.PREPARING:
            self._go(Event.READY)
            self._stats_at = time.monotonic() + STATS_EVERY_S

    def _on_limit(self) -> None:
        if self.state is State.RECORDING:
            self.stop()

    def _break(self, error: CaptureError) -> None:
        """Something ended the take; what there is becomes an ordinary file."""
        if self.over or self.state is State.IDLE:
            return
        self.failed = True
        self._emit({"event": "error", **error.describe()})
        before = self.state
        if before is State.STOPPING:
            return  # it is being finished already
        self._go(Event.BROKE)
        if before is not State.PREPARING:
            self._finish(TakeState.FINISHED)
        elif self._pipeline is not None:
            self._pipeline.stop()

    def _finish(self, state: TakeState) -> None:
        if self._pipeline is None:
            return
        result = self._pipeline.stop(state)
        while not self._news.empty():  # errors of the last second
            self._news.get_nowait()()
        if state is TakeState.CANCELLED:
            self._go(Event.DROPPED, result)
        else:
            self._go(Event.DONE if result.fragments else Event.BROKE, result)

    def _wake(self) -> None:
        if self._pipeline is not None:
            self._pipeline.wake()

    def _go(self, event: Event, result: Result | None = None) -> bool:
        try:
            self.state = advance(self.state, event)
        except CaptureError as error:
            self.refuse(error)
            return False
        self._emit_state(result)
        return True

    def _tell(self, health: Health) -> None:
        if self._board.is_news(health):
            self._emit({"event": "health", **health.describe()})

    def _emit_state(self, result: Result | None = None) -> None:
        event: dict[str, Any] = {"event": "state", "state": str(self.state)}
        if self._info is not None and self.state in (State.RECORDING, State.PAUSED):
            event |= _describe_take(self._info)
        if result is not None:
            event |= _describe_result(result, self._info)
        self._emit(event)

    def _emit_stats(self) -> None:
        now = time.monotonic()
        self._stats_at = max(self._stats_at + STATS_EVERY_S, now)
        if self._pipeline is None:
            return
        self._pipeline.check()
        size, fragments = self._pipeline.committed
        self._emit({
            "event": "stats",
            "timeS": round(self._clock.media_time(), 3),
            "bytes": size,
            "fps": self._rate(now),
            "fragments": fragments,
            **_camel(self._counters),
            "queues": self._pipeline.queues,
        })  # fmt: skip

    def _rate(self, now: float) -> float:
        """How often the screen was looked at lately, a second: what the person chose, when all is well."""
        count = self._counters.grabbed + self._counters.unchanged
        (since, before), self._ticks = self._ticks, (now, count)
        return round((count - before) / (now - since), 1) if since and now > since else 0.0


def _describe_take(info: TakeInfo) -> dict[str, Any]:
    return {**asdict(info), "path": str(info.path)}


def _describe_result(result: Result, info: TakeInfo | None) -> dict[str, Any]:
    return {
        "id": info.id if info else None,
        "path": str(result.path),
        "durationS": result.duration_s,
        "bytes": result.bytes,
        "fragments": result.fragments,
        "sha256": result.sha256,
        **_camel(result.counters),
    }


def _camel(counters: Counters) -> dict[str, int]:
    values = asdict(counters)
    return {"audioDrops": values.pop("audio_drops"), **values}
