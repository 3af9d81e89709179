"""When pictures are due, in ticks of 1/90000 of media time: an absolute grid, so that no delay adds up.

Two grids lie over each other: the frame rate's, and one of 0.5 s on which a picture always goes out, changed
or not, so that fragments keep their length on a screen that stands still. Every fourth of those is a key.
"""

from __future__ import annotations

from dataclasses import dataclass

from media.clock import VIDEO_RATE

HEARTBEAT = VIDEO_RATE // 2
KEY_EVERY = VIDEO_RATE * 2


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
    """What to do on arriving: boundaries missed (repeat the last picture there), the picture to grab now,
    and how many ticks were missed altogether. The picture's key frame may be among the missed."""

    missed: tuple[Tick, ...]
    pts: int
    boundary: bool
    key: bool
    late: int


class Pacer:
    """Gives out strictly increasing time stamps. Belongs to one thread."""

    def __init__(self, fps: int) -> None:
        self.fps = fps
        self._last = -1  # the last time stamp given out

    @property
    def interval(self) -> int:
        return VIDEO_RATE // self.fps

    def upcoming(self) -> Tick:
        return self._after(self._last)

    def arrive(self, now: int) -> Due:
        """It is `now`, at or after the upcoming tick."""
        tick = self.upcoming()
        now = max(now, tick.pts)
        missed: list[Tick] = []
        late = 0
        while now - tick.pts > self.interval // 2:
            following = self._after(tick.pts)
            if following.pts > now and not tick.boundary:
                break  # nothing was missed: this tick's picture is taken now
            if tick.boundary:
                missed.append(tick)
            late += 1
            tick = following
        if tick.pts > now:
            # Only missed boundaries were due; the next picture has its own time.
            now = self._last = missed[-1].pts
            return Due(tuple(missed[:-1]), now, boundary=True, key=missed[-1].key, late=late)
        pts = tick.pts if tick.boundary else max(now, tick.pts, self._last + 1)
        self._last = pts
        return Due(tuple(missed), pts, tick.boundary, tick.key, late)

    def _after(self, pts: int) -> Tick:
        boundary = (pts // HEARTBEAT + 1) * HEARTBEAT
        frame = -(-(pts + 1) * self.fps // VIDEO_RATE)
        regular = round(frame * VIDEO_RATE / self.fps)
        if regular <= pts:
            regular = round((frame + 1) * VIDEO_RATE / self.fps)
        # A picture just before a boundary would only be in its way.
        if regular >= boundary - self.interval // 3:
            return Tick(boundary, boundary=True)
        return Tick(regular, boundary=False)
