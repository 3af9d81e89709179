"""Blurring or replacing what is behind a person.

The mask is made on a thread of its own, as fast as the network goes; each picture takes the newest there is.
Until the first mask, and when the network fails, everything counts as background: what a person wants to hide
must not be seen because something is slow or broken.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import cv2
import numpy as np

from capture.camera.network import HINT, Network
from capture.errors import BackgroundRefused
from capture.health import Health, background_stuck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

BLUR = "blur"
BLUR_SHARE = 1 / 28  # the box's side as a share of the picture's height: faces and writing become unreadable


class Backdrop(Protocol):
    """What is seen behind the person; a picture of the same size as `pixels`."""

    def behind(self, pixels: Pixels) -> Pixels: ...


class Blur:
    """Works on a quarter of the size, which costs a tenth and looks the same."""

    def behind(self, pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        half = cv2.resize(pixels, (max(1, width // 2), max(1, height // 2)), interpolation=cv2.INTER_AREA)
        small = cv2.resize(half, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
        side = max(3, round(height * BLUR_SHARE / 2) | 1)
        soft = cv2.blur(cv2.blur(small, (side, side)), (side, side))
        return cast("Pixels", cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))


class Poster:
    """A picture from a file, filling the frame, cropped where the shapes differ."""

    def __init__(self, path: Path) -> None:
        """BackgroundRefused when it cannot be read."""
        try:
            picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
        except (OSError, cv2.error) as error:
            raise _no_picture(path, str(error)) from error
        if picture is None:
            raise _no_picture(path, "It is not a picture of a known format.")
        self._picture = cast("Pixels", picture)
        self._fitted: Pixels | None = None

    def behind(self, pixels: Pixels) -> Pixels:
        if self._fitted is None or self._fitted.shape != pixels.shape:
            self._fitted = _cover(self._picture, pixels.shape[1], pixels.shape[0])
        return self._fitted


class Masks:
    """The network's thread: takes the newest picture when it is free, and keeps the newest mask."""

    def __init__(self, network: Network, tell: Callable[[Health], None]) -> None:
        self._network, self._tell = network, tell
        self._newest: Pixels | None = None
        self._waiting: Pixels | None = None
        self._closing = False
        self.made = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="heddle-segment", daemon=True)
        self._thread.start()

    def offer(self, pixels: Pixels) -> Pixels | None:
        """Leave a picture for the network, in place of one it has not begun; the newest mask."""
        with self._changed:
            self._waiting = pixels
            self._changed.notify_all()
            return self._newest

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(2.0)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting is not None or self._closing)
                pixels, self._waiting = self._waiting, None
            if self._closing or pixels is None:
                return
            try:
                mask = self._network.mask(pixels)
            except Exception as error:  # noqa: BLE001 - whatever a network raises: nothing behind is shown
                with self._changed:
                    self._newest = None
                self._tell(background_stuck(" ".join(str(error).split())))
                return
            with self._changed:
                self._newest = mask
                self.made += 1


class Background:
    """Puts the person before the backdrop. `apply` belongs to one thread."""

    def __init__(self, masks: Masks, backdrop: Backdrop) -> None:
        self._masks, self._backdrop = masks, backdrop

    def apply(self, pixels: Pixels) -> Pixels:
        mask = self._masks.offer(pixels)
        behind = self._backdrop.behind(pixels)
        if mask is None:
            return behind
        height, width = pixels.shape[:2]
        wide = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
        return mix(pixels, behind, cast("Pixels", wide))

    def close(self) -> None:
        self._masks.close()


def open_background(name: str, model: Path | None, tell: Callable[[Health], None]) -> Background:
    """BackgroundRefused when there is no model, or it or the picture is of no use."""
    if model is None:
        raise BackgroundRefused(
            "The background cannot be changed without a segmentation model", "Heddle comes with none.", HINT
        )
    backdrop = Blur() if name == BLUR else Poster(Path(name).expanduser())
    return Background(Masks(Network(model), tell), backdrop)


def mix(person: Pixels, behind: Pixels, mask: Pixels) -> Pixels:
    """`person` where the mask is 255, `behind` where it is 0, both in between. In bytes: a third of the cost
    of `cv2.blendLinear`, and exact at both ends."""
    wide = cv2.merge((mask, mask, mask))
    front = cv2.multiply(person, wide, scale=1 / 255)
    back = cv2.multiply(behind, cv2.bitwise_not(wide), scale=1 / 255)
    return cast("Pixels", cv2.add(front, back, dst=front))


def _cover(picture: Pixels, width: int, height: int) -> Pixels:
    scale = max(width / picture.shape[1], height / picture.shape[0])
    wide = (max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    large = cv2.resize(picture, wide, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    x, y = (wide[0] - width) // 2, (wide[1] - height) // 2
    return np.ascontiguousarray(large[y : y + height, x : x + width])


def _no_picture(path: Path, detail: str) -> BackgroundRefused:
    return BackgroundRefused(
        "The background picture cannot be read", f"{path}: {detail}", "Give `blur`, or a PNG or JPEG file."
    )
