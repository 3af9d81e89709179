"""Films of slides, with speech-like noise and silence: what changes in them, and when, is known."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

SIZE = (640, 360)
FPS = 10
SOUND = 16_000
Picture = Callable[[float], np.ndarray]


def film(
    path: Path,
    seconds: float,
    picture: Picture,
    *,
    fps: int = FPS,
    gop_s: float = 2.0,
    loud: Callable[[float], bool] | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """`picture` gives the grey pixels at a moment; with `loud`, noise where it says so.

    A key frame every `gop_s` seconds and nowhere else: the encoder is not told where scenes change.
    """
    dice = np.random.default_rng(3)
    with av.open(str(path), "w", options=options or {}) as output:
        video: Any = output.add_stream("libx264", rate=fps)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        video.options = {
            "preset": "ultrafast",
            "crf": "30",
            "sc_threshold": "0",
            "x264-params": f"keyint={round(gop_s * fps)}",
        }
        sound: Any = output.add_stream("aac", rate=SOUND, layout="mono") if loud else None
        for number in range(round(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(picture(number / fps), format="gray").reformat(
                format="yuv420p"
            )
            frame.pts, frame.time_base = number, Fraction(1, fps)
            output.mux(video.encode(frame))
            if loud is not None:
                size = SOUND // fps
                wave = dice.normal(0, 0.2 if loud(number / fps) else 0.0005, (1, size)).astype(np.float32)
                heard = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
                heard.sample_rate, heard.pts, heard.time_base = SOUND, number * size, Fraction(1, SOUND)
                output.mux(sound.encode(heard))
        output.mux(video.encode(None))
        if sound is not None:
            output.mux(sound.encode(None))
    return path


def slide(number: int) -> np.ndarray:
    """A white page with lines of "words": another number, other words."""
    dice = np.random.default_rng(number)
    page = np.full(SIZE[::-1], 250, np.uint8)
    for row in range(40, 320, 30):
        left = 40
        while left < 560:
            width = int(dice.integers(10, 60))
            if dice.random() > 0.4:
                page[row : row + 12, left : left + width] = 30
            left += width + 12
    return page


def slides(moments: list[float]) -> Picture:
    """Another slide at each of the moments."""
    pages = [slide(number) for number in range(len(moments) + 1)]
    return lambda at: pages[sum(at >= moment for moment in moments)]
