"""Mixing on the media timeline: what belongs to the same moment is added, and nothing ever clips hard."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (samples, channels)

LIMIT_FROM = np.float32(0.8)  # -1.9 dB: up to here the mix is exact
FADE = 240  # samples: 5 ms, so that muting does not click


def gain(db: float) -> np.float32:
    return np.float32(10 ** (db / 20))


def limited(samples: Samples) -> Samples:
    """Within -1..1 without a corner: what is louder than LIMIT_FROM bends towards 1."""
    loud = np.abs(samples)
    if not len(samples) or loud.max() <= LIMIT_FROM:
        return samples
    room = np.float32(1.0) - LIMIT_FROM
    bent = LIMIT_FROM + room * np.tanh((loud - LIMIT_FROM) / room)
    return np.where(loud > LIMIT_FROM, np.copysign(bent, samples), samples)


class Strip:
    """The samples of one source that wait for the others', from its beginning without a hole."""

    def __init__(self) -> None:
        self._pieces: deque[Samples] = deque()
        self.ready = 0

    def add(self, piece: Samples) -> None:
        if len(piece):
            self._pieces.append(piece)
            self.ready += len(piece)

    def take(self, count: int) -> Samples:
        """The next `count` samples, of which there must be as many."""
        self.ready -= count
        if count == len(self._pieces[0]):
            return self._pieces.popleft()
        parts: list[Samples] = []
        while count:
            piece = self._pieces.popleft()
            if len(piece) > count:
                self._pieces.appendleft(piece[count:])
                piece = piece[:count]
            parts.append(piece)
            count -= len(piece)
        return np.concatenate(parts)


def take_together(strips: Sequence[Strip]) -> list[Samples]:
    """The next piece of every strip, as long as the shortest has it; nothing when one has none."""
    count = min(strip.ready for strip in strips)
    return [strip.take(count) for strip in strips] if count else []


def mixed(pieces: Sequence[Samples]) -> Samples:
    """The sum; one source alone stays as it is, bit by bit, unless it is too loud."""
    total = pieces[0]
    for piece in pieces[1:]:
        total = total + piece
    return limited(total)


class Mute:
    """When a source is silent, in samples of the track. Turned from any thread, applied from one."""

    def __init__(self) -> None:
        self._turns: tuple[tuple[int, bool], ...] = ()

    def turn(self, sample: int, *, on: bool) -> None:
        """Silent, or heard again, from this sample on."""
        if (self._turns[-1][1] if self._turns else False) != on:
            self._turns = (*self._turns, (sample, on))

    def applied(self, start: int, piece: Samples) -> Samples:
        """The piece that begins at sample `start`, with what was said while muted taken out."""
        turns = self._turns
        while len(turns) > 1 and turns[1][0] + FADE <= start:
            turns = turns[1:]
        if not turns or turns[0][0] >= start + len(piece) or (len(turns) == 1 and _settled(turns[0], start)):
            return piece
        return (piece * self._envelope(turns, start, len(piece))[:, None]).astype(np.float32)

    def _envelope(self, turns: tuple[tuple[int, bool], ...], start: int, count: int) -> NDArray[np.float32]:
        at = np.arange(start, start + count)
        level = np.full(count, 1.0 if turns[0][1] else 0.0, dtype=np.float32)
        for sample, on in turns:
            done = np.clip((at - sample) / FADE, 0.0, 1.0)
            level = np.where(at >= sample, 1.0 - done if on else done, level)
        return level.astype(np.float32)


def _settled(turn: tuple[int, bool], start: int) -> bool:
    """Whether the source is simply heard."""
    return not turn[1] and turn[0] + FADE <= start
