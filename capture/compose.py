"""From what was grabbed to what is encoded: only what changed is converted, and sprites are drawn last.

Pictures for the encoder come from a small pool, and each remembers what it missed while the others were used
(`stale`, `sprites`). Sprites are blended on a copy of what lies under them, never into the grabbed picture:
that one is compared with the next grab. A sprite that stays as it is costs nothing while what lies under it
stays too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capture.colour import Converter, Planes, convert_patch
from capture.compare import all_bands, runs
from capture.model import Picture, Rect, Sprite
from capture.pool import Pool
from capture.sprites import blend

POOL_SIZE = 6


class Canvas:
    """A picture for the encoder and what it shows."""

    def __init__(self, width: int, height: int) -> None:
        self.planes = Planes(width, height)
        self.stale = all_bands(height)
        self.sprites: tuple[Sprite, ...] = ()


class Composer:
    """Belongs to one thread; canvases may be given back from another."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._frame = Rect(0, 0, width, height)
        self._converter = Converter(width)
        self._canvases: list[Canvas] = []
        self._pool = Pool(self._new_canvas, POOL_SIZE)

    def compose(self, picture: Picture) -> Canvas | None:
        """The picture as the encoder takes it; None when all canvases are in use.

        Its dirty bands are remembered either way, so nothing is lost by trying again with the next picture.
        """
        for other in self._canvases:
            other.stale |= picture.dirty
        canvas = self._pool.take()
        if canvas is not None:
            self._bring_up_to_date(canvas, picture)
        return canvas

    def give_back(self, canvas: Canvas) -> None:
        self._pool.give(canvas)

    def _new_canvas(self) -> Canvas:
        canvas = Canvas(self.width, self.height)
        self._canvases.append(canvas)
        return canvas

    def _bring_up_to_date(self, canvas: Canvas, picture: Picture) -> None:
        fresh = canvas.stale
        for top, bottom in runs(fresh, self.height):
            self._converter.rows(picture.buffer.pixels, canvas.planes, top, bottom)
        canvas.stale = 0
        for area in self._areas(_touched(canvas.sprites, picture.sprites, runs(fresh, self.height))):
            self._patch(canvas, picture, area)
        canvas.sprites = picture.sprites

    def _areas(self, touched: Iterator[Rect]) -> list[Rect]:
        """The same with even corners, within the picture, and none inside of another."""
        areas: list[Rect] = []
        for rect in touched:
            x, y = rect.x & ~1, rect.y & ~1
            area = Rect(x, y, (rect.right + 1 & ~1) - x, (rect.bottom + 1 & ~1) - y).clip(self._frame)
            if area is not None and not any(other.holds(area) for other in areas):
                areas = [*(other for other in areas if not area.holds(other)), area]
        return areas

    def _patch(self, canvas: Canvas, picture: Picture, area: Rect) -> None:
        """Convert `area` again, with all that lies over it."""
        patch = picture.buffer.pixels[area.y : area.bottom, area.x : area.right].copy()
        for sprite in picture.sprites:
            blend(patch, area, sprite)
        convert_patch(patch, canvas.planes, area.x, area.y)


def _touched(
    old: Sequence[Sprite], new: Sequence[Sprite], fresh: Iterator[tuple[int, int]]
) -> Iterator[Rect]:
    """Where sprites came, went, or lost their trace because the rows `fresh` below them were converted."""
    before, now = {sprite.key for sprite in old}, {sprite.key for sprite in new}
    yield from (sprite.rect for sprite in old if sprite.key not in now)
    yield from (sprite.rect for sprite in new if sprite.key not in before)
    for top, bottom in fresh:
        for sprite in new:
            rect = sprite.rect
            part = rect.clip(Rect(rect.x, top, rect.width, bottom - top)) if sprite.key in before else None
            if part is not None:
                yield part
