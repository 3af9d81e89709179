"""Time of a recording: one monotonic clock, and media time that stands still in pauses.

Everything a recorder stamps (pictures, sound blocks, pauses) carries monotonic seconds; only here do they
become media time. So picture and sound agree by construction, and a pause takes the same time out of both.
"""

from __future__ import annotations

import itertools
import math
import threading
import time
from dataclasses import dataclass
from typing import Protocol

VIDEO_RATE = 90_000  # ticks a second of video time stamps


class Clock(Protocol):
    def now(self) -> float:
        """Monotonic seconds; only differences mean anything."""
        ...


class SystemClock:
    """CLOCK_MONOTONIC, the clock that sound cards and grabs are stamped with."""

    def now(self) -> float:
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of recorded time: monotonic [begin, end), `media` is the media time of `begin`."""

    begin: float
    end: float | None
    media: float

    def media_at(self, at: float) -> float:
        return self.media + max(0.0, (at if self.end is None else min(at, self.end)) - self.begin)


class MediaClock:
    """Maps monotonic time to media time. One thread starts, pauses and resumes; any thread reads.

    Readers of spans need no lock: these are an immutable tuple that is replaced as a whole.
    """

    def __init__(self, clock: Clock | None = None, frozen_s: float = math.inf) -> None:
        """A recording asks for the time all the while. When nobody did for `frozen_s`, the whole program
        stood still, and media time does as if it had, too."""
        self.clock = clock or SystemClock()
        self._spans: tuple[Span, ...] = ()
        self._frozen_s = frozen_s
        self._asked_at = math.inf
        self._lock = threading.Lock()
        self._sleeps: tuple[tuple[float, float], ...] = ()
        self.skipped_s = 0.0

    def now(self) -> float:
        """Monotonic seconds, with an eye on how long nobody asked."""
        with self._lock:
            at = self.clock.now()
            gap = at - self._asked_at
            if gap > self._frozen_s and self.running:
                last = self._spans[-1]
                held = Span(last.begin, max(last.begin, self._asked_at), last.media)
                self._spans = (*self._spans[:-1], held, Span(at, None, held.media_at(at)))
                self.skipped_s += at - self._asked_at
            self._asked_at = at
        return at

    def slept(self, seconds: float) -> None:
        """The computer slept, and the monotonic clock with it: a pause that took no monotonic time."""
        self._sleeps = (*self._sleeps, (self.media_time(), seconds))

    @property
    def started(self) -> bool:
        return bool(self._spans)

    @property
    def running(self) -> bool:
        return bool(self._spans) and self._spans[-1].end is None

    def start(self, at: float | None = None) -> None:
        """Media time 0 is now. Starting twice changes nothing."""
        if not self._spans:
            self._spans = (Span(self._at(at), None, 0.0),)
            self._asked_at = math.inf  # opening may have taken its time

    def pause(self, at: float | None = None) -> None:
        """Media time stands still from now on. Also how a recording ends."""
        at = self._at(at)
        with self._lock:
            if self.running:
                last = self._spans[-1]
                self._spans = (*self._spans[:-1], Span(last.begin, max(last.begin, at), last.media))

    def resume(self, at: float | None = None) -> None:
        at = self._at(at)
        with self._lock:
            if self._spans and not self.running:
                last = self._spans[-1]
                end = last.end if last.end is not None else last.begin
                self._spans = (*self._spans, Span(max(end, at), None, last.media_at(end)))

    def media_time(self, at: float | None = None) -> float:
        """Seconds recorded up to `at`; negative before the start, so that early sound can be told apart."""
        at = self._at(at)  # before the spans: this may change them
        spans = self._spans
        if not spans:
            return 0.0
        if at < spans[0].begin:
            return at - spans[0].begin
        return next(span for span in reversed(spans) if span.begin <= at).media_at(at)

    def monotonic(self, media_s: float) -> float | None:
        """When media time reaches `media_s`; None while a pause keeps that open."""
        for span in reversed(self._spans):
            if span.media <= media_s:
                at = span.begin + media_s - span.media
                return at if span.end is None or at <= span.end else None
        return None

    def recorded(self, begin: float, end: float) -> list[tuple[float, float]]:
        """The parts of monotonic [begin, end) that are recorded, in order."""
        parts = []
        for span in self._spans:
            first, last = max(begin, span.begin), end if span.end is None else min(end, span.end)
            if first < last:
                parts.append((first, last))
        return parts

    @property
    def pauses(self) -> tuple[tuple[float, float], ...]:
        """(media time, length in seconds) of each pause that ended, and of each sleep."""
        spans = self._spans
        paused = tuple(
            (later.media, later.begin - earlier.end)
            for earlier, later in itertools.pairwise(spans)
            if earlier.end is not None
        )
        return tuple(sorted(paused + self._sleeps)) if self._sleeps else paused

    def _at(self, at: float | None) -> float:
        return self.now() if at is None else at
