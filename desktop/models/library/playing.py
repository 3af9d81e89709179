"""What the player needs to know of a recording while it plays. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from media.cues import Cue
from media.transcript import Segment

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5)
STEP_S, LEAP_S = 5.0, 30.0
SHORTEST_S = 0.5  # that is worth cutting out


class Form(StrEnum):
    """Files that can be made of a recording; the value is the name's ending."""

    MP4 = "mp4"
    GIF = "gif"
    SOUND = "m4a"
    SRT = "srt"
    VTT = "vtt"
    TXT = "txt"


class Side(StrEnum):
    """Which end of a piece somebody holds."""

    NONE = "none"
    BEGIN = "begin"
    END = "end"


@dataclass(frozen=True, slots=True)
class Chapter:
    start: float
    title: str


@dataclass(frozen=True, slots=True)
class Range:
    """What lies between two moments that a person set, in seconds; None is the recording's own end."""

    begin: float | None = None
    end: float | None = None

    @property
    def whole(self) -> bool:
        return self.begin is None and self.end is None

    def from_here(self, at_s: float) -> "Range":
        """Begins at a moment; an end before it is forgotten."""
        end = self.end if self.end is not None and self.end >= at_s + SHORTEST_S else None
        return Range(at_s if at_s > 0 else None, end)

    def to_here(self, at_s: float) -> "Range":
        """Ends at a moment; a beginning behind it is forgotten."""
        begin = self.begin if self.begin is not None and self.begin <= at_s - SHORTEST_S else None
        return replace(self, begin=begin, end=at_s)

    def dragged(self, side: Side, at_s: float, duration_s: float) -> "Range":
        """With one end at another moment: never past the other one, and none at the recording's own."""
        if side is Side.BEGIN:
            at_s = min(at_s, (duration_s if self.end is None else self.end) - SHORTEST_S)
            return replace(self, begin=at_s if at_s > 0 else None)
        if side is Side.END:
            at_s = max(at_s, (self.begin or 0.0) + SHORTEST_S)
            return replace(self, end=at_s if at_s < duration_s else None)
        return self


def faster(speed: float) -> float:
    """The next speed; the fastest stays."""
    return next((one for one in SPEEDS if one > speed + 0.01), SPEEDS[-1])


def slower(speed: float) -> float:
    return next((one for one in reversed(SPEEDS) if one < speed - 0.01), SPEEDS[0])


def cue_at(cues: Sequence[Cue], at_s: float) -> Cue | None:
    """The caption to show; cues are in order and do not overlap."""
    row = bisect_right(cues, at_s, key=lambda cue: cue.start) - 1
    return cues[row] if row >= 0 and at_s < cues[row].end else None


def segment_at(segments: Sequence[Segment], at_s: float) -> int:
    """The row of what is said, or was said last; -1 before anything is."""
    return bisect_right(segments, at_s, key=lambda segment: segment.start) - 1


def chapter_at(chapters: Sequence[Chapter], at_s: float) -> Chapter | None:
    row = bisect_right(chapters, at_s, key=lambda chapter: chapter.start) - 1
    return chapters[row] if row >= 0 else None
