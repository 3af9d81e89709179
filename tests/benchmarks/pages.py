"""A film of what screens show: pages of text that are read, scrolled, and read again."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.support.content import code_page
from tests.support.media import GROWING, VIDEO_BASE

FPS = 30
_KEYS = 2 * FPS
_READ, _SCROLLED = 2 * FPS, 8  # pictures between scrolls, rows a picture
_RATE = 48_000
# As the recorder encodes.
_CODING = {
    "preset": "superfast",
    "tune": "zerolatency",
    "crf": "23",
    "forced-idr": "1",
    "sc_threshold": "0",
}


def make_pages(path: Path, seconds: int, size: tuple[int, int]) -> Path:
    """A growing file with sound, as the recorder makes it."""
    width, height = size
    page = np.asarray(code_page(width, 3 * height, 1).convert("RGB"))
    with av.open(str(path), "w", options=GROWING) as output:
        video: Any = output.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.time_base = video.codec_context.time_base = VIDEO_BASE
        video.options, video.gop_size = _CODING, 1_000_000
        sound: Any = output.add_stream("aac", rate=_RATE, layout="stereo")
        top, down = 0, _SCROLLED
        for number in range(seconds * FPS):
            if number // _READ % 2:
                down = down if 0 <= top + down <= 2 * height else -down
                top += down
            output.mux(video.encode(_shot(page[top : top + height], number)))
            output.mux(sound.encode(_hum(number)))
        for stream in (video, sound):
            output.mux(stream.encode(None))
    return path


def _shot(view: Any, number: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(view), format="rgb24").reformat(format="yuv420p")
    frame.pts, frame.time_base = number * 90_000 // FPS, VIDEO_BASE
    frame.duration = 90_000 // FPS
    if number % _KEYS == 0:
        frame.pict_type = av.video.frame.PictureType.I
    return frame


def _hum(number: int) -> av.AudioFrame:
    count = _RATE // FPS
    wave = 0.1 * np.sin(2 * np.pi * 220 * (number * count + np.arange(count)) / _RATE)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]).astype(np.float32), "fltp", "stereo")
    frame.sample_rate, frame.pts, frame.time_base = _RATE, number * count, Fraction(1, _RATE)
    return frame
