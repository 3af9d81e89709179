"""The values that travel through the recorder. All times are seconds unless the name says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from capture.camera.model import CameraRequest
from capture.inputs import InputRequest
from capture.soundrequest import SoundRequest
from media.encoders import VideoRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from capture.layout import Layout
    from capture.pool import Buffer
    from media.manifest import Marker, Receipt

MIN_SIDE = 16


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def clip(self, other: Rect) -> Rect | None:
        """What both have in common; None when that is nothing."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(x, y, right - x, bottom - y) if x < right and y < bottom else None

    def holds(self, other: Rect) -> bool:
        """Whether all of `other` lies in it."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def even(self) -> Rect:
        """Cropped to even sides: 4:2:0 pictures have no others."""
        return Rect(self.x, self.y, self.width & ~1, self.height & ~1)

    def moved(self, x: int, y: int) -> Rect:
        return Rect(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class ScreenRequest:
    """What to film. `display` is an X display name (":1"), the numbers or names of monitors with commas
    between them, or "all"; `window` the id of a window, a part of its title, or "active". `region` counts
    from the corner of the display. `height` is that of the video where the screen is higher. `or_first` has
    the first display filmed where `display` is gone: for one that was chosen some time ago."""

    display: str | None = None
    region: Rect | None = None
    fps: int = 30
    window: str | None = None
    height: int | None = None
    or_first: bool = False


@dataclass(frozen=True, slots=True)
class DisplayInfo:
    """A monitor, and its place on the desktop in pixels. `id` is what `display` takes."""

    id: str
    name: str
    geometry: Rect
    primary: bool


@dataclass(frozen=True, slots=True)
class WindowInfo:
    """A window that can be recorded. `id` is what `window` takes; `app` is the program's name for itself."""

    id: str
    title: str
    app: str
    geometry: Rect


MIN_FREE_MB = 200


@dataclass(frozen=True, slots=True)
class LifeRequest:
    """How a take begins and ends beside its sources; see capture/life.py for the command's fields."""

    countdown: int = 0  # seconds between `start` and the first picture
    self_test: bool = False  # two seconds to a file of its own first, where this was never recorded before
    min_free_bytes: int = MIN_FREE_MB * 1_000_000  # the take ends while the disk has so much left
    keep_test: Path | None = None  # where the two seconds of a test are left for somebody to look at


@dataclass(frozen=True, slots=True)
class StartCommand:
    """Everything a take is started with."""

    output: Path
    title: str = ""
    screen: ScreenRequest = field(default_factory=ScreenRequest)
    sound: SoundRequest = field(default_factory=SoundRequest)
    seconds: float | None = None
    backend: str | None = None
    video: VideoRequest = field(default_factory=VideoRequest)
    camera: CameraRequest | None = None
    life: LifeRequest = field(default_factory=LifeRequest)
    film_screen: bool = True  # False: the camera alone
    layout: Layout | None = None
    inputs: InputRequest = field(default_factory=InputRequest)


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A small picture that lies over the large one: pointer, camera bubble, click ring, key caps.

    (x, y) is its top left corner in the picture, also outside of it; `pixels` are premultiplied BGRA and
    never change. What looks different has another `serial`.
    """

    x: int
    y: int
    serial: int
    pixels: NDArray[np.uint8]

    @property
    def key(self) -> tuple[int, int, int]:
        """Equal for sprites that leave the same trace in a picture."""
        return self.x, self.y, self.serial

    def same(self, other: Sprite | None) -> bool:
        return other is not None and self.key == other.key

    @property
    def rect(self) -> Rect:
        return Rect(self.x, self.y, self.pixels.shape[1], self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole screen in `buffer` (held until released), what changed since the picture before it
    (bit n: band n of 16 rows), and what lies over it, not yet drawn, the topmost last."""

    buffer: Buffer
    dirty: int
    sprites: tuple[Sprite, ...] = ()


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture with its place in media time, in ticks of 1/90000; `key` asks for a key frame."""

    picture: Picture
    pts: int
    key: bool


@dataclass(frozen=True, slots=True)
class SoundBlock:
    """Samples as the device gave them: interleaved float32, `at` is the monotonic time of the first one,
    `after_loss` says that the system lost some before them."""

    at: float
    samples: bytes
    after_loss: bool = False
    channels: int = 1
    rate: int = 48_000


@dataclass(slots=True)
class Counters:
    """What happened to the frames of one take. Each field has one writing thread."""

    grabbed: int = 0
    unchanged: int = 0
    dropped: int = 0  # a queue was full
    late: int = 0  # ticks skipped because the one before took too long
    encoded: int = 0
    audio_drops: int = 0  # sound blocks lost before they were encoded


@dataclass(frozen=True, slots=True)
class TakeInfo:
    """What is known once a take records."""

    id: str
    path: Path
    width: int
    height: int
    fps: int
    encoder: str
    backend: str
    audio: str | None
    system_audio: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A finished file. `receipt` is None where nothing was recorded."""

    path: Path
    duration_s: float
    bytes: int
    fragments: int
    sha256: str
    counters: Counters = field(default_factory=Counters)
    markers: tuple[Marker, ...] = ()
    receipt: Receipt | None = None
