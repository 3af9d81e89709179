"""Speech for tests: sentences that espeak-ng says, a small real Whisper that knows it, word error rates."""

import io
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from tests.support.services import require

RATE = 16_000
# What it knows and how well is told in its README.
MODEL = Path(__file__).resolve().parents[1] / "data" / "tiny-whisper-espeak"
SENTENCES = (
    "please open the settings and change your password",
    "then we click the red button and save the file",
    "the video is ready and you can share the link today",
    "thank you and see you at the next meeting",
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and when it is spoken, in seconds."""

    start: float
    end: float
    text: str


@lru_cache(maxsize=64)
def voice(text: str, name: str = "en-us", speed: int = 150) -> NDArray[np.float32]:
    """16 kHz mono, without the silence around it."""
    require("espeak-ng")
    command = ["espeak-ng", "-v", name, "-s", str(speed), "--stdout", text]
    wav = subprocess.run(command, capture_output=True, check=True).stdout
    resampler = AudioResampler("flt", "mono", RATE)
    with av.open(io.BytesIO(wav)) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    sound = np.concatenate([frame.to_ndarray()[0] for frame in [*frames, *resampler.resample(None)]])
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    return sound[loud[0] : loud[-1] + 1].astype(np.float32)


def speech(
    sentences: Sequence[str] = SENTENCES, *, pause_s: float = 1.5, lead_s: float = 1.0, **how: Any
) -> tuple[NDArray[np.float32], list[Said]]:
    """Sentences with pauses between, before and after them, and a breath of noise; 16 kHz mono."""
    parts = [np.zeros(round(lead_s * RATE), np.float32)]
    said = []
    for sentence in sentences:
        start = sum(map(len, parts)) / RATE
        parts.append(voice(sentence, **how))
        said.append(Said(start, start + len(parts[-1]) / RATE, sentence))
        parts.append(np.zeros(round(pause_s * RATE), np.float32))
    sound = np.concatenate(parts)
    return sound + np.random.default_rng(1).normal(0, 0.0005, len(sound)).astype(np.float32), said


def write_sound(path: Path, sound: NDArray[np.float32], *, rate: int = 48_000, channels: int = 2) -> Path:
    """AAC or what the container of that suffix takes."""
    layout = "mono" if channels == 1 else "stereo"
    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("flac" if path.suffix == ".mkv" else "aac", rate=rate, layout=layout)
        to_stream = AudioResampler("s16" if path.suffix == ".mkv" else "fltp", layout, rate, 1024)
        for at in range(0, len(sound), RATE):
            frame = av.AudioFrame.from_ndarray(sound[at : at + RATE].reshape(1, -1), "flt", "mono")
            frame.sample_rate, frame.pts = RATE, at
            for part in to_stream.resample(frame):
                output.mux(stream.encode(part))
        for part in to_stream.resample(None):
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return path


def word_errors(said: str, heard: str) -> float:
    """Insertions, deletions and changes of words per word that was said."""
    truth, guess = said.lower().split(), heard.lower().replace(",", "").replace(".", "").split()
    row = list(range(len(guess) + 1))
    for i, word in enumerate(truth, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(guess, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1] / max(1, len(truth))
