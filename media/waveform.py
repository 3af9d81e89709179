"""The waveform: how loud a video is over its length, as the JSON that audiowaveform (version 2) writes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.errors import UnreadableMedia
from media.fragments import MAX_PIXELS
from media.packets import check_jump, decoded
from media.sniff import Container
from media.transcode import arrivals
from media.untrusted import Watch, ignore_progress, open_media, origin_of, streams_of

RATE = 48_000  # what is counted in; sound of another rate is placed by its times
MAX_POINTS = 4096
_FIRST_STEP = 480  # samples: 100 points a second
_BITS = 8

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Waveform:
    """`data`: the lowest and the highest value (-128 to 127) of each `samples_per_pixel` samples in turn."""

    sample_rate: int
    samples_per_pixel: int
    data: tuple[int, ...]

    def to_json(self) -> str:
        return json.dumps(
            {
                "version": 2,
                "channels": 1,
                "sample_rate": self.sample_rate,
                "samples_per_pixel": self.samples_per_pixel,
                "bits": _BITS,
                "length": len(self.data) // 2,
                "data": self.data,
            },
            separators=(",", ":"),
        )


def make_waveform(
    source: Path,
    output: Path,
    *,
    kind: Container,
    duration_s: float = 0.0,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Waveform:
    """Writes the peaks of the sound of `source`, at most 4096 of them.

    Raises UnreadableMedia, also for a file without sound, and RenditionError where its times make no sense.
    """
    peaks = Peaks()
    with open_media(source, kind=kind, max_pixels=max_pixels) as container:
        streams = streams_of(container, max_pixels=max_pixels)
        if (audio := streams.audio) is None:
            raise UnreadableMedia("There is no sound in this file", "It holds pictures alone.")
        origin = origin_of(streams)
        end = 0.0
        for packet in arrivals(container, [audio], duration_s, watch):
            for frame in decoded(packet):
                at = end if frame.time is None else frame.time - origin
                check_jump(end, at)
                peaks.add(max(0.0, at), _mono(frame), frame.sample_rate)
                end = at + frame.samples / frame.sample_rate
    waveform = peaks.finish()
    if not waveform.data:
        raise UnreadableMedia("The video cannot be read", "No sound could be decoded.")
    output.write_text(waveform.to_json())
    return waveform


class Peaks:
    """Samples go in at the times they have; the longer it gets, the coarser it becomes."""

    def __init__(self) -> None:
        self._step = _FIRST_STEP
        self._low = np.zeros(MAX_POINTS, dtype=np.float32)
        self._high = np.zeros(MAX_POINTS, dtype=np.float32)
        self._used = 0

    def add(self, at_s: float, samples: Samples, rate: int) -> None:
        """`samples` from -1 to 1, the first of them heard at `at_s`."""
        if not len(samples):
            return
        while (places := self._places(at_s, len(samples), rate))[-1] >= MAX_POINTS:
            self._coarsen()
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        bins = places[starts]
        self._low[bins] = np.minimum(self._low[bins], np.minimum.reduceat(samples, starts))
        self._high[bins] = np.maximum(self._high[bins], np.maximum.reduceat(samples, starts))
        self._used = max(self._used, int(bins[-1]) + 1)

    def finish(self) -> Waveform:
        pairs = np.stack([self._low[: self._used], self._high[: self._used]], axis=-1).ravel()
        values = np.clip(np.rint(pairs * 128), -128, 127).astype(int)
        return Waveform(RATE, self._step, tuple(values.tolist()))

    def _places(self, at_s: float, count: int, rate: int) -> NDArray[np.int64]:
        """The point to which each sample belongs."""
        times = at_s + np.arange(count) / rate
        places: NDArray[np.int64] = (times * (RATE / self._step)).astype(np.int64)
        return places

    def _coarsen(self) -> None:
        half = MAX_POINTS // 2
        self._low[:half] = self._low.reshape(half, 2).min(axis=1)
        self._high[:half] = self._high.reshape(half, 2).max(axis=1)
        self._low[half:] = self._high[half:] = 0.0
        self._used = (self._used + 1) // 2
        self._step *= 2


def _mono(frame: Any) -> Samples:
    """The mean of all channels, from -1 to 1."""
    raw = frame.to_ndarray()
    channels = raw if frame.format.is_planar else raw.reshape(-1, frame.layout.nb_channels).T
    mono: Samples = np.nan_to_num(channels.mean(axis=0, dtype=np.float32), posinf=1.0, neginf=-1.0)
    if channels.dtype == np.uint8:
        mono -= 128
        mono /= 128
    elif np.issubdtype(channels.dtype, np.integer):
        mono /= float(np.iinfo(channels.dtype).max)
    return mono
