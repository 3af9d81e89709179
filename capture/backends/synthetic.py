"""A screen that is drawn here: for tests, and for machines without one. Taken only when named.

`display` says what it shows: "still", "motion" (every pixel, every picture), or anything else for a bar that
moves over a page. The bar's place tells the time: a column per picture.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from capture.area import filmed
from capture.backends.copying import CopyingSource
from capture.model import Rect, ScreenRequest
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

name = "synthetic"

SCREEN = Rect(0, 0, 640, 360)
BAR = 16


def probe(request: ScreenRequest) -> Probe:  # noqa: ARG001 - it works everywhere
    return Probe(usable=True)


def open(request: ScreenRequest) -> ScreenSource:
    return SyntheticSource(request)


class SyntheticSource(CopyingSource):
    def __init__(self, request: ScreenRequest) -> None:
        area = filmed(SCREEN, request.region)
        self._kind = request.display or "bar"
        self._fps = request.fps
        self._begin = time.monotonic()
        self._page = _page(area)
        self._noise = np.random.default_rng(1)
        super().__init__(area.width, area.height, self._draw)

    def _draw(self, pixels: NDArray[np.uint8]) -> None:
        if self._kind == "motion":
            pixels[:] = self._noise.integers(0, 256, pixels.shape, dtype=np.uint8)
            return
        pixels[:] = self._page
        if self._kind != "still":
            number = int((time.monotonic() - self._begin) * self._fps)
            left = number * 2 % max(1, self.width - BAR)
            pixels[self.height // 4 : self.height // 2, left : left + BAR] = 255


def _page(area: Rect) -> NDArray[np.uint8]:
    """Stripes of saturated colours, whose conversion is easy to check."""
    page = np.zeros((area.height, area.width, 4), dtype=np.uint8)
    colours = ((0, 0, 255), (0, 255, 0), (255, 0, 0), (40, 40, 40), (0, 255, 255), (255, 255, 255))
    width = max(1, area.width // len(colours))
    for index, colour in enumerate(colours):
        page[:, index * width : (index + 1) * width, :3] = colour
    return page
