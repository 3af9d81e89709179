"""Time of a recording: one monotonic clock, and media time that stands still in pauses.

Everything a recorder stamps (pictures, sound blocks, pauses) carries monotonic seconds; only here do they
become media time. So picture and sound agree by construction, and a pause takes the same time out of both.
"""

from __future__ import annotations

import itertools
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

    Readers need no lock: the spans are an immutable tuple that is replaced as a whole.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self._spans: tuple[Span, ...] = ()

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

    def pause(self, at: float | None = None) -> None:
        """Media time stands still from now on. Also how a recording ends."""
        if self.running:
            last = self._spans[-1]
            self._spans = (*self._spans[:-1], Span(last.begin, max(last.begin, self._at(at)), last.media))

    def resume(self, at: float | None = None) -> None:
        if self._spans and not self.running:
            last = self._spans[-1]
            end = last.end if last.end is not None else last.begin
            self._spans = (*self._spans, Span(max(end, self._at(at)), None, last.media_at(end)))

    def media_time(self, at: float | None = None) -> float:
        """Seconds recorded up to `at`; negative before the start, so that early sound can be told apart."""
        spans = self._spans
        if not spans:
            return 0.0
        at = self._at(at)
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
        """(media time, length in seconds) of each pause that ended."""
        spans = self._spans
        return tuple(
            (later.media, later.begin - earlier.end)
            for earlier, later in itertools.pairwise(spans)
            if earlier.end is not None
        )

    def _at(self, at: float | None) -> float:
        return self.clock.now() if at is None else at
