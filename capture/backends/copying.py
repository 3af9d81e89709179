"""For screens that give a whole picture at a time: keep the last one, compare, and hand on what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from capture.compare import all_bands, changed_bands
from capture.errors import ScreenLost
from capture.health import Health
from capture.model import Picture
from capture.pool import Buffer, pixel_pool

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

POOL_SIZE = 6


class CopyingSource:
    """A ScreenSource over `take`, which copies the screen as it is into the BGRA picture it is given."""

    def __init__(self, width: int, height: int, take: Callable[[Pixels], None]) -> None:
        self.width, self.height = width, height
        self._take = take
        self._all = all_bands(height)
        self._pool = pixel_pool(lambda: np.zeros((height, width, 4), dtype=np.uint8), POOL_SIZE)
        self._reference: Buffer | None = None

    def grab(self, *, thorough: bool) -> Picture | None:  # noqa: ARG002 - it always compares everything
        new = self._pool.take()
        if new is None:
            return None  # all on their way through the pipeline
        new.retain()
        self._take(new.pixels)
        old, changed = self._reference, self._all
        if old is not None:
            changed = changed_bands(new.address, old.address, self.width * 4, self.height, self._all)
        if not changed:
            new.release()
            return None
        self._reference = new
        if old is not None:
            old.release()
        return self._picture(changed)

    def again(self) -> Picture:
        return self._picture(0)

    def trouble(self) -> Health | None:
        return None

    def close(self) -> None:
        """Nothing to give back here; backends that hold more say so."""

    def _picture(self, dirty: int) -> Picture:
        if self._reference is None:
            raise ScreenLost("There is no picture yet", "The screen was not grabbed before.")
        return Picture(self._reference.retain(), dirty)
