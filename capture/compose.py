"""From what was grabbed to what is encoded: only what changed is converted, and the pointer is drawn last.

Pictures for the encoder come from a small pool, and each remembers what it missed while the others were used
(`stale`). The pointer is blended on a copy of what lies under it, never into the grabbed picture: that one is
compared with the next grab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capture.colour import Converter, Planes, convert_patch
from capture.compare import all_bands, bands_of, runs
from capture.model import Cursor, Picture, Rect
from capture.pool import Pool

if TYPE_CHECKING:
    from numpy.typing import NDArray

POOL_SIZE = 6


class Canvas:
    """A picture for the encoder and what it shows."""

    def __init__(self, width: int, height: int) -> None:
        self.planes = Planes(width, height)
        self.stale = all_bands(height)
        self.cursor: Cursor | None = None


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
        old, new = canvas.cursor, picture.cursor
        if old is not None and not old.same(new):
            self._patch(canvas, picture, old.rect, None)
        if new is not None and not (new.same(old) and not fresh & bands_of(new.y, new.rect.bottom)):
            self._patch(canvas, picture, new.rect, new)
        canvas.cursor = new

    def _patch(self, canvas: Canvas, picture: Picture, rect: Rect, cursor: Cursor | None) -> None:
        """Convert what lies at `rect` again, with the pointer on it if there is one."""
        area = self._even(rect)
        if area is None:
            return
        patch = picture.buffer.pixels[area.y : area.bottom, area.x : area.right].copy()
        if cursor is not None:
            _blend(patch, area, cursor)
        convert_patch(patch, canvas.planes, area.x, area.y)

    def _even(self, rect: Rect) -> Rect | None:
        x, y = rect.x & ~1, rect.y & ~1
        return Rect(x, y, (rect.right + 1 & ~1) - x, (rect.bottom + 1 & ~1) - y).clip(self._frame)


def _blend(patch: NDArray[np.uint8], area: Rect, cursor: Cursor) -> None:
    """Lay the premultiplied pointer over `patch`, which shows `area` of the picture."""
    common = cursor.rect.clip(area)
    if common is None:
        return
    over = cursor.pixels[
        common.y - cursor.y : common.bottom - cursor.y, common.x - cursor.x : common.right - cursor.x
    ].astype(np.uint16)
    under = patch[common.y - area.y : common.bottom - area.y, common.x - area.x : common.right - area.x]
    mixed = over + (under.astype(np.uint16) * (255 - over[..., 3:4]) + 127) // 255
    under[:] = np.minimum(mixed, 255).astype(np.uint8)
