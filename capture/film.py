"""The grab thread: on an absolute schedule it looks at the screen and hands on what changed.

Policy when the pipeline is full: the picture is not even grabbed, only counted; what changed stays to be
found at the next tick. Pictures on the 0.5 s grid wait for room, for fragments depend on them.
A picture is also due when only something over the screen changed, such as a camera's bubble.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from capture.health import Health
from capture.model import Counters, Picture, Shot, Sprite
from capture.overload import Overload, Relief
from capture.ports import ScreenSource
from capture.sprites import SpriteProvider
from capture.stage import Stage
from capture.timeline import Pacer
from media.clock import VIDEO_RATE, MediaClock

ROOM_S = 1.0


class FilmEvents(Protocol):
    """Called from the grab thread."""

    def first_picture(self) -> None: ...
    def limit_reached(self) -> None: ...
    def overloaded(self, relief: Relief) -> None: ...
    def stuck(self) -> bool: ...
    def screen_trouble(self, health: Health) -> None: ...
    def failed(self, where: str, error: Exception) -> None: ...


@dataclass(frozen=True, slots=True)
class FilmPlan:
    fps: int
    limit_s: float | None


class Film:
    """Owns the source while it runs. The media clock starts with the first picture."""

    def __init__(
        self,
        source: ScreenSource,
        clock: MediaClock,
        *,
        shots: Stage[Shot],
        counters: Counters,
        plan: FilmPlan,
        events: FilmEvents,
        over: Sequence[SpriteProvider] = (),
    ) -> None:
        self._source, self._clock, self._shots = source, clock, shots
        self._counters, self._events = counters, events
        self._limit_s = plan.limit_s
        self._pacer = Pacer(plan.fps)
        self._overload = Overload()
        self._closing = Pacer(plan.fps)  # the encoder knows this rate, whatever overload makes of it
        self._providers = over
        self._over: tuple[Sprite, ...] = ()  # what they gave last
        self._given = -1  # time stamp of the last picture handed on
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heddle-grab", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """The clock was paused, resumed or stopped."""
        self._wake.set()

    def slow_down(self) -> int:
        """Half the pictures from now on; the new rate."""
        self._pacer.fps = max(1, self._pacer.fps // 2)
        return self._pacer.fps

    def stop(self, timeout: float) -> bool:
        """End after the picture in hand; False when it takes longer than `timeout`. Idempotent."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._begin()
            while self._wait():
                self._tick()
            self._end()
        except Exception as error:  # noqa: BLE001 - told to whoever runs the pipeline
            self._events.failed("grab", error)
        finally:
            self._source.close()
            for provider in self._providers:
                provider.close()

    def _begin(self) -> None:
        at = self._clock.now()
        picture = self._source.grab(thorough=True) or self._source.again()
        self._clock.start(at)
        tick = self._pacer.arrive(0).tick
        self._counters.grabbed += 1
        self._look_over(at)
        self._give(picture, tick.pts, key=tick.key)
        self._events.first_picture()

    def _wait(self) -> bool:
        """Sleep until the next tick; False when the take is over."""
        while not self._stopping.is_set():
            tick_s = self._pacer.upcoming().pts / VIDEO_RATE
            limited = self._limit_s is not None and tick_s >= self._limit_s
            due_s = self._limit_s if limited and self._limit_s is not None else tick_s
            at = self._clock.monotonic(due_s)
            if at is not None:
                left = at - self._clock.now()
                if left <= 0:
                    if limited:
                        self._clock.pause(at)
                        self._events.limit_reached()
                    return not limited
            self._wake.wait(None if at is None else left)
            self._wake.clear()
        return False

    def _tick(self) -> None:
        due = self._pacer.arrive(int(self._clock.media_time() * VIDEO_RATE))
        self._counters.late += due.late
        for missed in due.missed:
            self._give(self._source.again(), missed.pts, key=missed.key)
        self._watch_load()
        tick = due.tick
        if self._shots.full and not tick.boundary:
            self._counters.dropped += 1
            return
        if tick.boundary:
            self._shots.wait_room(ROOM_S)
        picture = self._source.grab(thorough=tick.boundary)
        if self._look_over(self._clock.now()) or picture is not None:
            self._counters.grabbed += 1
        else:
            self._counters.unchanged += 1
            if not tick.boundary:
                return
        self._give(picture or self._source.again(), tick.pts, key=tick.key)

    def _look_over(self, at: float) -> bool:
        """Ask what lies over the picture now; whether that is something else than before."""
        if not self._providers:
            return False
        before = [sprite.key for sprite in self._over]
        self._over = tuple(sprite for provider in self._providers for sprite in provider.sprites(at))
        return [sprite.key for sprite in self._over] != before

    def _end(self) -> None:
        """A closing picture, so that the video lasts as long as the take."""
        pts = self._closing.closing(round(self._clock.media_time() * VIDEO_RATE))
        if pts > self._given:
            self._give(self._source.again(), pts, key=False)

    def _give(self, picture: Picture, pts: int, *, key: bool) -> None:
        if self._over:  # the source's own, which is the pointer, stay on top
            picture = replace(picture, sprites=(*self._over, *picture.sprites))
        if self._shots.offer(Shot(picture, pts, key), ROOM_S):
            self._given = pts
        else:
            self._counters.dropped += 1
            picture.buffer.release()

    def _watch_load(self) -> None:
        counters = self._counters
        given = counters.grabbed + counters.unchanged
        lost = counters.dropped + counters.late
        if self._events.stuck():
            self._overload.forget()  # fewer pictures are no help to what stands still
        elif relief := self._overload.observe(self._clock.now(), given, lost):
            self._events.overloaded(relief)
        trouble = self._source.trouble()
        if trouble is not None:
            self._events.screen_trouble(trouble)
