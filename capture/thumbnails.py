"""Small pictures of what can be recorded, for people to choose by: `python -m capture.thumbnails`.

Every other second a JSON line for each display and window that looks different now: `kind` (`display` or
`window`), `id`, and `jpeg` in base64. Ends with its standard input. Nobody is asked for leave: where the
system would ask, as on Wayland, there are none.
"""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2

from capture.model import ScreenRequest
from capture.pipe import end_of_input, tell
from capture.ports import ScreenSource
from capture.registry import choose_silent_screen
from capture.scale import shrink
from capture.screens import list_displays, list_windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
EVERY_S = 2.0
DRAWN_S = 0.2
MOST_WINDOWS = 24
_QUALITY = 80


def main() -> int:
    ended = end_of_input()
    shown: dict[tuple[str, str], bytes] = {}
    while not ended.is_set():
        for kind, id_, request in subjects():
            if ended.is_set():
                break
            jpeg = picture_of(request)
            if jpeg and shown.get((kind, id_)) != jpeg:
                shown[kind, id_] = jpeg
                tell(kind=kind, id=id_, jpeg=base64.b64encode(jpeg).decode())
        ended.wait(EVERY_S)
    return 0


def subjects() -> Iterator[tuple[str, str, ScreenRequest]]:
    """What to look at: (kind, id, how to film it)."""
    for display in list_displays():
        yield "display", display.id, ScreenRequest(display=display.id)
    for window in list_windows()[:MOST_WINDOWS]:
        yield "window", window.id, ScreenRequest(window=window.id)


def picture_of(request: ScreenRequest) -> bytes | None:
    """A JPEG of at most WIDTH by HEIGHT; None where it cannot be seen, such as a window that was closed."""
    try:
        source = choose_silent_screen(request).backend.open(request)
    except Exception:  # noqa: BLE001 - one that cannot be seen has no picture, whatever the reason
        return None
    try:
        jpeg, blank = _look(source)
        if blank and request.window:
            # What lay below another window may have no picture before its program draws it anew.
            time.sleep(DRAWN_S)
            jpeg = _look(source)[0] or jpeg
        return jpeg
    except Exception:  # noqa: BLE001 - no picture, whatever the reason
        return None
    finally:
        source.close()


def _look(source: ScreenSource) -> tuple[bytes | None, bool]:
    """The picture, None where it did not change; and whether nothing is in it."""
    picture = source.grab(thorough=True)
    if picture is None:
        return None, False
    try:
        pixels = picture.buffer.pixels
        return jpeg_of(pixels), not pixels[:, :, :3].any()
    finally:
        picture.buffer.release()


def jpeg_of(pixels: NDArray[np.uint8]) -> bytes:
    """BGRA, as large as it may be in its own proportions."""
    height, width = pixels.shape[:2]
    scale = min(1.0, WIDTH / width, HEIGHT / height)
    small = shrink(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    _, encoded = cv2.imencode(".jpg", small[:, :, :3], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(encoded)


if __name__ == "__main__":
    sys.exit(main())
