"""Stretches of speech packed into windows of at most 30 seconds, silence left out, and times brought back.

Whisper's encoder costs the same for one second and for thirty, so windows are filled; a full one is cut at
the longest pause near its end. Where a window is cut follows from the sound alone, never from the pieces in
which it arrives: a stream gives the same text as its file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from media.transcribe.options import RATE, WINDOW_S
from media.transcribe.voice import Stretch

_FULL = int(WINDOW_S * RATE)
_WELL_FILLED = int(0.8 * _FULL)
_PAUSE = RATE  # samples: where a window may end before it is full
# Speech begins and ends softly: so much beside each stretch is heard too, at most half the pause.
_PAD = int(0.4 * RATE)


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of the recording (first and last sample) that are heard as one."""

    pieces: tuple[tuple[int, int], ...]
    stretches: tuple[Stretch, ...] = ()

    @property
    def length(self) -> int:
        return sum(end - start for start, end in self.pieces)

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]

    def span(self, start_s: float, end_s: float) -> tuple[float, float]:
        """Two moments of the window, in seconds, as moments of the recording; both in one piece."""
        offset, (begin, end) = self._piece_at((start_s + end_s) / 2)
        low, high, shift = begin / RATE, end / RATE, (begin - offset) / RATE
        return min(max(start_s + shift, low), high), min(max(end_s + shift, low), high)

    def voice(self, start_s: float, end_s: float) -> float:
        """How surely somebody speaks between two moments of the recording, 0 to 1."""
        length = max(1e-3, end_s - start_s)
        return (
            sum(
                stretch.voice * max(0.0, min(end_s, stretch.end / RATE) - max(start_s, stretch.start / RATE))
                for stretch in self.stretches
            )
            / length
        )

    def _piece_at(self, at_s: float) -> tuple[int, tuple[int, int]]:
        offset = 0
        for piece in self.pieces:
            length = piece[1] - piece[0]
            if at_s * RATE < offset + length or piece is self.pieces[-1]:
                return offset, piece
            offset += length
        raise ValueError("a window has pieces")


class Packer:
    """Collects stretches by time and gives windows that are ready to be heard."""

    def __init__(self, least_s: float, first: int = 0) -> None:
        self._least = int(least_s * RATE)
        self._held: list[Stretch] = []
        self._before = first  # where the window before ended

    @property
    def held_from(self) -> int | None:
        """The first sample that a window still to come may want; None while nothing waits."""
        if not self._held:
            return None
        first = self._held[0]
        return first.start - _pad(first.start - self._before)

    def add(self, stretches: Iterable[Stretch]) -> list[Window]:
        windows: list[Window] = []
        for stretch in stretches:
            windows += self.pause(stretch.start)
            while self._held and self._window([*self._held, stretch], stretch.end + 2 * _PAD).length > _FULL:
                windows.append(self._close_full(stretch))
            self._held.append(stretch)
        return windows

    def pause(self, until: int) -> list[Window]:
        """There is no speech between what is held and the sample `until`."""
        if not self._held or until - self._held[-1].end < _PAUSE:
            return []
        if self._window(self._held, until).length < self._least:
            return []
        return [self._close(len(self._held), until)]

    def finish(self, end: int) -> list[Window]:
        """The sound ends at the sample `end`."""
        return [self._close(len(self._held), 2 * end - self._held[-1].end)] if self._held else []

    def _close_full(self, coming: Stretch) -> Window:
        """Cuts what is held at its longest pause among those that leave the window well filled."""
        after = [*(stretch.start for stretch in self._held[1:]), coming.start]
        ends = range(len(self._held))
        filled = [at for at in ends if self._window(self._held[: at + 1], after[at]).length >= _WELL_FILLED]
        at = max(filled or [ends[-1]], key=lambda index: (after[index] - self._held[index].end, index))
        return self._close(at + 1, after[at])

    def _close(self, count: int, following: int) -> Window:
        window = self._window(self._held[:count], following)
        self._before = self._held[count - 1].end
        del self._held[:count]
        return window

    def _window(self, stretches: Sequence[Stretch], following: int) -> Window:
        """`following`: the first sample after it that belongs to others."""
        ends = [self._before, *(stretch.end for stretch in stretches)]
        starts = [*(stretch.start for stretch in stretches), following]
        pads = [_pad(start - end) for end, start in zip(ends, starts, strict=True)]
        pieces: list[tuple[int, int]] = []
        for number, stretch in enumerate(stretches):
            start, end = stretch.start - pads[number], stretch.end + pads[number + 1]
            if pieces and pieces[-1][1] >= start:
                start = pieces.pop()[0]
            pieces.append((start, end))
        return Window(tuple(pieces), tuple(stretches))


def _pad(gap: int) -> int:
    return min(_PAD, max(0, gap) // 2)
