"""Filming with MIT-SHM: one copy into shared memory, nothing on the wire but the request.

What the server reports as damaged is copied and compared, the rest not even looked at; the pointer's move
costs no copy at all. Now and then (`thorough`) more is compared: all of it at first, then, as long as nothing
unreported turns up, a quarter each time, for on a large screen that is most of what a still picture costs.
Where damage is missed, as with some compositing drivers, it is not asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from capture.backends.shm import Segment
from capture.backends.x11_protocol import Shm
from capture.backends.x11_screen import Desktop, Watch
from capture.compare import all_bands, bands_of, changed_bands, runs
from capture.errors import ScreenLost
from capture.health import Health
from capture.model import Picture, Rect, Sprite
from capture.pool import Buffer, pixel_pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POOL_SIZE = 6
MISSES_TOLERATED = 2
WHOLE_CHECKS = 20  # thorough looks at everything, ten seconds of them, before they become quarters
PARTS = 4
MOST_RUNS = 4  # more intervals of rows than this are cheaper in one copy


class ShmSource:
    """A ScreenSource over `_shoot`; who inherits says what is filmed, and calls `_begin` once it knows."""

    width: int
    height: int
    _watch: Watch

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._closed = False
        self._segments: dict[int, tuple[Segment, int]] = {}
        self._shm: Shm = desktop.shm()
        self._reference: Buffer | None = None
        self._cursor: Sprite | None = None
        self._missed = 0
        self._checks = 0  # thorough looks since the last change that nobody had reported
        self._trouble: Health | None = None

    def _begin(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._stride = width * 4
        self._all = all_bands(height)
        self._pool = pixel_pool(self._new_pixels, POOL_SIZE)
        self._scratch = self._take()
        self._pending = self._all  # bands that may differ from the reference

    def _hear(self) -> None:
        """Take in what the server said: `_pending`, `_trouble`."""
        raise NotImplementedError

    def _pointer_now(self) -> Sprite | None:
        raise NotImplementedError

    def _shoot(self, buffer: Buffer, top: int, bottom: int) -> bool:
        """Copy the rows [top, bottom) of the picture; False when there is nothing to see, and nothing was
        copied."""
        raise NotImplementedError

    def grab(self, *, thorough: bool) -> Picture | None:
        self._hear()
        self._watch.pointer_is_looked_for()
        cursor = self._pointer_now()
        changed = self._copy(thorough=thorough)
        moved = not (cursor.same(self._cursor) if cursor else self._cursor is None)
        self._cursor = cursor
        if not changed and not moved:
            return None
        return self._picture(changed)

    def quiet(self) -> bool:
        return not self._pending and not self._watch.stirs()

    def again(self) -> Picture:
        return self._picture(0)

    def trouble(self) -> Health | None:
        trouble, self._trouble = self._trouble, None
        return trouble

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        # Segments stay mapped while other stages read pictures over them.
        self._pool.close()
        self._desktop.close()

    def _picture(self, dirty: int) -> Picture:
        if self._reference is None:
            raise ScreenLost("There is no picture yet", "The screen was not grabbed before.")
        return Picture(self._reference.retain(), dirty, (self._cursor,) if self._cursor else ())

    def _damaged(self, area: Rect) -> None:
        """Something was drawn on this part of the picture."""
        common = area.clip(Rect(0, 0, self.width, self.height))
        if common is not None:
            self._pending |= bands_of(common.y, common.bottom)

    def _copy(self, *, thorough: bool) -> int:
        """Bring the reference up to date; the bands that changed."""
        if self._reference is None:
            self._reference = self._take()
            self._pending = 0
            if not self._shoot(self._reference, 0, self.height):
                self._reference.pixels[:] = 0
                self._pending = self._all
            return self._all
        if not self._watch.trusted or (thorough and self._checks < WHOLE_CHECKS):
            self._checks += 1
            return self._copy_all(self._all, self._pending)
        expected = self._pending
        if thorough:
            self._pending |= self._part(self._checks % PARTS)
            self._checks += 1
        if not self._pending:
            return 0
        intervals = list(runs(self._pending, self.height))
        rows = sum(bottom - top for top, bottom in intervals)
        if self._reference.shared or rows * 2 > self.height or len(intervals) > MOST_RUNS:
            return self._copy_all(self._pending, expected)
        return self._copy_rows(self._reference, intervals, expected)

    def _part(self, number: int) -> int:
        """The bands of a quarter of the picture."""
        return bands_of(self.height * number // PARTS, self.height * (number + 1) // PARTS)

    def _copy_all(self, among: int, expected: int) -> int:
        """Copy the whole screen into another buffer, which becomes the reference if it differs.

        `expected` are the bands that were reported.
        """
        old = self._reference
        new = self._pool.take()
        if old is None or new is None:
            return 0  # all buffers are on their way through the pipeline; what is pending stays so
        new.retain()
        pending, self._pending = self._pending, 0
        if not self._shoot(new, 0, self.height):
            self._pending = pending
            new.release()
            return 0
        # What was drawn since the last report is in this copy too, and its report came before the copy did.
        self._hear()
        among, expected = among | self._pending, expected | self._pending
        changed = changed_bands(new.address, old.address, self._stride, self.height, among)
        self._check_damage(changed & ~expected)
        if changed:
            self._reference = new
            old.release()
        else:
            new.release()
        return changed

    def _copy_rows(self, reference: Buffer, intervals: list[tuple[int, int]], expected: int) -> int:
        changed, pending = 0, self._pending
        self._pending = 0
        for top, bottom in intervals:
            if not self._shoot(self._scratch, top, bottom):
                self._pending = pending
                break
            bands = bands_of(top, bottom)
            found = changed_bands(self._scratch.address, reference.address, self._stride, self.height, bands)
            for first, last in runs(found, self.height):
                reference.pixels[first:last] = self._scratch.pixels[first:last]
            changed |= found
        self._check_damage(changed & ~expected)
        return changed

    def _check_damage(self, unexpected: int) -> None:
        """Count changes nobody reported, unless the report was only on its way."""
        if not unexpected or not self._watch.trusted:
            return
        self._hear()
        if unexpected & ~self._pending:
            self._missed += 1
            self._checks = 0
            if self._missed > MISSES_TOLERATED:
                self._watch.distrust()

    def _shared(self, buffer: Buffer) -> int:
        """The server's name for the memory of a buffer."""
        return self._segments[buffer.address][1]

    def _take(self) -> Buffer:
        buffer = self._pool.take()
        if buffer is None:
            raise ScreenLost("There is no free picture buffer")
        return buffer.retain()

    def _new_pixels(self) -> NDArray[np.uint8]:
        segment, shared = self._share(self._stride * self.height)
        pixels = segment.pixels(self.width, self.height)
        self._segments[pixels.ctypes.data] = (segment, shared)
        return pixels

    def _share(self, size: int) -> tuple[Segment, int]:
        """Memory that the server can write to, and its name for it."""
        segment = Segment(size)
        try:
            return segment, self._shm.attach(segment.id)
        finally:
            segment.forget()
