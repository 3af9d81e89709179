"""The screen and the camera put together as the layout says: a screen source made of both.

The layout may change at any moment, the size of the picture never does. What is not seen is not worked on:
the screen is not grabbed while the camera fills the picture, a bubble is only cut when a new frame came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import cv2
import numpy as np

from capture.compare import all_bands
from capture.cutout import Cutout
from capture.health import Health
from capture.layout import Arrangement, Layout, Shape, fill
from capture.model import MIN_SIDE, Picture, Rect, Sprite
from capture.pool import Buffer, pixel_pool
from capture.ports import CameraSource, Placed, ScreenSource
from capture.scale import scaled_size, scaled_sprite, shrink
from capture.sprites import blend, new_serial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

POOL_SIZE = 6


class Scene:
    """A ScreenSource. `arrange` may be called from any thread, the rest belongs to one.

    Without a screen the camera alone is filmed. A layout that hides the screen keeps it hidden while the
    camera is lost; one that shows it anyway then shows it large. Closing it closes both.
    """

    def __init__(
        self, screen: ScreenSource | None, camera: CameraSource, layout: Layout, height: int | None = None
    ) -> None:
        self._screen, self._camera = screen, camera
        size = (screen.width, screen.height) if screen else _camera_size(camera, height)
        self.width, self.height = size
        self.layout = layout
        self._now = layout  # what the last picture shows
        self._face = _Face(camera, *size)
        self._inset = _Inset(*size)
        self._last: Callable[[], Picture] | None = None
        self._over: tuple[Sprite, ...] = ()
        self._filled = False  # whether the camera filled the last picture

    def arrange(self, layout: Layout) -> None:
        """Put them together in another way from the next picture on."""
        self.layout = layout

    def find(self, x: float, y: float) -> tuple[float, float] | None:
        """Nowhere while the screen is hidden or small: a mark there would be out of place."""
        if self._filled or not isinstance(self._screen, Placed):
            return None
        return self._screen.find(x, y)

    def grab(self, *, thorough: bool) -> Picture | None:
        layout = self.layout
        turned, self._now = layout is not self._now, layout
        lost = self._camera.failed() is not None
        filled = (
            self._screen is None
            or layout.arrangement is Arrangement.CAMERA
            or (layout.arrangement is Arrangement.SWAPPED and not lost and self._camera.latest() is not None)
        )
        turned |= filled is not self._filled
        self._filled = filled
        if filled or self._screen is None:
            return self._with_face(layout, turned=turned, thorough=thorough)
        return self._with_screen(self._screen, None if lost else layout, turned=turned, thorough=thorough)

    def again(self) -> Picture:
        if self._last is None:
            raise RuntimeError("again() before the first grab()")
        picture = self._last()
        return Picture(picture.buffer, 0, picture.sprites)

    def trouble(self) -> Health | None:
        return self._screen.trouble() if self._screen else None

    def close(self) -> None:
        if self._screen:
            self._screen.close()
        self._camera.close()

    def _with_screen(
        self, screen: ScreenSource, layout: Layout | None, *, turned: bool, thorough: bool
    ) -> Picture | None:
        """The screen, with the camera over it if the layout has a bubble."""
        picture = screen.grab(thorough=thorough)
        bubble = None
        if layout is not None and layout.arrangement is not Arrangement.SCREEN:
            bubble = self._face.bubble(layout)
        over = (bubble,) if bubble else ()
        if picture is None and not turned and _keys(over) == _keys(self._over):
            return None
        self._over = over

        def last() -> Picture:
            return _under_pointer(screen.again(), over)

        self._last = last
        picture = picture or screen.again()
        dirty = all_bands(self.height) if turned else picture.dirty
        return _under_pointer(Picture(picture.buffer, dirty, picture.sprites), over)

    def _with_face(self, layout: Layout, *, turned: bool, thorough: bool) -> Picture | None:
        """The camera, with the screen over it if the layout swaps them."""
        inset = None
        if self._screen is not None and layout.arrangement is Arrangement.SWAPPED:
            inset = self._small_screen(self._screen, layout, turned=turned, thorough=thorough)
        over = (inset,) if inset else ()
        fresh = self._face.refresh()
        if not fresh and not turned and _keys(over) == _keys(self._over):
            return None
        self._over = over
        self._last = lambda: Picture(self._face.picture.retain(), 0, over)
        return Picture(self._face.picture.retain(), all_bands(self.height) if fresh or turned else 0, over)

    def _small_screen(
        self, screen: ScreenSource, layout: Layout, *, turned: bool, thorough: bool
    ) -> Sprite | None:
        picture = screen.grab(thorough=thorough or turned)
        if picture is None and not turned:
            return self._inset.sprite
        picture = picture or screen.again()
        try:
            return self._inset.show(picture, layout, anew=turned)
        finally:
            picture.buffer.release()


class _Face:
    """The camera's newest frame in the forms a picture needs it in."""

    def __init__(self, camera: CameraSource, width: int, height: int) -> None:
        self._camera, self._frame = camera, Rect(0, 0, width, height)
        self._pool = pixel_pool(lambda: np.zeros((height, width, 4), dtype=np.uint8), POOL_SIZE)
        self._cutouts = _Cutouts()
        self._sprite: Sprite | None = None
        self._cut_from = (-1, Rect(0, 0, 0, 0), "")
        self._filled_from = -1
        self._picture: Buffer | None = None

    @property
    def picture(self) -> Buffer:
        """The camera filling the whole picture, black before its first frame."""
        if self._picture is None:
            first = self._pool.take()
            if first is None:
                raise RuntimeError("a new pool is empty")
            self._picture = first.retain()
        return self._picture

    def bubble(self, layout: Layout) -> Sprite | None:
        frame = self._camera.latest()
        if frame is None:
            return None
        place = layout.place(self._frame.width, self._frame.height)
        cut_from = (frame.serial, place, str(layout.shape))
        if cut_from != self._cut_from:
            cutout = self._cutouts.of(place, layout)
            self._sprite = Sprite(place.x, place.y, new_serial(), cutout.cut(frame.pixels))
            self._cut_from = cut_from
        return self._sprite

    def refresh(self) -> bool:
        """Bring `picture` up to date; whether it is another one now."""
        frame = self._camera.latest()
        if frame is None or frame.serial == self._filled_from:
            return False
        buffer = self._pool.take()
        if buffer is None:
            return False  # all on their way through the pipeline
        buffer.retain()
        _fill(frame.pixels, buffer.pixels)
        if self._picture is not None:
            self._picture.release()
        self._picture, self._filled_from = buffer, frame.serial
        return True


