"""Placing sound blocks in media time: the sample count is the sound card's clock, always compared with ours.

A single block's time stamp is off by milliseconds and the first one by ten, so time comes from the median of
the last second's. Drift is stretched away as soon as it is a millisecond, a hole is filled with silence. At
the end of a pause, where sound and picture are cut anyway, everything lies exactly where it belongs.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from media.clock import MediaClock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (samples, channels)

RATE = 48_000
WINDOW = 100  # blocks: one second of 10 ms blocks
# Blocks held back at first: a sound server's first third of a second may be stamped 300 ms off, and go from
# there to the truth by 10 ms a block. So time begins when the latest of them agree, or when nothing can wait
# longer; the first fragment has to wait as long anyway.
FIRST_ANCHOR = 60
LAST_ANCHOR = 75
LATEST = 5
STEADY_S = 0.005
STRETCH_FROM_S = 0.001
STRETCH_UNTIL_S = 0.0002
JUMP_FROM_S = 0.100
STRETCHED_IN_S = 1.0  # what is off by so much now is so much nearer then
# A hundredth is a sixth of a semitone: hardly anybody hears it, and everybody sees lips that are 10 ms off.
# Most of the time it is a sample in a block, which nobody hears.
MOST_STRETCH = 0.010
LOST_BLOCKS_S = 0.050
# A device that gives nothing for so long is filled in for, up to so far behind: a busy machine delivers late,
# and what comes late still fits. Longer waits would keep the picture off the disk, which waits for its sound.
STALLED_S = 0.5
# The same for the blocks held back at first: a sound server that starts slowly must not keep the first
# fragment off the disk, since what is not there cannot survive a crash.
FIRST_STALLED_S = 0.8
BEHIND_S = 0.25


class SoundLine:
    """Belongs to one thread. `written` counts the samples given out: media time at 48 kHz."""

    def __init__(self, clock: MediaClock, channels: int) -> None:
        self._clock = clock
        self._channels = channels
        self.written = 0
        self._received = 0
        self._offsets: deque[float] = deque(maxlen=WINDOW)
        self._anchor: float | None = None  # monotonic time of the device's sample 0
        self._held: list[tuple[int, Samples]] = []
        self._blocks = 0
        self._stretching = False
        self._error = 0
        self._realign = False  # the next piece goes exactly where it belongs
        self._behind_s = 0.0  # media time behind monotonic time, at the last piece

    def place(self, at: float, samples: Samples) -> list[Samples]:
        """What to encode next, in order: the recorded parts of a block whose first sample was heard at `at`
        (monotonic seconds), and silence where there was a hole."""
        index, self._received = self._received, self._received + len(samples)
        self._observe(at - index / RATE)
        self._held.append((index, samples))
        return self._release() if self._anchor is not None else []

    def hear(self, at: float, count: int) -> None:
        """Learn of the time from a block that belongs to no take, so that less is left to learn in it."""
        self._observe(at - self._received / RATE)
        self._received += count

    def restart(self) -> list[Samples]:
        """Another stream begins, with a clock of its own: what the old one said about time is forgotten."""
        before = self._release()
        self._offsets.clear()
        self._anchor, self._blocks, self._stretching = None, 0, False
        self._realign = True
        return before

    def fill(self, until_s: float) -> list[Samples]:
        """Silence up to a media time, nothing if that is reached."""
        return self._silence(round(until_s * RATE) - self.written)

    def fill_stall(self, *, lost: bool = False) -> list[Samples]:
        """Silence while the device gives nothing, so that the picture need not wait for it; at once when the
        device is known to be `lost`."""
        now = self._clock.media_time()
        if lost:
            return [*self._release(), *self.fill(now)]
        if now - self.written / RATE < (FIRST_STALLED_S if self._held else STALLED_S):
            return []
        before = self._release()
        self._realign = True
        return [*before, *self.fill(now - BEHIND_S)]

    def finish(self, until_s: float) -> list[Samples]:
        """The end of the track at a media time: as long as the picture."""
        return [*self._release(), *self.fill(until_s)]

    @property
    def error_s(self) -> float:
        """How far the last block lay from where it was put; positive: the device is ahead."""
        return self._error / RATE

    def _observe(self, offset: float) -> None:
        """Offsets are what blocks tell of the time of the device's sample 0."""
        self._blocks += 1
        self._offsets.append(offset)
        latest = list(self._offsets)[-LATEST:]
        steady = max(latest) - min(latest) < STEADY_S
        if self._anchor is None:
            if self._blocks >= LAST_ANCHOR or (self._blocks >= FIRST_ANCHOR and steady):
                self._settle(latest)
        elif steady and all(abs(value - self._anchor) > LOST_BLOCKS_S for value in latest):
            # Blocks were lost on the way: what came before says nothing about what comes now.
            self._settle(latest)
            self._realign = True
        elif self._blocks % 10 == 0:
            self._anchor = median(self._offsets)

    def _settle(self, latest: list[float]) -> None:
        """Time is what the latest blocks say, and all those before that agree with them."""
        middle = median(latest)
        agreeing = [offset for offset in self._offsets if abs(offset - middle) < STEADY_S]
        self._offsets.clear()
        self._offsets.extend(agreeing)
        self._anchor = median(agreeing)

    def _release(self) -> list[Samples]:
        held, self._held = self._held, []
        if held and self._anchor is None:
            self._settle(list(self._offsets)[-LATEST:])
        pieces: list[Samples] = []
        for index, samples in held:
            pieces += self._place(index, samples)
        return pieces

    def _place(self, index: int, samples: Samples) -> list[Samples]:
        begin = (self._anchor or 0.0) + index / RATE
        pieces: list[Samples] = []
        for first, last in self._clock.recorded(begin, begin + len(samples) / RATE):
            part = samples[round((first - begin) * RATE) : round((last - begin) * RATE)]
            media_s = self._clock.media_time(first)
            self._cut(first - media_s)
            pieces += self._fit(part, round(media_s * RATE))
        return pieces

    def _cut(self, behind_s: float) -> None:
        """After a pause nothing is to be stretched; and sound of this computer, which is recorded some
        milliseconds before it is heard, was recorded up to a little beyond the pause's begin."""
        if abs(behind_s - self._behind_s) > 1 / RATE:
            self._behind_s, self._realign = behind_s, True

    def _fit(self, part: Samples, target: int) -> list[Samples]:
        """`part` belongs at sample `target` of the track."""
        error = self._error = target - self.written
        if self.written == 0 or self._realign or abs(error) > JUMP_FROM_S * RATE:
            self._stretching = False
            self._realign = -error >= len(part)  # all of it comes too late: so may what follows
            before = self._silence(error)
            return [*before, *self._give(part[max(0, -error) :])]
        if self._wants_stretch(abs(error) / RATE):
            part = _stretch(part, _step(error, len(part)))
        return self._give(part)

    def _wants_stretch(self, off_s: float) -> bool:
        if off_s > STRETCH_FROM_S:
            self._stretching = True
        elif off_s < STRETCH_UNTIL_S:
            self._stretching = False
        return self._stretching

    def _silence(self, count: int) -> list[Samples]:
        return self._give(np.zeros((count, self._channels), dtype=np.float32)) if count > 0 else []

    def _give(self, samples: Samples) -> list[Samples]:
        self.written += len(samples)
        return [samples] if len(samples) else []


def _step(error: int, count: int) -> int:
    """How much of an error to take away with a piece of `count` samples: at least one, never much."""
    wanted = abs(error) * count / RATE / STRETCHED_IN_S
    most = min(abs(error), int(count * MOST_STRETCH))
    return int(math.copysign(max(1, min(round(wanted), most)), error))


def _stretch(samples: Samples, more: int) -> Samples:
    """The same sound in `more` samples more (or fewer)."""
    count = len(samples)
    if not more or count < 2 or count + more < 2:
        return samples
    at = np.linspace(0, count - 1, count + more)
    columns = [np.interp(at, np.arange(count), samples[:, channel]) for channel in range(samples.shape[1])]
    return np.stack(columns, axis=1).astype(np.float32)
