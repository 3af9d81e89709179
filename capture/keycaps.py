"""The keys that were pressed, written at the bottom of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.model import Sprite
from capture.sprites import new_serial

if TYPE_CHECKING:
    from numpy.typing import NDArray

LASTS_S = 1.5  # after the last press
MOST = 4  # caps side by side; typing makes one cap of several letters
MOST_LETTERS = 24
TEXT = 1 / 28  # height of the letters as a share of the picture's height
BOTTOM = 0.04
FONTS = ("DejaVuSans.ttf", "segoeui.ttf", "Helvetica.ttc")  # the first there is, else the one in Pillow
BACK, EDGE, FRONT = (32, 32, 36, 225), (255, 255, 255, 60), (255, 255, 255, 255)


@dataclass(slots=True)
class _Cap:
    text: str
    plain: bool
    until: float
    count: int = 1

    @property
    def shown(self) -> str:
        return self.text if self.count == 1 else f"{self.text}  \u00d7{self.count}"


class KeyCaps:
    """The caps of a picture of one size. They stay for 1.5 s after the last press."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._caps: list[_Cap] = []
        self._sprite: Sprite | None = None
        self._text: tuple[str, ...] = ()

    def add(self, at: float, text: str, *, plain: bool) -> None:
        text = "\u2423" if text == "Space" and plain else text
        last = self._caps[-1] if self._caps and self._caps[-1].until > at else None
        if last and last.plain and plain and len(last.text) < MOST_LETTERS:
            last.text += text
        elif last and last.text == text:
            last.count += 1
        else:
            self._caps = [*self._caps[1 - MOST :], _Cap(text, plain, at)]
        for cap in self._caps:
            cap.until = at + LASTS_S

    def sprites(self, at: float) -> list[Sprite]:
        self._caps = [cap for cap in self._caps if cap.until > at]
        text = tuple(cap.shown for cap in self._caps)
        if text != self._text:
            self._text = text
            self._sprite = self._draw(text) if text else None
        return [self._sprite] if self._sprite else []

    def _draw(self, text: tuple[str, ...]) -> Sprite:
        pixels = draw(text, max(10, round(self._height * TEXT)))
        height, width = pixels.shape[:2]
        x = (self._width - width) // 2
        return Sprite(x, round(self._height * (1 - BOTTOM)) - height, new_serial(), pixels)


def draw(caps: tuple[str, ...], size: int) -> NDArray[np.uint8]:
    """Words on dark rounded caps, side by side, as premultiplied BGRA; `size` is the letters' height."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only who shows keys pays for it

    font = _font(size)
    pad, gap = round(size * 0.55), round(size * 0.4)
    widths = [round(font.getlength(cap)) + 2 * pad for cap in caps]
    height = round(size * 1.9)
    image = Image.new("RGBA", (sum(widths) + gap * (len(caps) - 1), height))
    pen = ImageDraw.Draw(image)
    left = 0
    for cap, width in zip(caps, widths, strict=True):
        box = (left, 0, left + width - 1, height - 1)
        pen.rounded_rectangle(box, radius=size * 0.4, fill=BACK, outline=EDGE, width=max(1, size // 16))
        pen.text((left + width / 2, height / 2), cap, font=font, fill=FRONT, anchor="mm")
        left += width + gap
    straight = np.asarray(image).astype(np.uint16)
    pixels = straight[..., [2, 1, 0, 3]]
    pixels[..., :3] = (pixels[..., :3] * straight[..., 3:] + 127) // 255
    return pixels.astype(np.uint8)


@lru_cache(maxsize=4)
def _font(size: int) -> Any:
    from PIL import ImageFont  # noqa: PLC0415 - only takes that show keys need fonts

    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
