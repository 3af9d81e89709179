"""Filming an X screen with MIT-SHM: one copy into shared memory, nothing on the wire but the request.

What the server reports as damaged is copied and compared, the rest not even looked at; the pointer's move
costs no copy at all. Now and then (`thorough`) everything is compared: where damage is missed, as with some
compositing drivers, it is not asked again.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from capture.area import filmed
from capture.compare import all_bands, bands_of, changed_bands, runs
from capture.errors import ScreenLost
from capture.model import Picture, Rect, ScreenRequest
from capture.pool import Buffer, pixel_pool
from capture.ports import Probe, ScreenSource

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

if sys.platform != "win32":
    from capture.backends.shm import Segment
    from capture.backends.x11_protocol import Shm
    from capture.backends.x11_screen import Desktop, Pointer, Watch
    from capture.backends.xcb import XRequestError

name = "screen_x11"

POOL_SIZE = 6
MISSES_TOLERATED = 2
MOST_RUNS = 4  # more intervals of rows than this are cheaper in one copy


def probe(request: ScreenRequest) -> Probe:
    if sys.platform == "win32":
        return Probe(usable=False, reason="X11 is not for Windows")
    try:
        source = _X11Source(request)
    except (ScreenLost, XRequestError, OSError) as error:
        return Probe(usable=False, reason=str(error))
    source.close()
    return Probe(usable=True)


def open(request: ScreenRequest) -> ScreenSource:  # noqa: A001 - the word of the port
    return _X11Source(request)


class _X11Source:
    def __init__(self, request: ScreenRequest) -> None:
        self._desktop = Desktop(request.display)
        self._closed = False
        self._segments: dict[int, tuple[Segment, int]] = {}
        try:
            self._prepare(request)
        except BaseException:
            self.close()
            raise

    def _prepare(self, request: ScreenRequest) -> None:
        self._area = filmed(self._desktop.screen(request.display), request.region)
        self.width, self.height = self._area.width, self._area.height
        self._stride = self.width * 4
        self._all = all_bands(self.height)
        self._shm: Shm = self._desktop.shm()
        self._pool = pixel_pool(self._new_pixels, POOL_SIZE)
        self._scratch = self._take()
        self._spare: NDArray[np.uint8] | None = None  # for a screen that has become smaller
        self._watch = Watch(self._desktop)
        self._pointer = Pointer(self._desktop, self._area)
        self._reference: Buffer | None = None
        self._pending = self._all  # bands that may differ from the reference
        self._cursor = self._pointer.now()
        self._missed = 0
        self._trouble: str | None = None

    def grab(self, *, thorough: bool) -> Picture | None:
        self._hear()
        cursor = self._pointer.now()
        changed = self._copy(thorough=thorough)
        moved = not (cursor.same(self._cursor) if cursor else self._cursor is None)
        self._cursor = cursor
        if not changed and not moved:
            return None
        return self._picture(changed)

    def again(self) -> Picture:
        return self._picture(0)

    def trouble(self) -> str | None:
        trouble, self._trouble = self._trouble, None
        return trouble

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        # The segments stay mapped until the process ends: other stages may still read them.
        self._desktop.close()

    def _picture(self, dirty: int) -> Picture:
        if self._reference is None:
            raise ScreenLost("There is no picture yet", "The screen was not grabbed before.")
        return Picture(self._reference.retain(), dirty, (self._cursor,) if self._cursor else ())

    def _hear(self) -> None:
        """Take in what the server said."""
        heard = self._watch.hear()
        for rect in heard.damaged:
            common = rect.clip(self._area)
            if common is not None:
                self._pending |= bands_of(common.y - self._area.y, common.bottom - self._area.y)
        if heard.cursor_changed:
            self._pointer.reload()
        if heard.resized:
            self._pending = self._all
            if self._desktop.visible(self._area) != self._area:
                self._trouble = "The screen changed its size; what lies outside of it now is recorded black."

    def _copy(self, *, thorough: bool) -> int:
        """Bring the reference up to date; the bands that changed."""
        if self._reference is None:
            self._reference = self._take()
            self._shoot(self._reference, self._area)
            self._pending = 0
            return self._all
        if thorough or not self._watch.trusted:
            return self._copy_all(self._all)
        if not self._pending:
            return 0
        intervals = list(runs(self._pending, self.height))
        rows = sum(bottom - top for top, bottom in intervals)
        if self._reference.shared or rows * 2 > self.height or len(intervals) > MOST_RUNS:
            return self._copy_all(self._pending)
        return self._copy_rows(self._reference, intervals)

    def _copy_all(self, among: int) -> int:
        """Copy the whole screen into another buffer, which becomes the reference if it differs."""
        old = self._reference
        new = self._pool.take()
        if old is None or new is None:
            return 0  # all buffers are on their way through the pipeline; what is pending stays so
        new.retain()
        expected, self._pending = self._pending, 0
        self._shoot(new, self._area)
        changed = changed_bands(new.address, old.address, self._stride, self.height, among)
        self._check_damage(changed & ~expected)
        if changed:
            self._reference = new
            old.release()
        else:
            new.release()
        return changed

    def _copy_rows(self, reference: Buffer, intervals: list[tuple[int, int]]) -> int:
        changed = 0
        self._pending = 0
        for top, bottom in intervals:
            self._shoot(self._scratch, Rect(self._area.x, self._area.y + top, self.width, bottom - top), top)
            bands = bands_of(top, bottom)
            found = changed_bands(self._scratch.address, reference.address, self._stride, self.height, bands)
            for first, last in runs(found, self.height):
                reference.pixels[first:last] = self._scratch.pixels[first:last]
            changed |= found
        return changed

    def _check_damage(self, unexpected: int) -> None:
        """Count changes nobody reported, unless the report was only on its way."""
        if not unexpected or not self._watch.trusted:
            return
        self._hear()
        if unexpected & ~self._pending:
            self._missed += 1
            if self._missed > MISSES_TOLERATED:
                self._watch.distrust()

    def _shoot(self, buffer: Buffer, area: Rect, top: int = 0) -> None:
        """Copy `area` into the rows of `buffer` from `top` on."""
        segment = self._segments[buffer.address][1]
        try:
            self._shm.get_image(area, segment, top * self._stride)
        except XRequestError:
            self._shoot_visible(buffer, area, top)

    def _shoot_visible(self, buffer: Buffer, area: Rect, top: int) -> None:
        """The screen is smaller than it was: what is left of it, and black around it."""
        visible = self._desktop.visible(area)
        target: NDArray[np.uint8] = buffer.pixels[top : top + area.height]
        target[:] = 0
        if visible is None:
            return
        if self._spare is None:
            self._spare = self._new_pixels()
        try:
            self._shm.get_image(visible, self._segments[self._spare.ctypes.data][1], 0)
        except XRequestError:
            return  # it changed again; the next grab sees that
        size = visible.width * visible.height * 4
        left, row = visible.x - area.x, visible.y - area.y
        target[row : row + visible.height, left : left + visible.width] = self._spare.reshape(-1)[
            :size
        ].reshape(visible.height, visible.width, 4)

    def _take(self) -> Buffer:
        buffer = self._pool.take()
        if buffer is None:
            raise ScreenLost("There is no free picture buffer")
        return buffer.retain()

    def _new_pixels(self) -> NDArray[np.uint8]:
        segment = Segment(self._stride * self.height)
        try:
            shared = self._shm.attach(segment.id)
        finally:
            segment.forget()
        pixels = segment.pixels(self.width, self.height)
        self._segments[pixels.ctypes.data] = (segment, shared)
        return pixels
