"""Fragments grouped into the segments of a playlist, as they come.

A segment starts at a key frame and lasts about `SEGMENT_S`; none may round to more than the target duration,
which must not change while a playlist lives. A late key frame therefore never makes a segment longer: it is
closed at a fragment and the next one starts without a key frame.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from media.fragments import Fragment

SEGMENT_S = 2.0
TARGET_S = 3
_CLOSE_AT_KEY_S = 0.75 * SEGMENT_S
_ROUNDS_UP = 0.49  # a duration may exceed the target as long as it rounds to it


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of fragments that lie one after another. Bytes and seconds."""

    number: int
    parts: tuple[Fragment, ...]
    duration_s: float

    @property
    def offset(self) -> int:
        return self.parts[0].offset

    @property
    def length(self) -> int:
        return self.parts[-1].end - self.parts[0].offset

    @property
    def independent(self) -> bool:
        return self.parts[0].keyframe

    @property
    def bits_per_second(self) -> float:
        return 8 * self.length / max(self.duration_s, 0.1)


class Segments:
    """The segments of one file: `closed` never changes but at its end, `open` is the one that grows."""

    def __init__(self) -> None:
        self.closed: list[Segment] = []
        self.open: list[Fragment] = []
        self.open_s = 0.0
        self.duration_s = 0.0
        self.independent = True
        self.peak_bps = 0.0
        self.longest_s = 0.0  # of the fragments: no segment can be shorter
        self.target_s = TARGET_S

    def extend(self, fragments: Iterable[Fragment]) -> None:
        for fragment in fragments:
            self._add(fragment)

    def finish(self) -> None:
        """Close the last segment: nothing follows. A target that a late fragment broke is set right."""
        if self.open:
            self._close()
        self.target_s = max(self.target_s, _rounded(self.longest_s))

    def _add(self, fragment: Fragment) -> None:
        if not self.closed and not self.open:
            # A file of others may have longer fragments; what its first one says holds for ever.
            self.target_s = max(TARGET_S, _rounded(fragment.duration_s))
        if self.open and self._ends_before(fragment):
            self._close()
        self.open.append(fragment)
        self.open_s += fragment.duration_s
        self.duration_s += fragment.duration_s
        self.longest_s = max(self.longest_s, fragment.duration_s)

    def _ends_before(self, fragment: Fragment) -> bool:
        if fragment.keyframe and self.open_s >= _CLOSE_AT_KEY_S:
            return True
        return self.open_s > 0 and self.open_s + fragment.duration_s > self.target_s + _ROUNDS_UP

    def _close(self) -> None:
        segment = Segment(len(self.closed), tuple(self.open), self.open_s)
        self.closed.append(segment)
        self.open, self.open_s = [], 0.0
        self.independent = self.independent and segment.independent
        self.peak_bps = max(self.peak_bps, segment.bits_per_second)


def _rounded(seconds: float) -> int:
    return int(seconds + 0.5)
