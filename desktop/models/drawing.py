"""What is drawn on the screen while recording: strokes as data, with undo. No Qt; places are in points of the
window they are drawn in, times in seconds of one monotonic clock.
"""

import itertools
import math
from dataclasses import dataclass, replace
from enum import StrEnum

Point = tuple[float, float]
Strokes = tuple["Stroke", ...]

MOST_STROKES = 500
MOST_POINTS = 4000  # of one stroke: minutes of scribbling
MOST_UNDO = 100
STEP = 1.5  # shorter moves of the mouse add no point
REACH = 10.0  # of the eraser
FADING_S = 0.6  # from the first to the last of a stroke that goes away by itself
_CORNERS = 2  # points of what is drawn from one corner to the other


class Tool(StrEnum):
    PEN = "pen"
    ARROW = "arrow"
    BOX = "box"
    ELLIPSE = "ellipse"
    HIGHLIGHTER = "highlighter"
    ERASER = "eraser"


FREEHAND = frozenset({Tool.PEN, Tool.HIGHLIGHTER})
WIDTHS = {Tool.HIGHLIGHTER: 20.0}
WIDTH = 4.0
COLOURS = ("#e5383b", "#ffb703", "#2a9d5c", "#2f80ed", "#ffffff")  # seen on light and on dark


@dataclass(frozen=True, slots=True)
class Stroke:
    """Points of the way, or the two corners. `made_at` is when it was finished, None while it is drawn."""

    tool: Tool
    colour: str
    points: tuple[Point, ...]
    made_at: float | None = None

    @property
    def width(self) -> float:
        return WIDTHS.get(self.tool, WIDTH)

    def strength(self, now: float, stay_s: float) -> float:
        """1 is all there, 0 gone; `stay_s` is how long it stays, 0 for ever."""
        if not stay_s or self.made_at is None:
            return 1.0
        return max(0.0, min(1.0, 1 - (now - self.made_at - stay_s) / FADING_S))


@dataclass(frozen=True, slots=True)
class Drawing:
    """A value: whatever happens gives the next one."""

    strokes: Strokes = ()
    current: Stroke | None = None
    past: tuple[Strokes, ...] = ()
    future: tuple[Strokes, ...] = ()

    @property
    def shown(self) -> Strokes:
        """All of them, the one being drawn last."""
        return (*self.strokes, self.current) if self.current else self.strokes

    def begin(self, tool: Tool, colour: str, at: Point) -> "Drawing":
        """The mouse goes down. The eraser draws nothing; see `erase`."""
        return replace(self, current=Stroke(tool, colour, (at,)))

    def extend(self, to: Point, *, straight: bool = False) -> "Drawing":
        """The mouse moves. `straight` keeps lines level, upright or diagonal, and shapes as wide as high."""
        stroke = self.current
        if stroke is None:
            return self
        first, last = stroke.points[0], stroke.points[-1]
        if stroke.tool not in FREEHAND:
            end = _straightened(stroke.tool, first, to) if straight else to
            points: tuple[Point, ...] = (first, end)
        elif straight:
            points = (first, _straightened(Tool.ARROW, first, to))
        elif math.dist(last, to) < STEP or len(stroke.points) >= MOST_POINTS:
            return self
        else:
            points = (*stroke.points, to)
        return replace(self, current=replace(stroke, points=points))

    def finish(self, now: float) -> "Drawing":
        """The mouse goes up. A box or an arrow without a length is none; a dot of the pen is one."""
        stroke = self.current
        if stroke is None:
            return self
        drawn = replace(self, current=None)
        if stroke.tool not in FREEHAND and (
            len(stroke.points) < _CORNERS or math.dist(*stroke.points[:_CORNERS]) < STEP
        ):
            return drawn
        return _after(drawn, (*self.strokes, replace(stroke, made_at=now))[-MOST_STROKES:])

    def erase(self, at: Point) -> "Drawing":
        """Takes away every stroke that comes near."""
        left = tuple(stroke for stroke in self.strokes if _distance(stroke, at) > REACH + stroke.width / 2)
        return _after(self, left) if left != self.strokes else self

    def clear(self) -> "Drawing":
        """Takes all away; `undo` brings it back."""
        return _after(replace(self, current=None), ()) if self.shown else self

    def undo(self) -> "Drawing":
        if not self.past:
            return self
        *past, before = self.past
        return replace(
            self, current=None, strokes=before, past=tuple(past), future=(*self.future, self.strokes)
        )

    def redo(self) -> "Drawing":
        if not self.future:
            return self
        *future, after = self.future
        return replace(
            self, current=None, strokes=after, past=(*self.past, self.strokes), future=tuple(future)
        )

    def faded(self, now: float, stay_s: float) -> "Drawing":
        """Without the strokes whose time is over."""
        left = tuple(one for one in self.strokes if one.strength(now, stay_s) > 0)
        return self if len(left) == len(self.strokes) else replace(self, strokes=left)

    def next_change(self, now: float, stay_s: float) -> float | None:
        """Seconds until the first stroke begins to fade; None when none will."""
        times = [one.made_at + stay_s - now for one in self.strokes if stay_s and one.made_at is not None]
        return max(0.0, min(times)) if times else None


def _after(drawing: Drawing, strokes: Strokes) -> Drawing:
    """The next step, which can be undone."""
    past = (*drawing.past, drawing.strokes)[-MOST_UNDO:]
    return replace(drawing, strokes=strokes, past=past, future=())


def _straightened(tool: Tool, first: Point, to: Point) -> Point:
    across, down = to[0] - first[0], to[1] - first[1]
    if tool in {Tool.BOX, Tool.ELLIPSE}:
        side = max(abs(across), abs(down))
        return first[0] + math.copysign(side, across), first[1] + math.copysign(side, down)
    step = math.pi / 4
    angle, length = round(math.atan2(down, across) / step) * step, math.hypot(across, down)
    return first[0] + length * math.cos(angle), first[1] + length * math.sin(angle)


def _distance(stroke: Stroke, at: Point) -> float:
    """From a point to the nearest of the line that is drawn."""
    points = _outline(stroke)
    if len(points) == 1:
        return math.dist(points[0], at)
    return min(_to_segment(at, one, other) for one, other in itertools.pairwise(points))


def _outline(stroke: Stroke) -> tuple[Point, ...]:
    if stroke.tool not in {Tool.BOX, Tool.ELLIPSE} or len(stroke.points) < _CORNERS:
        return stroke.points
    (left, top), (right, bottom) = stroke.points[:_CORNERS]
    if stroke.tool is Tool.BOX:
        return (left, top), (right, top), (right, bottom), (left, bottom), (left, top)
    x, y = (left + right) / 2, (top + bottom) / 2
    across, down = abs(right - left) / 2, abs(bottom - top) / 2
    turns = [math.tau * part / 32 for part in range(33)]
    return tuple((x + across * math.cos(turn), y + down * math.sin(turn)) for turn in turns)


def _to_segment(at: Point, one: Point, other: Point) -> float:
    across, down = other[0] - one[0], other[1] - one[1]
    length = across * across + down * down
    if not length:
        return math.dist(at, one)
    share = max(0.0, min(1.0, ((at[0] - one[0]) * across + (at[1] - one[1]) * down) / length))
    return math.dist(at, (one[0] + share * across, one[1] + share * down))
