"""Several screens as one picture, each in its place, black between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from capture.compare import all_bands, bands_of, runs
from capture.errors import ScreenLost
from capture.health import Health
from capture.model import Picture, Rect
from capture.pool import Buffer, pixel_pool
from capture.ports import ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

POOL_SIZE = 6


class Mosaic:
    """A ScreenSource over `parts`: sources that draw their pointer themselves, and where they lie.

    `area` is what is filmed, in the coordinates of those places.
    """

    def __init__(self, parts: Sequence[tuple[ScreenSource, Rect]], area: Rect) -> None:
        self.width, self.height = area.width, area.height
        self._parts, self._area = parts, area
        self._pool = pixel_pool(lambda: np.zeros((self.height, self.width, 4), np.uint8), POOL_SIZE)
        self._canvas: Pixels = np.zeros((self.height, self.width, 4), np.uint8)
        self._reference: Buffer | None = None
        self._owed = all_bands(self.height)  # bands in which the canvas is newer than the reference

    def grab(self, *, thorough: bool) -> Picture | None:
        for source, place in self._parts:
            picture = source.grab(thorough=thorough)
            if picture is not None:
                self._put(picture, place)
                picture.buffer.release()
        if not self._owed or not self._take_over():
            return None
        dirty, self._owed = self._owed, 0
        return self._picture(dirty)

    def again(self) -> Picture:
        return self._picture(0)

    def trouble(self) -> Health | None:
        return next(filter(None, (source.trouble() for source, _ in self._parts)), None)

    def close(self) -> None:
        for source, _ in self._parts:
            source.close()

    def _picture(self, dirty: int) -> Picture:
        if self._reference is None:
            raise ScreenLost("There is no picture yet", "The screen was not grabbed before.")
        return Picture(self._reference.retain(), dirty, ())

    def _put(self, picture: Picture, place: Rect) -> None:
        """Copy onto the canvas what changed in a part, as far as it is filmed."""
        for top, bottom in runs(picture.dirty, place.height):
            changed = Rect(place.x, place.y + top, place.width, bottom - top).clip(self._area)
            if changed is None:
                continue
            rows, left = changed.y - place.y, changed.x - place.x
            part = picture.buffer.pixels[rows : rows + changed.height, left : left + changed.width]
            x, y = changed.x - self._area.x, changed.y - self._area.y
            self._canvas[y : y + changed.height, x : x + changed.width] = part
            self._owed |= bands_of(y, y + changed.height)

    def _take_over(self) -> bool:
        """Bring the reference up to date; False when all buffers are on their way through the pipeline."""
        old = self._reference
        if old is not None and not old.shared:
            for top, bottom in runs(self._owed, self.height):
                old.pixels[top:bottom] = self._canvas[top:bottom]
            return True
        new = self._pool.take()
        if new is None:
            return False
        np.copyto(new.pixels, self._canvas)
        self._reference = new.retain()
        if old is not None:
            old.release()
        return True


def side_by_side(places: Sequence[Rect]) -> list[Rect]:
    """The places as they are, or in a row where they are not known well enough to keep apart."""
    apart = all(one.clip(other) is None for index, one in enumerate(places) for other in places[:index])
    if apart:
        return list(places)
    row, x = [], 0
    for place in places:
        row.append(Rect(x, 0, place.width, place.height))
        x += place.width
    return row
