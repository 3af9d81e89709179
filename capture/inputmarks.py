"""What mouse and keyboard do, drawn over the picture: the one place where input becomes sprites."""

from __future__ import annotations

from collections.abc import Callable

from capture.clicks import Rings
from capture.inputs import Click, InputRequest, InputSource, Keys, Press
from capture.keycaps import KeyCaps
from capture.model import Sprite

Find = Callable[[float, float], tuple[float, float] | None]


class InputMarks:
    """A SpriteProvider. `find` says where a point of the desktop is in the picture."""

    def __init__(
        self, source: InputSource, request: InputRequest, size: tuple[int, int], find: Find | None
    ) -> None:
        self._source, self._request, self._find = source, request, find
        self._rings, self._caps = Rings(size[1]), KeyCaps(*size)

    def sprites(self, at: float) -> list[Sprite]:
        for event in self._source.events():
            if isinstance(event, Click):
                self._click(at, event)
            else:
                self._press(at, event)
        return [*self._rings.sprites(at), *self._caps.sprites(at)]

    def close(self) -> None:
        self._source.close()

    def _click(self, at: float, click: Click) -> None:
        place = self._find(click.x, click.y) if self._request.clicks and self._find else None
        if place is not None:
            self._rings.add(at, *place, click.button)

    def _press(self, at: float, press: Press) -> None:
        wanted = self._request.keys
        if wanted is Keys.ALL or (wanted is Keys.SHORTCUTS and not press.plain):
            self._caps.add(at, press.label, plain=press.plain)
