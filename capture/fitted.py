"""A screen that came back in another size, shown in the size that the film has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capture import fit
from capture.backends.copying import CopyingSource
from capture.health import Health
from capture.model import Picture, Rect, Sprite
from capture.ports import Placed, ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray


class FittedSource(CopyingSource):
    """A ScreenSource that shows the whole of another one in its middle, black around it."""

    def __init__(self, source: ScreenSource, width: int, height: int) -> None:
        super().__init__(width, height, self._draw)
        self._source = source
        self._where = fit.place(source.width, source.height, Rect(0, 0, width, height))
        self._shown: Picture | None = None

    def grab(self, *, thorough: bool) -> Picture | None:
        picture = self._source.grab(thorough=thorough)
        if picture is None:
            return None
        self._shown = picture
        sprites = tuple(self._moved(sprite) for sprite in picture.sprites)
        try:
            fitted = super().grab(thorough=True) or self.again()
        finally:
            picture.buffer.release()
        return Picture(fitted.buffer, fitted.dirty, sprites)

    def find(self, x: float, y: float) -> tuple[float, float] | None:
        """Where a pixel of the desktop is in the picture; None also where the other source does not know."""
        found = self._source.find(x, y) if isinstance(self._source, Placed) else None
        if found is None:
            return None
        return self._across(found[0]), self._down(found[1])

    def trouble(self) -> Health | None:
        return self._source.trouble()

    def close(self) -> None:
        self._source.close()

    def _draw(self, pixels: NDArray[np.uint8]) -> None:
        if self._shown is not None:
            fit.draw(self._shown.buffer.pixels, pixels, self._where)

    def _moved(self, sprite: Sprite) -> Sprite:
        """At its place in the picture, as large as it is on the screen: it stays visible that way."""
        x, y = round(self._across(sprite.x)), round(self._down(sprite.y))
        return Sprite(x, y, sprite.serial, sprite.pixels)

    def _across(self, x: float) -> float:
        return self._where.x + x * self._where.width / self._source.width

    def _down(self, y: float) -> float:
        return self._where.y + y * self._where.height / self._source.height
