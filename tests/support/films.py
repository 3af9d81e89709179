"""Small real video files, made with the same muxer options as a recording."""

from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
from av.video.frame import PictureType

from media.priority import ordinary_priority

GROWING = {
    "movflags": "delay_moov+default_base_moof+frag_keyframe",
    "frag_duration": "500000",
    "flush_packets": "1",
}
FPS = 30
RATE = 48_000
TICKS = 90_000


@cache
def growing(seconds: float = 6.0, *, audio: bool = True, video: str = "libx264") -> bytes:
    """A fragmented MP4: half a second a fragment, a key frame each two seconds."""
    return _make(seconds, GROWING, audio=audio, video=video)


@cache
def plain(seconds: float = 2.0, *, container: str = "mp4", faststart: bool = False) -> bytes:
    """A file as an editor exports it, with one index for all of it."""
    options = {"movflags": "faststart"} if faststart else {}
    return _make(seconds, options, audio=True, video="libx264", container=container)


def _make(
    seconds: float, options: dict[str, str], *, audio: bool, video: str, container: str = "mp4"
) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{container}"
        with av.open(str(path), "w", options=options) as output:
            _fill(output, seconds, audio, video)
        return path.read_bytes()


def _fill(output: Any, seconds: float, audio: bool, video: str) -> None:
    picture = _video_stream(output, video) if video else None
    sound = output.add_stream("aac", rate=RATE) if audio else None
    blocks = 0
    for number in range(int(seconds * FPS)):
        if picture is not None:
            output.mux(picture.encode(_frame(number)))
        while sound is not None and blocks * 1024 / RATE < (number + 1) / FPS:
            output.mux(sound.encode(_block(blocks)))
            blocks += 1
    for stream in (picture, sound):
        if stream is not None:
            output.mux(stream.encode(None))


def _video_stream(output: Any, codec: str) -> Any:
    stream = output.add_stream(codec, rate=FPS)
    stream.width, stream.height, stream.pix_fmt = 192, 108, "yuv420p"
    stream.codec_context.time_base = Fraction(1, TICKS)
    stream.gop_size = 100_000
    if codec == "libx264":
        stream.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "forced-idr": "1",
            "sc_threshold": "0",
        }
    elif codec == "libx265":
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "x265-params": "log-level=none"}
        stream.codec_context.codec_tag = "hvc1"
    with ordinary_priority():
        stream.codec_context.open()
    return stream


def _frame(number: int) -> av.VideoFrame:
    picture = np.zeros((108, 192, 3), dtype=np.uint8)
    picture[:, : (number * 7) % 192] = (number % 250, 120, 200)
    frame = av.VideoFrame.from_ndarray(picture)
    frame.pts, frame.time_base = number * TICKS // FPS, Fraction(1, TICKS)
    frame.pict_type = PictureType.I if number % (2 * FPS) == 0 else PictureType.NONE
    return frame


def _block(number: int) -> av.AudioFrame:
    times = (np.arange(1024) + number * 1024) / RATE
    tone = (0.2 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(tone.reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * 1024, Fraction(1, RATE)
    return frame
