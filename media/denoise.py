"""Steady noise (fans, hum, hiss) taken out of a voice by FFmpeg's `afftdn`, with its delay taken back.

https://ffmpeg.org/ffmpeg-filters.html#afftdn: reduction `nr` and noise floor `nf` in dB. Its tracking of the
noise (`tn=1`) was measured and left: between words it took 4 dB off a hiss at -50 dB, the fixed floor 18.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import numpy as np

from media.samples import RATE, to_frame

if TYPE_CHECKING:
    from av.filter import Graph
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (samples, channels)

SETTINGS = "nr=18:nf=-40"
# The filter's windows overlap: a sample comes out 25 ms late, and its time stamp does not say so (measured
# with FFmpeg 8, and held by a test).
DELAY = 1200  # samples


class Denoiser:
    """A stream at 48 kHz from its beginning on. Belongs to one thread."""

    def __init__(self, channels: int) -> None:
        self._graph = _graph(channels)
        self._taken = self._given = 0
        self._channels = channels

    def clean(self, at: float, samples: Samples) -> tuple[float, Samples]:
        """What is ready, and when (monotonic seconds) its first sample was heard, told that the first of
        `samples` was at `at`."""
        import av

        first = at + (self._given - DELAY - self._taken) / RATE
        if len(samples):
            frame = to_frame(samples)
            frame.pts, frame.time_base = self._taken, Fraction(1, RATE)
            self._taken += len(samples)
            self._graph.push(frame)
        parts: list[Samples] = []
        while True:
            try:
                parts.append(cast("Samples", self._graph.pull().to_ndarray().T))
            except (av.BlockingIOError, av.EOFError):
                break
        done = np.ascontiguousarray(np.concatenate(parts)) if parts else samples[:0]
        self._given += len(done)
        return first, done


def _graph(channels: int) -> Graph:
    from av.filter import Graph

    graph = Graph()
    layout = "mono" if channels == 1 else "stereo"
    source = graph.add_abuffer(sample_rate=RATE, format="fltp", layout=layout, time_base=Fraction(1, RATE))
    denoise, sink = graph.add("afftdn", SETTINGS), graph.add("abuffersink")
    source.link_to(denoise)
    denoise.link_to(sink)
    graph.configure()
    return graph