class _Inset:
    """The screen in small, with its pointer."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._cutouts = _Cutouts()
        self._small: Pixels | None = None
        self.sprite: Sprite | None = None

    def show(self, picture: Picture, layout: Layout, *, anew: bool) -> Sprite:
        place = layout.place(self._width, self._height, self._width / self._height)
        if anew or picture.dirty or self._small is None:
            self._small = shrink(picture.buffer.pixels, place.width, place.height)
        pixels = self._small
        if picture.sprites:
            pixels = pixels.copy()
            across, down = place.width / self._width, place.height / self._height
            for sprite in picture.sprites:
                blend(pixels, Rect(0, 0, place.width, place.height), scaled_sprite(sprite, across, down))
        cutout = self._cutouts.of(place, layout, rounded=True)
        self.sprite = Sprite(place.x, place.y, new_serial(), cutout.cut(pixels))
        return self.sprite


class _Cutouts:
    """The masks used last: sizes change when a person drags a handle, and not otherwise."""

    def __init__(self) -> None:
        self._key: tuple[int, int, Shape] | None = None
        self._cutout: Cutout | None = None

    def of(self, place: Rect, layout: Layout, *, rounded: bool = False) -> Cutout:
        key = (place.width, place.height, Shape.ROUNDED if rounded else layout.shape)
        if self._cutout is None or key != self._key:
            self._key, self._cutout = key, Cutout(*key)
        return self._cutout


def _fill(pixels: Pixels, into: Pixels) -> None:
    """A BGR frame over a whole BGRA picture, with black beside it where the shapes differ much."""
    height, width = into.shape[:2]
    part, place = fill(pixels.shape[1], pixels.shape[0], Rect(0, 0, width, height))
    if (place.width, place.height) != (width, height):
        into[:] = 0
    shown = shrink(pixels[part.y : part.bottom, part.x : part.right], place.width, place.height)
    target = into[place.y : place.bottom, place.x : place.right]
    target[:] = cv2.cvtColor(shown, cv2.COLOR_BGR2BGRA)


def _camera_size(camera: CameraSource, height: int | None) -> tuple[int, int]:
    """Even sides of a film of the camera alone."""
    wide, high = max(MIN_SIDE, camera.width & ~1), max(MIN_SIDE, camera.height & ~1)
    return scaled_size(wide, high, height) if height else (wide, high)


def _under_pointer(picture: Picture, over: tuple[Sprite, ...]) -> Picture:
    return Picture(picture.buffer, picture.dirty, (*over, *picture.sprites))


def _keys(sprites: tuple[Sprite, ...]) -> list[tuple[int, int, int]]:
    return [sprite.key for sprite in sprites]
