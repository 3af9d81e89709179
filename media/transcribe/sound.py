"""The sound of a file as Whisper hears it: 16 kHz, mono, float32, in pieces of about a second.

Never more than a piece is in memory, however long the file is. Holes in the sound become silence, so that
every word keeps its place in the recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from media.packets import check_jump, decoded, seconds
from media.sniff import Container
from media.transcribe.options import RATE
from media.transcribe.voice import Samples
from media.untrusted import Watch, ignore_progress, open_media, streams_of, telling

_PIECE = RATE
# Less is the encoder's delay or rounding, and filling it would tear the sound.
_LEAST_HOLE_S = 0.1
# Decoders need the packets before to be in step.
_LEAD_IN_S = 0.5


def pieces_of_file(
    path: Path, kind: Container, *, start_s: float = 0.0, watch: Watch = ignore_progress
) -> Iterator[Samples]:
    """From `start_s` on; nothing where the file has no sound. Raises MediaError for what cannot be read."""
    size = path.stat().st_size
    with open_media(path, kind=kind) as container:
        yield from pieces_of(container, kind, start_s=start_s, size=size, watch=watch)


def pieces_of(
    container: InputContainer,
    kind: Container,
    *,
    start_s: float = 0.0,
    size: int = 0,
    watch: Watch = ignore_progress,
) -> Iterator[Samples]:
    """Of an opened file, which may still grow behind its reader; `size` in bytes is for `watch`."""
    stream = streams_of(container).audio
    if stream is None:
        return
    line = _Line(origin_s=max(0.0, (container.start_time or 0) / 1e6), start_s=start_s)
    held: list[Samples] = []
    count = 0
    with telling(kind):
        for packet in container.demux(stream):
            if size and packet.pos:
                watch(min(1.0, max(0, packet.pos) / size))
            for samples in line.take(packet):
                held.append(samples)
                count += len(samples)
            if count >= _PIECE:
                yield np.concatenate(held)
                held, count = [], 0
        held += line.drain()
    if held:
        yield np.concatenate(held)


class _Line:
    """Puts the decoded sound on the recording's time line."""

    def __init__(self, *, origin_s: float, start_s: float) -> None:
        self._origin = origin_s
        self._start = start_s
        self._resampler: AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None
        self._at_s: float | None = None  # where the next sample belongs, in seconds of the recording
        self._given = round(start_s * RATE)  # the next sample that goes out

    def take(self, packet: Any) -> Iterator[Samples]:
        at = seconds(packet)
        if at is not None and at - self._origin < self._start - _LEAD_IN_S:
            return
        for frame in decoded(packet):
            yield from self._place(frame)

    def drain(self) -> list[Samples]:
        if self._resampler is None:
            return []
        frames, self._resampler = self._resampler.resample(None), None
        return [samples for frame in frames if len(samples := self._from_start(_samples(frame)))]

    def _place(self, frame: Any) -> Iterator[Samples]:
        at = seconds(frame)
        at = None if at is None else at - self._origin
        if self._at_s is None:
            self._at_s = min(self._start, at or 0.0) if at is not None else self._start
            self._given = round(self._at_s * RATE)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:
            yield from self.drain()
            self._shape = shape
        if at is not None and at - self._at_s > _LEAST_HOLE_S:
            check_jump(self._at_s, at)
            yield from self.drain()
            yield from self._silence(round(at * RATE) - self._given)
            self._at_s = at
        self._at_s += frame.samples / frame.sample_rate
        yield from self._resample(frame)

    def _resample(self, frame: Any) -> Iterator[Samples]:
        if self._resampler is None:
            self._resampler = AudioResampler("flt", "mono", RATE)
        frame.pts = None  # the line above keeps the time
        for done in self._resampler.resample(frame):
            samples = self._from_start(_samples(done))
            if len(samples):
                yield samples

    def _silence(self, count: int) -> Iterator[Samples]:
        while count > 0:
            samples = self._from_start(np.zeros(min(count, _PIECE), np.float32))
            if len(samples):
                yield samples
            count -= _PIECE

    def _from_start(self, samples: Samples) -> Samples:
        """Without what lies before the wanted start."""
        before = round(self._start * RATE) - self._given
        self._given += len(samples)
        return samples[before:] if before > 0 else samples


def _samples(frame: Any) -> Samples:
    return np.ascontiguousarray(frame.to_ndarray()[0], dtype=np.float32)
