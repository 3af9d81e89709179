"""Videos as strangers send them: any container, any times, any size; and files that only claim to be one."""

import struct
import zlib
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from media.priority import ordinary_priority
from tests.support.media import GROWING

RATE = 48_000
TICK = Fraction(1, 90_000)
RECORDED = GROWING  # container options of a growing recording


def shoot(
    path: Path,
    times: Sequence[float],
    *,
    size: tuple[int, int] = (320, 180),
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    keys_s: float = 2.0,
    rotation: int = 0,
    sound_s: float | None = None,
    sound_codec: str = "aac",
    layout: str = "mono",
    rate: int = RATE,
    black_until_s: float = 0.0,
    b_frames: int = 0,
    container_format: str | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Pictures at `times` (seconds) and a tone of `sound_s` seconds (None: no sound track)."""
    with av.open(str(path), "w", format=container_format, container_options=options or {}) as output:
        video = open_video(output, codec, size, pixel_format, b_frames) if times else None
        if video is not None and rotation:
            video.set_display_rotation(rotation)
        sound: Any = output.add_stream(sound_codec, rate=rate, layout=layout) if sound_s else None
        if sound is not None and sound_codec.startswith("wma"):
            sound.bit_rate = 64_000  # it has no default
        blocks = 0
        key_at = 0.0
        for number, at in enumerate(times):
            key = at >= key_at
            key_at = (at // keys_s + 1) * keys_s if key else key_at
            output.mux(video.encode(_picture(number, at, size, pixel_format, key, black=at < black_until_s)))
            while sound is not None and blocks * 1024 / rate < min(at, sound_s or 0):
                output.mux(sound.encode(_block(blocks, layout, rate)))
                blocks += 1
        while sound is not None and blocks * 1024 / rate < (sound_s or 0):
            output.mux(sound.encode(_block(blocks, layout, rate)))
            blocks += 1
        for stream in (video, sound):
            if stream is not None:
                output.mux(stream.encode(None))
    return path


def every(seconds: float, fps: int = 30) -> list[float]:
    return [number / fps for number in range(round(seconds * fps))]


def open_video(output: Any, codec: str, size: tuple[int, int], pixel_format: str, b_frames: int) -> Any:
    stream = output.add_stream(codec, rate=30)
    stream.width, stream.height, stream.pix_fmt = *size, pixel_format
    if codec not in ("mpeg4", "mjpeg", "mpeg2video", "flv1", "wmv2"):
        stream.codec_context.time_base = TICK
    stream.gop_size = 100_000
    stream.codec_context.max_b_frames = b_frames
    if codec in ("libx264", "libx264rgb"):
        stream.options = {"preset": "ultrafast", "crf": "28", "forced-idr": "1", "sc_threshold": "0"}
    elif codec == "libx265":
        stream.options = {"preset": "ultrafast", "x265-params": "log-level=none"}
    elif codec == "libvpx":
        stream.options = {"deadline": "realtime", "cpu-used": "8", "threads": "1"}
    with ordinary_priority():
        stream.codec_context.open()
    return stream


def _picture(
    number: int, at: float, size: tuple[int, int], pixel_format: str, key: bool, *, black: bool
) -> av.VideoFrame:
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    grey = ((rows // 8 + columns // 8) % 2 * 180 + 30).astype(np.uint8)
    grey[:, (number * 16) % width :][:, :16] = 255
    frame = av.VideoFrame.from_ndarray(np.zeros_like(grey) if black else grey, format="gray")
    frame = frame.reformat(format=pixel_format)
    frame.pts, frame.time_base = round(at * 90_000), TICK
    if key:
        frame.pict_type = av.video.frame.PictureType.I
    return frame


def _block(number: int, layout: str, rate: int) -> av.AudioFrame:
    """A tone, the same in every channel."""
    wave = 0.2 * np.sin(2 * np.pi * 440 * (number * 1024 + np.arange(1024)) / rate)
    packed = np.repeat(wave.astype(np.float32), av.AudioLayout(layout).nb_channels)
    frame = av.AudioFrame.from_ndarray(packed[None, :], format="flt", layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = rate, number * 1024, Fraction(1, rate)
    return frame


def stamps(path: Path) -> list[tuple[float, bool]]:
    """When each picture is shown, and whether it is a key, in order."""
    with av.open(str(path)) as film:
        video = film.streams.video[0]
        packets = [packet for packet in film.demux(video) if packet.pts is not None]
        return sorted((float(packet.pts * packet.time_base), packet.is_keyframe) for packet in packets)


def png_bomb(side: int = 4_000) -> bytes:
    """A picture that decodes to a thousand times its size."""
    row = b"\0" + bytes(side * 4)
    squeeze = zlib.compressobj(9)
    data = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def patched(data: bytes, box: bytes, at: int, value: bytes) -> bytes:
    """`data` with bytes of the first box of that kind replaced, counted from the end of its name."""
    start = data.index(box) + len(box) + at
    return data[:start] + value + data[start + len(value) :]
