"""Smaller pictures: of anything (`shrink`), and of a screen, of which only what changed is scaled again.

Whole factors are averaged over their area. For others a picture is halved so, which OpenCV does fast, and
what is left, below two, is interpolated: averaging such a rest would take six times as long.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from capture.compare import all_bands, bands_of, runs
from capture.health import Health
from capture.model import MIN_SIDE, Picture, Sprite
from capture.pool import Buffer, pixel_pool
from capture.ports import Placed, ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

POOL_SIZE = 6


def shrink(pixels: Pixels, width: int, height: int, into: Pixels | None = None) -> Pixels:
    """The picture in another size, which may also be larger."""
    if _whole(pixels.shape[1], width) and _whole(pixels.shape[0], height):
        return _resize(pixels, width, height, cv2.INTER_AREA, into)
    for _ in range(_halvings(pixels.shape[1], pixels.shape[0], width, height)):
        wide, high = pixels.shape[1] // 2, pixels.shape[0] // 2
        pixels = _resize(pixels[: high * 2, : wide * 2], wide, high, cv2.INTER_AREA)
    return _resize(pixels, width, height, cv2.INTER_LINEAR, into)


def _whole(large: int, small: int) -> bool:
    return large % small == 0


def _halvings(wide: int, high: int, width: int, height: int) -> int:
    """How often a picture can be halved before it is smaller than wanted."""
    return max(0, min(wide // width, high // height).bit_length() - 1)


def scaled_size(width: int, height: int, wanted: int) -> tuple[int, int]:
    """Even sides of a picture `wanted` pixels high, or of the given one where that is not higher."""
    high = max(MIN_SIDE, min(wanted, height) & ~1)
    return max(MIN_SIDE, round(width * high / height / 2) * 2), high


def scaled_sprite(sprite: Sprite, across: float, down: float) -> Sprite:
    """The sprite on a picture that is smaller by these factors (0.5: half as wide)."""
    height, width = sprite.pixels.shape[:2]
    wide, high = max(1, round(width * across)), max(1, round(height * down))
    small = cv2.resize(sprite.pixels, (wide, high), interpolation=cv2.INTER_AREA)
    return Sprite(
        round(sprite.x * across), round(sprite.y * down), sprite.serial, np.asarray(small, dtype=np.uint8)
    )


class ScaledSource:
    """A ScreenSource that gives the pictures of another one smaller."""

    def __init__(self, source: ScreenSource, height: int) -> None:
        self._source = source
        self.width, self.height = scaled_size(source.width, source.height, height)
        self._across, self._down = self.width / source.width, self.height / source.height
        self._rows = _Rows((source.width, source.height), (self.width, self.height))
        self._pool = pixel_pool(lambda: np.zeros((self.height, self.width, 4), dtype=np.uint8), POOL_SIZE)
        self._stale: dict[Buffer, int] = {}  # bands of the source that a buffer missed
        self._owed = 0  # bands of the source that changed since the last picture given
        self._reference: Buffer | None = None
        self._sprites: tuple[Sprite, ...] = ()
        self._looks: dict[int, Sprite] = {}

    def grab(self, *, thorough: bool) -> Picture | None:
        picture = self._source.grab(thorough=thorough)
        if picture is None:
            if not self._owed:
                return None
            picture = self._source.again()
        try:
            return self._scaled(picture)
        finally:
            picture.buffer.release()

    def again(self) -> Picture:
        if self._reference is None:
            first = self.grab(thorough=True)
            if first is not None:
                return first
            raise RuntimeError("again() before the first grab()")
        return Picture(self._reference.retain(), 0, self._sprites)

    def trouble(self) -> Health | None:
        return self._source.trouble()

    def close(self) -> None:
        self._source.close()

    def find(self, x: float, y: float) -> tuple[float, float] | None:
        place = self._source.find(x, y) if isinstance(self._source, Placed) else None
        return (place[0] * self._across, place[1] * self._down) if place else None

    def _scaled(self, picture: Picture) -> Picture | None:
        self._owed |= picture.dirty
        for buffer in self._stale:
            self._stale[buffer] |= picture.dirty
        self._sprites = tuple(self._small(sprite) for sprite in picture.sprites)
        if self._reference is None or self._owed:
            reference = self._next(self._reference)
            if reference is None:
                return None  # all on their way through the pipeline; what is owed stays so
            self._bring_up_to_date(reference, picture.buffer.pixels)
            self._reference = reference
        dirty = 0
        for top, bottom in runs(self._owed, self._source.height):
            dirty |= bands_of(*self._rows.touched(top, bottom))
        self._owed = 0
        return Picture(self._reference.retain(), dirty & all_bands(self.height), self._sprites)

    def _next(self, reference: Buffer | None) -> Buffer | None:
        """The buffer for a new picture: the one before, if nobody reads it any more."""
        if reference is not None and not reference.shared:
            return reference
        buffer = self._pool.take()
        if buffer is None:
            return None
        if reference is not None:
            reference.release()
        return buffer.retain()

    def _bring_up_to_date(self, buffer: Buffer, pixels: Pixels) -> None:
        stale = self._stale.get(buffer, all_bands(self._source.height))
        for top, bottom in runs(stale, self._source.height):
            self._rows.shrink(pixels, buffer.pixels, top, bottom)
        self._stale[buffer] = 0

    def _small(self, sprite: Sprite) -> Sprite:
        look = self._looks.get(sprite.serial)
        if look is None:
            look = scaled_sprite(sprite, self._across, self._down)
            self._looks = {sprite.serial: look}
        return Sprite(
            round(sprite.x * self._across), round(sprite.y * self._down), sprite.serial, look.pixels
        )


class _Rows:
    """Which rows of the small picture come from which rows of the large one.

    The pattern of a scale repeats in blocks (3 rows to 2, 9 to 4); whole blocks, with one more on each side
    for the interpolation, are scaled just as they are within the whole picture.
    """

    def __init__(self, large: tuple[int, int], small: tuple[int, int]) -> None:
        self._large, self._small = large[1], small[1]
        self._exact = _whole(large[0], small[0]) and _whole(large[1], small[1])
        factor = 1 if self._exact else 1 << _halvings(*large, *small)
        common = math.gcd(self._large, self._small)
        self._from, self._to = self._large // common * factor, self._small // common * factor
        if self._large % factor:
            self._from, self._to = self._large, self._small  # all of it is one block

    def touched(self, top: int, bottom: int) -> tuple[int, int]:
        """The small picture's rows that depend on the large one's rows [top, bottom)."""
        first, last = self._blocks(top, bottom)
        return first * self._to, min(last * self._to, self._small)

    def shrink(self, pixels: Pixels, into: Pixels, top: int, bottom: int) -> None:
        """Scale again what depends on rows [top, bottom)."""
        first, last = self._blocks(top, bottom)
        before, after = max(0, first - 1), last + 1
        rows = pixels[before * self._from : min(after * self._from, self._large)]
        start, end = before * self._to, min(after * self._to, self._small)
        if (start, end) == (first * self._to, min(last * self._to, self._small)):
            shrink(rows, into.shape[1], end - start, into[start:end])
            return
        made = shrink(rows, into.shape[1], end - start)
        begin, stop = self.touched(top, bottom)
        into[begin:stop] = made[begin - start : stop - start]

    def _blocks(self, top: int, bottom: int) -> tuple[int, int]:
        """One more on each side, whose edge the interpolation may have taken from here."""
        margin = 0 if self._exact else 1
        return max(0, top // self._from - margin), -(-bottom // self._from) + margin


def _resize(pixels: Pixels, width: int, height: int, how: int, into: Pixels | None = None) -> Pixels:
    made = cv2.resize(pixels, (width, height), dst=into, interpolation=how)
    return np.asarray(made, dtype=np.uint8)
