"""A clock that a program can read back from a picture of a film of a screen.

The top eighth of the picture is a bar code of Unix milliseconds modulo 2^32: 40 cells across the full
width (32 bits, most significant first, then 8 bits of checksum), in two rows, the lower the inverse of the
upper. A cell counts by which of its two rows is brighter, so scaling, colour ranges and compression do not
matter, and a picture torn between two readings fails its checksum instead of giving a wrong time.
"""

from dataclasses import dataclass

from PIL import Image

VALUE_BITS, CHECK_BITS = 32, 8
CELLS = VALUE_BITS + CHECK_BITS
MODULUS = 1 << VALUE_BITS
STRIP = 1 / 8  # of the height


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle in pixels and whether it is lit."""

    x: int
    y: int
    width: int
    height: int
    lit: bool


def cells(unix_ms: int, width: int, height: int) -> list[Cell]:
    """The bar code of a time for a picture of this size."""
    row = max(1, int(height * STRIP / 2))
    edges = [round(index * width / CELLS) for index in range(CELLS + 1)]
    code = _code(unix_ms % MODULUS)
    return [
        Cell(left, row * line, right - left, row, bit != bool(line))
        for left, right, bit in zip(edges, edges[1:], code, strict=False)
        for line in (0, 1)
    ]


def read(picture: Image.Image, near_ms: int) -> int | None:
    """The Unix milliseconds shown, taken within 24 days of `near_ms`; None if the code is not whole."""
    grey = picture.convert("L")
    row = grey.height * STRIP / 2
    bits = []
    for index in range(CELLS):
        middle = (index + 0.5) * grey.width / CELLS
        above, below = (_brightness(grey, middle, row * (line + 0.5)) for line in (0, 1))
        if abs(above - below) < 64:
            return None
        bits.append(above > below)
    value = _number(bits[:VALUE_BITS])
    if _checksum(value) != _number(bits[VALUE_BITS:]):
        return None
    return near_ms + ((value - near_ms + MODULUS // 2) % MODULUS) - MODULUS // 2


def _brightness(grey: Image.Image, x: float, y: float) -> float:
    pixels = [
        grey.getpixel((min(grey.width - 1, int(x) + dx), min(grey.height - 1, int(y) + dy)))
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
    ]
    return sum(float(pixel) for pixel in pixels if isinstance(pixel, int | float)) / len(pixels)


def _code(value: int) -> list[bool]:
    word = value << CHECK_BITS | _checksum(value)
    return [bool(word >> (CELLS - 1 - index) & 1) for index in range(CELLS)]


def _number(bits: list[bool]) -> int:
    return sum(bit << (len(bits) - 1 - index) for index, bit in enumerate(bits))


def _checksum(value: int) -> int:
    """A product mixes the low bits, which differ between neighbouring readings, into all eight."""
    return (value * 2654435761 >> 16) & 0xFF ^ (value & 0xFF)
