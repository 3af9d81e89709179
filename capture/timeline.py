"""When pictures are due, in ticks of 1/90000 of media time: an absolute grid, so that no delay adds up.

Two grids lie over each other: the frame rate's, and one of 0.5 s on which a picture always goes out, changed
or not, so that fragments keep their length on a screen that stands still. Every fourth of those is a key.

Where half a second is no whole number of frames (25 a second), the second grid moves to the frames behind it,
so that pictures stay evenly spaced: 0.52, 1.04, 1.56 s, and the key at 2 s again. A fragment is then 20 ms
longer, and still no longer than players were promised (PART_TARGET_S in `media.hls`).
"""

from __future__ import annotations

from dataclasses import dataclass

from media.clock import VIDEO_RATE

HEARTBEAT = VIDEO_RATE // 2
KEY_EVERY = VIDEO_RATE * 2
LONGEST_BEAT_S = 0.521


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment at which a picture is due; on a `boundary` even an unchanged one."""

    pts: int
    boundary: bool

    @property
    def key(self) -> bool:
        return self.boundary and self.pts % KEY_EVERY == 0


@dataclass(frozen=True, slots=True)
class Due:
    """What to do on arriving: boundaries missed (repeat the last picture there), the tick whose picture to
    grab now, and how many ticks were missed altogether."""

    missed: tuple[Tick, ...]
    tick: Tick
    late: int


class Pacer:
    """Gives out ticks in strictly rising order. Belongs to one thread.

    A picture is stamped with the tick nearest to its grab, not with the grab's own time: on a machine that
    keeps up that is the same within a millisecond, and players and transcoders that think in frames never
    find two pictures in one.
    """

    def __init__(self, fps: int) -> None:
        self.fps = fps
        self._last = -1  # the last tick given out

    @property
    def interval(self) -> int:
        return VIDEO_RATE // self.fps

    def upcoming(self) -> Tick:
        return self._after(self._last)

    def arrive(self, now: int) -> Due:
        """It is `now`, at or after the upcoming tick."""
        tick = self.upcoming()
        missed: list[Tick] = []
        late = 0
        while now - tick.pts > self.interval // 2:
            if tick.boundary:
                missed.append(tick)
            late += 1
            tick = self._after(tick.pts)
        self._last = tick.pts
        return Due(tuple(missed), tick, late)

    def closing(self, now: int) -> int:
        """The time stamp of a last picture that lasts until `now`, or less than an interval longer."""
        frames = -(-now * self.fps // VIDEO_RATE)
        return round((frames - 1) * VIDEO_RATE / self.fps)

    def _after(self, pts: int) -> Tick:
        beats = self._frames_a_beat
        if beats is None:
            return self._after_on_two_grids(pts)
        frame = -(-(pts + 1) * self.fps // VIDEO_RATE)
        while round(frame * VIDEO_RATE / self.fps) <= pts:
            frame += 1
        boundary = frame % (2 * self.fps) % beats == 0
        return Tick(round(frame * VIDEO_RATE / self.fps), boundary)

    @property
    def _frames_a_beat(self) -> int | None:
        """So many frames from one boundary to the next; None where that would be too long."""
        beats = -(-self.fps // 2)
        return beats if beats <= LONGEST_BEAT_S * self.fps else None

    def _after_on_two_grids(self, pts: int) -> Tick:
        boundary = (pts // HEARTBEAT + 1) * HEARTBEAT
        frame = -(-(pts + 1) * self.fps // VIDEO_RATE)
        regular = round(frame * VIDEO_RATE / self.fps)
        # Where the rate does not divide the half second, a picture next to a boundary would be in its way.
        while regular <= pts or 0 < regular % HEARTBEAT <= self.interval // 2:
            frame += 1
            regular = round(frame * VIDEO_RATE / self.fps)
        if regular >= boundary - self.interval // 3:
            return Tick(boundary, boundary=True)
        return Tick(regular, boundary=False)
