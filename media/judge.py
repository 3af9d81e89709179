"""What is really in a short recording: decoded to its last picture and sample, and looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from media.errors import UnreadableMedia

if TYPE_CHECKING:
    from av import VideoFrame
    from numpy.typing import NDArray

LOOK_EVERY = 5  # pictures
BLACKEST = 24  # luma of 8 bits; black is 16, and encoders round


@dataclass(frozen=True, slots=True)
class Sight:
    """Sizes in pixels, times in seconds, `lit` the share of a picture that is not black, `peak` of 1."""

    pictures: int
    width: int
    height: int
    end_s: float
    lit: float
    has_sound: bool
    peak: float


def look(path: Path) -> Sight:
    """Decode all of an MP4; UnreadableMedia when that does not work."""
    import av

    try:
        with av.open(str(path), format="mp4") as file:
            has_sound = bool(file.streams.audio)
            pictures, last, lit = 0, None, 0.0
            for picture in file.decode(video=0):
                if pictures % LOOK_EVERY == 0:
                    lit = max(lit, _lit(picture))
                pictures, last = pictures + 1, picture
        with av.open(str(path), format="mp4") as file:
            blocks = file.decode(audio=0) if has_sound else ()
            peak = max((_peak(block.to_ndarray()) for block in blocks), default=0.0)
    except (av.error.FFmpegError, OSError, ValueError, IndexError) as error:
        raise UnreadableMedia("The recording cannot be decoded", str(error)) from error
    if last is None:
        raise UnreadableMedia("The recording cannot be decoded", "There is no picture in it.")
    return Sight(pictures, last.width, last.height, float(last.time or 0.0), lit, has_sound, peak)


def _lit(picture: VideoFrame) -> float:
    plane = cast("Any", picture.planes[0])
    rows = np.frombuffer(plane, dtype=np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    return float((rows > BLACKEST).mean())


def _peak(samples: NDArray[Any]) -> float:
    return float(np.abs(samples).max()) if samples.size else 0.0
