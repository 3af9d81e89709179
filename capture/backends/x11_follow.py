"""Filming one window, wherever it goes: from its own memory (COMPOSITE), without what lies over it.

The picture keeps the size the window had at first. A window that became smaller lies in the middle of it, a
larger one is scaled down. Where the server has no COMPOSITE, the window's place on the screen is filmed, with
whatever lies over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from capture import fit
from capture.area import within
from capture.backends.shm import Segment
from capture.backends.x11_film import ShmSource
from capture.backends.x11_screen import Desktop, Pointer, Watch
from capture.backends.x11_window import Place, Windows
from capture.backends.xcb import XRequestError
from capture.errors import BadRegion, NoWindow
from capture.health import window_gone, window_hidden
from capture.model import MIN_SIDE, Picture, Rect, ScreenRequest, Sprite

if TYPE_CHECKING:
    from capture.pool import Buffer


class WindowSource(ShmSource):
    def __init__(self, desktop: Desktop, request: ScreenRequest, *, composite: bool = True) -> None:
        """`composite` False films its place on the screen even where there is a better way."""
        super().__init__(desktop)
        if request.region is not None:
            raise BadRegion("A window is recorded as a whole", "Both a window and a region were asked for.",
                            "Leave one of them out.")  # fmt: skip
        self._windows = Windows(desktop.connection)
        self._window = self._windows.find(request.window or "active")
        self._windows.watch(self._window)
        self._composite = desktop.composite() if composite else None
        if self._composite is not None:
            self._composite.redirect(self._window)
        place = self._windows.place(self._window)
        if place is None or place.width < MIN_SIDE or place.height < MIN_SIDE:
            raise NoWindow(
                "This window cannot be recorded", f"It is gone, or smaller than {MIN_SIDE} pixels."
            )
        if place.depth not in (24, 32):
            raise NoWindow("This window cannot be recorded", f"It has {place.depth} bits of colour, not 24.")
        self._begin(place.width & ~1, place.height & ~1)
        self._watch = Watch(desktop, self._window if self._composite else None)
        self._pointer = Pointer(desktop)
        self._spare: tuple[Segment, int, int] | None = None  # memory, the server's name for it, its size
        self._pixmap: int | None = None
        self._place: Place | None = None  # None while there is nothing to see
        self._measure()

    def grab(self, *, thorough: bool) -> Picture | None:
        if thorough:  # window managers hide windows in more ways than they report
            self._measure()
        return super().grab(thorough=thorough)

    def _hear(self) -> None:
        heard = self._watch.hear()
        if heard.restructured or heard.resized:
            self._measure()
        if heard.cursor_changed:
            self._pointer.reload()
        for rect in heard.damaged:
            if not self._as_it_was:
                self._pending = self._all
            elif self._composite is None and self._place is not None:
                self._damaged(rect.moved(-self._place.x, -self._place.y))
            else:
                self._damaged(rect)

    def _measure(self) -> None:
        """Find out whether it is there, and where, and get its picture anew if that may have changed."""
        before, now = self._place, self._windows.place(self._window)
        self._place = now if now is not None and now.viewable and now.width and now.height else None
        if before is not None and self._place is None:
            self._trouble = window_hidden() if now is not None else window_gone()
        if self._place == before:
            return
        self._pending = self._all
        if self._composite is None or (before and self._place and _alike(before, self._place)):
            return  # it was only moved
        if self._pixmap is not None:
            self._composite.free(self._pixmap)
            self._pixmap = None
        if self._place is not None:
            try:
                self._pixmap = self._composite.pixmap(self._window)
            except XRequestError:  # hidden in this very moment; an event is on its way
                self._place = None

    @property
    def _as_it_was(self) -> bool:
        """Whether its pixels are those of the picture, row by row."""
        place = self._place
        return place is not None and (place.width & ~1, place.height & ~1) == (self.width, self.height)

    def find(self, x: float, y: float) -> tuple[float, float] | None:
        place = self._place
        if place is None:
            return None
        inside = within(x - place.x, y - place.y, place.width, place.height)
        if inside is None or self._as_it_was:
            return inside
        where = fit.place(place.width, place.height, Rect(0, 0, self.width, self.height))
        scale = where.width / place.width
        return where.x + inside[0] * scale, where.y + inside[1] * scale

    def _pointer_now(self) -> Sprite | None:
        place = self._place
        if place is None:
            return None
        inside = Rect(0, 0, place.width, place.height)
        try:
            if self._as_it_was:
                return self._pointer.now(inside, self._window)
            where = fit.place(place.width, place.height, Rect(0, 0, self.width, self.height))
            cursor = self._pointer.now(inside, self._window, where.width / place.width)
        except XRequestError:
            return None  # closed in this very moment
        return cursor and Sprite(cursor.x + where.x, cursor.y + where.y, cursor.serial, cursor.pixels)

    def _shoot(self, buffer: Buffer, top: int, bottom: int) -> bool:
        place = self._place
        if place is None:
            return False
        try:
            if not self._as_it_was:
                self._shoot_fitted(buffer, place)
                return True
            if self._composite is None:
                rows = Rect(place.x, place.y + top, self.width, bottom - top)
                if self._desktop.visible(rows) != rows:
                    return False  # partly off the screen: it has no picture there
            else:
                rows = Rect(place.border, place.border + top, self.width, bottom - top)
            self._shm.get_image(rows, self._shared(buffer), top * self._stride, self._pixmap)
        except XRequestError:
            # It changed in this very moment.
            self._place = None if self._windows.place(self._window) is None else self._place
            return False
        return True

    def _shoot_fitted(self, buffer: Buffer, place: Place) -> None:
        size = place.width * place.height * 4
        segment, shared = self._spare_memory(size)
        corner = (place.x, place.y) if self._composite is None else (place.border, place.border)
        self._shm.get_image(Rect(*corner, place.width, place.height), shared, 0, self._pixmap)
        where = fit.place(place.width, place.height, Rect(0, 0, self.width, self.height))
        fit.draw(segment.pixels(place.width, place.height), buffer.pixels, where)

    def _spare_memory(self, size: int) -> tuple[Segment, int]:
        if self._spare is None or self._spare[2] < size:
            if self._spare is not None:
                self._shm.detach(self._spare[1])
                self._spare[0].close()
            self._spare = (*self._share(size), size)
        return self._spare[0], self._spare[1]


def _alike(one: Place, other: Place) -> bool:
    """Whether a pixmap of the one still shows the other."""
    return (one.width, one.height, one.border) == (other.width, other.height, other.border)
