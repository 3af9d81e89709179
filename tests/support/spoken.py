"""Recordings in which somebody speaks, as the recorder makes them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler

from tests.support.media import GROWING
from tests.support.speech import RATE, Said, speech

_FPS = 5


def spoken_recording(path: Path, *sentences: str) -> list[Said]:
    """A fragmented MP4 with a small still picture; what is said in it, and when."""
    sound, said = speech(sentences) if sentences else speech()
    with av.open(str(path), "w", options=GROWING) as output:
        video: Any = output.add_stream("libx264", rate=_FPS)
        video.width, video.height, video.pix_fmt, video.gop_size = 160, 90, "yuv420p", 2 * _FPS
        video.options = {"preset": "ultrafast", "tune": "zerolatency"}
        audio: Any = output.add_stream("aac", rate=48_000, layout="mono")
        to_stream = AudioResampler("fltp", "mono", 48_000, 1024)
        for number in range(int(len(sound) / RATE * _FPS)):
            picture = av.VideoFrame.from_ndarray(np.full((90, 160, 3), number % 250, np.uint8))
            picture.pts, picture.time_base = number, Fraction(1, _FPS)
            output.mux(video.encode(picture))
            step = RATE // _FPS
            piece = sound[number * step : (number + 1) * step]
            frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="flt", layout="mono")
            frame.sample_rate, frame.pts = RATE, number * step
            for part in to_stream.resample(frame):
                output.mux(audio.encode(part))
        for part in to_stream.resample(None):
            output.mux(audio.encode(part))
        output.mux(audio.encode(None))
        output.mux(video.encode(None))
    return said


def found(said: list[Said], transcript: dict[str, Any], *, within_s: float = 1.0) -> float:
    """Which part of the words is in a transcript (as the API gives it) while their sentence is spoken."""
    words = [(word, one.start - within_s, one.end + within_s) for one in said for word in one.text.split()]
    heard = [
        (word["text"].strip(".,!?").lower(), word["start"])
        for segment in transcript["segments"]
        for word in segment["words"]
    ]
    return sum(
        any(text == word and start <= at <= end for text, at in heard) for word, start, end in words
    ) / len(words)
