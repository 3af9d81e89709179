"""Pictures of people: whatever was sent becomes one small square, with nothing in it but its pixels.

Pillow opens only the kinds named here. What memory and time a hostile file may cost is the business of the
process around it (see `server/processing/child.py`).
"""

import warnings
from pathlib import Path

from PIL import Image, ImageOps

from media.errors import UnreadableMedia

SIDE = 256
FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 50_000_000
_HINT = "Send a PNG, JPEG or WebP picture."


def make_portrait(source: Path, output: Path) -> None:
    """The middle of the picture as a WebP of 256 x 256 pixels, upright. Raises UnreadableMedia."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata, which is left behind
            _make(source, output)
    except UnreadableMedia:
        raise
    except MemoryError:
        raise
    except Exception as problem:
        # Pillow raises whatever its decoders stumble over: SyntaxError, struct.error, OSError, ValueError.
        raise UnreadableMedia("The picture cannot be read", type(problem).__name__, _HINT) from problem


def _make(source: Path, output: Path) -> None:
    with Image.open(source, formats=FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            detail = f"It has {width} x {height} pixels; {MAX_PIXELS // 1_000_000} million are the most."
            raise UnreadableMedia("The picture is too large", detail)
        image.draft("RGB", (SIDE * 2, SIDE * 2))  # JPEG: decode small at once
        upright = ImageOps.exif_transpose(image)
        square = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE))
    flat = Image.new("RGB", square.size, "white")
    flat.paste(square, mask=square)
    flat.save(output, "WEBP", quality=85)
