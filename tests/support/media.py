"""Real videos for tests, and what ffmpeg and ffprobe, who know nothing of Heddle, say about a file."""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from media.priority import ordinary_priority
from tests.support.services import require

# What the recorder writes (half-second fragments, an index that needs no rewriting); see media/muxer.py.
GROWING = {
    "movflags": "delay_moov+default_base_moof+frag_keyframe",
    "frag_duration": "500000",
    "flush_packets": "1",
    "max_interleave_delta": "1500000",
}
VIDEO_BASE = Fraction(1, 90_000)
RATE = 48_000


@dataclass(frozen=True, slots=True)
class Probe:
    """What ffprobe and a complete decode say: seconds and counts."""

    video: dict[str, Any]
    audio: dict[str, Any] | None
    duration_s: float
    video_frames: int
    last_video_s: float
    last_audio_s: float


def make_recording(path: Path, seconds: float, **options: Any) -> Path:
    """A fragmented MP4 as the recorder makes it."""
    return make_video(path, seconds, container_options=GROWING, **options)


def make_video(
    path: Path,
    seconds: float,
    *,
    size: tuple[int, int] = (320, 180),
    fps: int = 30,
    audio: bool = True,
    container_options: dict[str, str] | None = None,
    codec: str = "libx264",
    quality: int = 28,
    noise: bool = False,
) -> Path:
    """A moving gradient (or noise, for weight) with a tone; container by the file's suffix."""
    with av.open(str(path), "w", options=container_options or {}) as output:
        video: Any = output.add_stream(codec, rate=fps)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.time_base = video.codec_context.time_base = VIDEO_BASE
        video.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": str(quality), "forced-idr": "1"}
        video.gop_size = 1_000_000
        with ordinary_priority():
            video.codec_context.open()
        sound: Any = output.add_stream("aac", rate=RATE, layout="stereo") if audio else None
        dice = np.random.default_rng(1)
        for number in range(round(seconds * fps)):
            output.mux(video.encode(_picture(number, size, fps, dice if noise else None)))
            if sound is not None:
                output.mux(_heard(sound.encode(_tone(number, fps))))
        output.mux(video.encode(None))
        if sound is not None:
            output.mux(_heard(sound.encode(None)))
    return path


def _picture(number: int, size: tuple[int, int], fps: int, dice: np.random.Generator | None) -> av.VideoFrame:
    width, height = size
    if dice is None:
        rows, columns = np.mgrid[0:height, 0:width]
        grey = (rows + columns + number * 3).astype(np.uint8)
    else:
        grey = dice.integers(0, 255, (height, width), dtype=np.uint8)
    frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
    frame.pts, frame.time_base = number * 90_000 // fps, VIDEO_BASE
    if number % (2 * fps) == 0:
        frame.pict_type = av.video.frame.PictureType.I
    return frame


def _heard(packets: list[Any]) -> list[Any]:
    """Without the encoder's priming, as the recorder writes it: players differ on sound before zero."""
    return [packet for packet in packets if packet.pts >= 0]


def _tone(number: int, fps: int) -> av.AudioFrame:
    count = RATE // fps
    wave = 0.2 * np.sin(2 * np.pi * 440 * (number * count + np.arange(count)) / RATE)
    frame = av.AudioFrame.from_ndarray(
        np.stack([wave, wave]).astype(np.float32), format="fltp", layout="stereo"
    )
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * count, Fraction(1, RATE)
    return frame


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def decode_errors(path: Path) -> str:
    """What ffmpeg complains of while it decodes everything; empty when the file is clean."""
    require("ffmpeg")
    # Time stamps as they are: recordings have a variable rate, ffmpeg would round them to a constant one.
    keep = ["-fps_mode", "passthrough", "-enc_time_base", "-1"]
    command = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(path), *keep, "-f", "null", "-"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return answer.stderr.strip() or ("" if answer.returncode == 0 else f"exit code {answer.returncode}")


def probe(path: Path) -> Probe:
    """Streams, duration and the end of the last frames, each frame really decoded."""
    require("ffprobe")
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-show_entries"]
    command += ["frame=media_type,pts_time,duration_time", "-of", "json", str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 0, f"ffprobe {path}: {answer.stderr}"
    data = json.loads(answer.stdout)
    streams = {stream["codec_type"]: stream for stream in reversed(data["streams"])}
    ends = {kind: _ends(data["frames"], kind) for kind in ("video", "audio")}
    return Probe(
        video=streams.get("video", {}),
        audio=streams.get("audio"),
        duration_s=float(data["format"].get("duration", 0)),
        video_frames=len(ends["video"]),
        last_video_s=max(ends["video"], default=0.0),
        last_audio_s=max(ends["audio"], default=0.0),
    )


def last_picture(path: Path) -> Image.Image:
    """The last whole picture of a video."""
    picture: Any = None
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            picture = frame
    assert picture is not None, f"{path} has no picture"
    image: Image.Image = picture.to_image()
    return image


def _ends(frames: list[dict[str, Any]], kind: str) -> list[float]:
    """Where each frame ends, in seconds of media time."""
    return [
        float(frame["pts_time"]) + float(frame.get("duration_time", 0))
        for frame in frames
        if frame["media_type"] == kind and "pts_time" in frame
    ]
