"""Rings that spread from where the mouse was clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capture.model import Sprite
from capture.sprites import new_serial

if TYPE_CHECKING:
    from numpy.typing import NDArray

LASTS_S = 0.3
# Of a picture 1080 pixels high; in others as much of the height.
FIRST_RADIUS, LAST_RADIUS, LINE = 10.0, 30.0, 4.0
COLOURS = {1: (0, 176, 255), 3: (255, 144, 48)}  # BGR: amber for the main button, blue for the other
OTHER = (200, 200, 200)


class Rings:
    """The rings of a picture of one height. Each lasts for 0.3 s and fades as it spreads."""

    def __init__(self, height: int) -> None:
        self._scale = max(0.4, height / 1080)
        self._clicks: list[tuple[float, float, float, int]] = []  # since, x, y, button

    def add(self, at: float, x: float, y: float, button: int) -> None:
        self._clicks.append((at, x, y, button))

    def sprites(self, at: float) -> list[Sprite]:
        self._clicks = [click for click in self._clicks if at - click[0] < LASTS_S]
        return [self._ring((at - since) / LASTS_S, x, y, button) for since, x, y, button in self._clicks]

    def _ring(self, age: float, x: float, y: float, button: int) -> Sprite:
        age = max(0.0, age)
        radius = self._scale * (FIRST_RADIUS + (LAST_RADIUS - FIRST_RADIUS) * age)
        pixels = ring(radius, self._scale * LINE, COLOURS.get(button, OTHER), 1 - age)
        half = pixels.shape[0] // 2
        return Sprite(round(x) - half, round(y) - half, new_serial(), pixels)


def ring(radius: float, line: float, colour: tuple[int, int, int], strength: float) -> NDArray[np.uint8]:
    """A smooth ring as premultiplied BGRA; `line` is its width, `strength` 1 hides what is below."""
    half = int(radius + line) + 1
    across = np.arange(-half, half + 1)
    distance = np.abs(np.hypot(across[:, None], across[None, :]) - radius)
    cover = np.clip(line / 2 + 0.5 - distance, 0, 1) * strength
    return np.round(cover[..., None] * (*colour, 255)).astype(np.uint8)
