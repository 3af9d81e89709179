"""What our picture costs in bits against ffmpeg's at the same likeness to the original.

Recorders that film a moving screen never see the same pictures, so both encode the pictures of one lossless
capture: ours with the recorder's conversion, presets and keys, unchanged pictures left out; ffmpeg's by its
command line with the same x264 settings. SSIM is luma's, by ffmpeg's filter, against the capture. ffmpeg's
bitrate at our SSIM lies between those of its neighbouring quality settings.
"""

import io
import math
import re
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from capture.colour import Converter, Planes
from media.encoders import VideoRequest, choose
from media.fragments import scan
from media.muxer import FragmentMuxer, VideoFormat
from tests.benchmarks.recorders import X264, scene
from tests.support.services import Screen

TICKS = 90_000
KEYS_S = 2.0
HEARTBEATS = 2  # a second
CRFS = (17, 20, 23, 26, 29)
_TO_BT709 = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"


@dataclass(frozen=True, slots=True)
class Point:
    """A file: bits per second of picture, and SSIM from 0 to 1."""

    bitrate: float
    ssim: float

    @property
    def decibel(self) -> float:
        return -10 * math.log10(max(1e-9, 1 - self.ssim))


def capture(screen: Screen, content: str, fps: int, seconds: float, output: Path) -> Path:
    """A lossless film of a content, without a pointer."""
    size = f"{screen.width}x{screen.height}"
    with scene(screen, content, fps):
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-f",
            "x11grab",
            "-framerate",
            str(fps),
            "-video_size",
            size,
        ]
        command += ["-draw_mouse", "0", "-i", screen.name, "-t", str(seconds)]
        # Evenly timed whatever the grabber missed: picture n is compared with picture n.
        command += ["-vf", f"setpts=N/({fps}*TB)", "-r", str(fps)]
        command += ["-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "0", str(output)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return output


def ours(reference: Path, output: Path, fps: int) -> Point:
    """As the recorder would have filmed it."""
    with av.open(str(reference)) as file, output.open("wb") as target:
        stream = file.streams.video[0]
        video = VideoFormat(choose(VideoRequest(encoder="libx264")).preset, stream.width, stream.height, fps)
        muxer = FragmentMuxer(lambda chunk: target.write(chunk.data), video)
        planes, convert = Planes(stream.width, stream.height), Converter(stream.width)
        before: Any = None
        for number, frame in enumerate(file.decode(stream)):
            pixels = frame.to_ndarray(format="bgra")
            key = number % round(KEYS_S * fps) == 0
            if before is None or not np.array_equal(pixels, before):
                convert.rows(pixels, planes, 0, stream.height)
            elif not key and number % (fps // HEARTBEATS):
                continue
            before = pixels
            made = av.VideoFrame.from_numpy_buffer(planes.memory, format="yuv420p")
            made.pts, made.time_base = number * TICKS // fps, Fraction(1, TICKS)
            made.pict_type = 1 if key else 0
            for packet in muxer.video.encode(made):
                packet.duration = TICKS // fps
                muxer.mux_video(packet)
        for packet in muxer.video.encode(None):
            muxer.mux_video(packet)
        muxer.finish()
    return _measure(output, reference, fps)


def theirs(reference: Path, output: Path, fps: int, *, crf: int, keys_s: float | None = KEYS_S) -> Point:
    """By ffmpeg's command line; without `keys_s` with keys as seldom as it likes."""
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(reference), "-vf", _TO_BT709, "-c:v", "libx264"]
    command += [word for name, value in (X264 | {"crf": str(crf)}).items() for word in (f"-{name}", value)]
    if keys_s is not None:
        command += ["-force_key_frames", f"expr:gte(t,n_forced*{keys_s:g})", "-sc_threshold", "0"]
    command += ["-movflags", "frag_keyframe+delay_moov", str(output)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return _measure(output, reference, fps)


def peer_bitrate(
    reference: Path, folder: Path, fps: int, ssim: float, keys_s: float | None = KEYS_S
) -> float:
    """What ffmpeg needs for this SSIM; logarithmic between two qualities, and beyond the last ones."""
    points = [theirs(reference, folder / f"peer-{crf}.mp4", fps, crf=crf, keys_s=keys_s) for crf in CRFS]
    return at_ssim(points, Point(0, ssim).decibel)


def at_ssim(points: list[Point], decibel: float) -> float:
    points = sorted(points, key=lambda point: point.decibel)
    above = next((n for n, point in enumerate(points) if point.decibel >= decibel), len(points) - 1)
    low, high = points[max(0, above - 1)], points[max(1, above)]
    share = (decibel - low.decibel) / (high.decibel - low.decibel)
    return math.exp(math.log(low.bitrate) + share * (math.log(high.bitrate) - math.log(low.bitrate)))


def _measure(film: Path, reference: Path, fps: int) -> Point:
    # Matroska counts milliseconds: by its own times every third picture would meet its neighbour.
    evenly = f"settb=1/{TICKS},setpts=N/({fps}*TB)"
    graph = f"[0:v]fps={fps}:start_time=0[film];[1:v]{evenly},{_TO_BT709}[original];[film][original]ssim"
    command = [
        "ffmpeg",
        "-nostats",
        "-i",
        str(film),
        "-i",
        str(reference),
        "-lavfi",
        graph,
        "-f",
        "null",
        "-",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    found = re.search(r"SSIM Y:(\d\.\d+)", done.stderr)
    assert found, done.stderr[-500:]
    duration_s = scan(io.BytesIO(film.read_bytes())).duration_s
    return Point(film.stat().st_size * 8 / duration_s, float(found[1]))
