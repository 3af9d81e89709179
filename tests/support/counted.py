"""Films whose pictures say which moment they are of, with beeps at known ones: they prove cuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray
from PIL import Image

from media.priority import ordinary_priority
from tests.support.media import GROWING

RATE, TICKS = 48_000, 90_000
SIZE = 320, 180
BEEP_EVERY_S, BEEP_S = 0.5, 0.05
_BITS, _CELL = 16, 20
RECORDED = {"preset": "superfast", "tune": "zerolatency", "forced-idr": "1", "sc_threshold": "0"}


def shoot(
    path: Path,
    times: Sequence[float],
    *,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    keys_s: float = 2.0,
    b_frames: int = 0,
    sound: str = "aac",
    pixel_format: str = "yuv420p",
    growing: bool = True,
) -> Path:
    """Each picture bears its moment in milliseconds; with each half second a beep begins."""
    with av.open(str(path), "w", container_options=GROWING if growing else {}) as output:
        video: Any = output.add_stream(codec, rate=30)
        (video.width, video.height), video.pix_fmt = SIZE, pixel_format
        video.codec_context.time_base = Fraction(1, TICKS)
        video.gop_size, video.codec_context.max_b_frames = 100_000, b_frames
        video.codec_context.flags |= 1 << 8  # AV_CODEC_FLAG_FRAME_DURATION
        video.options = RECORDED if options is None else options
        with ordinary_priority():
            video.codec_context.open()
        audio: Any = output.add_stream(sound, rate=RATE, layout="mono") if sound else None
        blocks, key_at = 0, 0.0
        lengths = [*np.diff(times), times[-1] - times[-2]]
        for at, length in zip(times, lengths, strict=True):
            frame = _picture(at).reformat(format=pixel_format)
            frame.pts, frame.time_base = round(at * TICKS), Fraction(1, TICKS)
            frame.duration = round(length * TICKS)
            frame.pict_type = PictureType.I if at >= key_at else PictureType.NONE
            key_at = (at // keys_s + 1) * keys_s if at >= key_at else key_at
            output.mux(video.encode(frame))
            while audio is not None and blocks * 1024 / RATE < at + length:
                output.mux(_heard(audio.encode(_block(blocks))))
                blocks += 1
        for stream in (video, audio):
            if stream is not None:
                output.mux(_heard(stream.encode(None)))
    return path


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture: when it is shown, for how long, and which moment it is of; seconds."""

    at: float
    length: float
    of: float | None


def pictures(path: Path) -> list[Seen]:
    """Each picture of a film as it is decoded."""
    with av.open(str(path)) as film:
        video = film.streams.video[0]
        video.codec_context.thread_count = 1
        return [_seen(frame) for frame in film.decode(video)]


def moment(picture: Image.Image) -> float | None:
    """Which moment a picture is of, in any size; None where its code is not whole."""
    small = picture.convert("L").resize(SIZE)
    return _read(np.asarray(small))


def beeps(path: Path) -> list[float]:
    """When beeps begin; seconds."""
    loud = np.abs(sound(path)) > 0.15
    starts = np.flatnonzero(loud)
    return [
        float(at / RATE)
        for at, before in zip(starts, [-RATE, *starts], strict=False)
        if at - before > RATE / 10
    ]


def sound(path: Path) -> NDArray[np.float32]:
    """What is heard, from the film's own zero on."""
    heard = np.zeros(0, dtype=np.float32)
    with av.open(str(path)) as film:
        for frame in film.decode(film.streams.audio[0]):
            at, data = round((frame.time or 0.0) * RATE), frame.to_ndarray()[0]
            heard = np.pad(heard, (0, max(0, at + len(data) - len(heard))))
            if at >= 0:
                heard[at : at + len(data)] = data
    return heard


def _seen(frame: Any) -> Seen:
    length = float(frame.duration * frame.time_base) if frame.duration else 0.0
    return Seen(frame.time, length, _read(frame.to_ndarray(format="gray")))


def _picture(at: float) -> av.VideoFrame:
    """Milliseconds as bright and dark cells, their opposites below them, and something that moves."""
    width, height = SIZE
    grey = np.full((height, width), 60, dtype=np.uint8)
    bits = round(at * 1000) >> np.arange(_BITS)[::-1] & 1
    row = np.repeat(np.where(bits, 230, 25), width // _BITS)
    grey[:_CELL], grey[_CELL : 2 * _CELL] = row, 255 - row
    left = int(at * 200) % width
    grey[80:140, left : left + 30] = 200
    return av.VideoFrame.from_ndarray(grey, format="gray")


def _read(grey: NDArray[np.uint8]) -> float | None:
    middle = grey[:, SIZE[0] // _BITS // 2 :: SIZE[0] // _BITS].astype(int)
    above, below = middle[_CELL // 2], middle[_CELL + _CELL // 2]
    if np.abs(above - below).min() < 64:
        return None
    return sum(1 << place for place, lit in enumerate((above > below)[::-1]) if lit) / 1000


def _block(number: int) -> av.AudioFrame:
    times = (np.arange(1024) + number * 1024) / RATE
    tone = 0.5 * np.sin(2 * np.pi * 1000 * times) * (times % BEEP_EVERY_S < BEEP_S)
    frame = av.AudioFrame.from_ndarray(tone.astype(np.float32).reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * 1024, Fraction(1, RATE)
    return frame


def _heard(packets: Sequence[Any]) -> list[Any]:
    """Without the encoder's run-in, as a recorder writes it."""
    return [packet for packet in packets if packet.pts is not None and packet.pts >= 0]
