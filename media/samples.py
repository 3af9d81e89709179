"""Sound as a device gives it, brought to a track's form: 48 kHz, one or two channels, float32."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.resampler import AudioResampler
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (samples, channels)

RATE = 48_000


class Former:
    """One device's stream from its opening on: any rate, any channel count. Belongs to one thread.

    The resampler holds a few samples back; `form` says when the first one that it gives was heard.
    """

    def __init__(self, rate: int, channels: int, wanted: int) -> None:
        self._rate, self._channels, self._wanted = rate, channels, wanted
        self._taken = 0  # samples at the device's rate
        self._given = 0  # samples at ours
        self._resampler = _resampler(wanted) if rate != RATE else None

    def fits(self, rate: int, channels: int) -> bool:
        return (rate, channels) == (self._rate, self._channels)

    def form(self, at: float, data: bytes) -> tuple[float, Samples]:
        """Interleaved float32 whose first sample was heard at `at` (monotonic seconds)."""
        samples = remix(np.frombuffer(data, dtype=np.float32).reshape(-1, self._channels), self._wanted)
        if self._resampler is None:
            return at, samples
        first = at + self._given / RATE - self._taken / self._rate
        frames = self._resampler.resample(self._frame(samples))
        self._taken += len(samples)
        parts = [frame.to_ndarray().T for frame in frames]
        formed = np.ascontiguousarray(np.concatenate(parts)) if parts else samples[:0]
        self._given += len(formed)
        return first, formed

    def _frame(self, samples: Samples) -> AudioFrame:
        frame = to_frame(samples, self._rate)
        frame.pts, frame.time_base = self._taken, Fraction(1, self._rate)
        return frame


def remix(samples: Samples, wanted: int) -> Samples:
    """As many channels as `wanted` (1 or 2).

    More than two become one: their sum at equal power, since of an interface's eight inputs usually one is
    used and nobody knows which.
    """
    channels = samples.shape[1]
    if channels > 2:
        samples = samples.sum(axis=1, keepdims=True, dtype=np.float32) / np.float32(math.sqrt(channels))
    elif channels == 2 and wanted == 1:
        samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return np.repeat(samples, 2, axis=1) if wanted == 2 and samples.shape[1] == 1 else samples


def to_frame(samples: Samples, rate: int = RATE) -> AudioFrame:
    """A planar frame for FFmpeg, without a time."""
    from av import AudioFrame

    layout = "mono" if samples.shape[1] == 1 else "stereo"
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout=layout)
    frame.sample_rate = rate
    return frame


def _resampler(channels: int) -> AudioResampler:
    from av.audio.resampler import AudioResampler

    return AudioResampler("fltp", "mono" if channels == 1 else "stereo", RATE)
