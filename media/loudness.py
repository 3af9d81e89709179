"""How loud a recording is, tenth by tenth of a second: enough to tell silence from speech."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from media.fragments import MAX_PIXELS
from media.packets import decoded
from media.silence import SILENCE_DB, STEP_S
from media.sniff import Container
from media.untrusted import open_media, origin_of, streams_of

_RATE = 8_000  # samples a second are enough to know how loud it is
_STEP = round(_RATE * STEP_S)
_MOST = round(24 * 3600 / STEP_S)  # steps: a day


@dataclass(frozen=True, slots=True)
class Loudness:
    """`levels_db`: mean power of each step of 0.1 s in dB of full scale, -90 for silence."""

    levels_db: list[float]
    complete: bool


def levels_of(
    path: Path,
    *,
    kind: Container,
    max_pixels: int = MAX_PIXELS,
    budget_s: float = 60.0,
    clock: Callable[[], float] = time.monotonic,
) -> Loudness:
    """Within about `budget_s`; not `complete` where that was not enough. Raises UnreadableMedia."""
    end = clock() + budget_s
    meter = _Meter()
    with open_media(path, kind=kind, max_pixels=max_pixels) as container:
        streams = streams_of(container, max_pixels=max_pixels)
        if streams.audio is None:
            return Loudness([], complete=True)
        start_s = origin_of(streams)
        resampler = AudioResampler(format="flt", layout="mono", rate=_RATE)
        for frame in _frames(container.demux(streams.audio)):
            at = None if frame.time is None else frame.time - start_s
            with suppress(av.error.FFmpegError, ValueError):  # a change of format that cannot be followed
                for piece in resampler.resample(frame):
                    meter.take(piece, at)
                    at = None
            if clock() > end or len(meter.levels) >= _MOST:
                return Loudness(meter.levels, complete=False)
    return Loudness(meter.levels, complete=True)


def _frames(packets: Iterator[Any]) -> Iterator[AudioFrame]:
    with suppress(av.error.EOFError, av.error.InvalidDataError):
        for packet in packets:
            yield from decoded(packet)


class _Meter:
    """Samples in, one level for each step out. Gaps in the sound are silent."""

    def __init__(self) -> None:
        self.levels: list[float] = []
        self._rest: NDArray[np.float32] = np.zeros(0, np.float32)

    def take(self, frame: AudioFrame, at_s: float | None) -> None:
        if at_s is not None:
            missing = round((at_s * _RATE - len(self._rest)) / _STEP) - len(self.levels)
            if missing > 0:
                self.levels += [SILENCE_DB] * min(missing, _MOST - len(self.levels))
        whole = np.concatenate([self._rest, frame.to_ndarray().reshape(-1).astype(np.float32)])
        count = len(whole) // _STEP
        blocks = whole[: count * _STEP].reshape(count, _STEP).astype(np.float64)
        power = np.nan_to_num(np.mean(np.clip(blocks, -1, 1) ** 2, axis=1))
        self.levels += [round(float(level), 1) for level in 10 * np.log10(np.maximum(power, 1e-9))]
        self._rest = whole[count * _STEP :]
