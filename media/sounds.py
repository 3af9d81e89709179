"""Sound of a video encoded again as AAC."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from media.errors import UnreadableMedia
from media.muxer import is_run_in
from media.packets import check_jump, decoded
from media.presets import load

_BLOCK = 1024  # samples in an AAC frame
# A smaller hole is the resampler's business: it fills or stretches.
_MOST_RESAMPLED_S = 1.0


class Sounds:
    """Decoded, brought to 48 kHz and at most two channels, encoded as AAC.

    Where the source has no sound there is silence, to the sample: from the origin to its beginning, in holes,
    and up to the end of the pictures. It is made as it is written, for it may last an hour; with `keep_up`
    beside the pictures, so that these need not wait for it.
    With `until_s`, a moment of the source, only what is heard between the origin and then is taken.
    Files that are streamed go without the encoder's `run_in` (see `media.muxer.is_run_in`).
    """

    def __init__(
        self,
        source: AudioStream,
        output: OutputContainer,
        *,
        origin_s: float = 0.0,
        until_s: float | None = None,
        run_in: bool = True,
    ) -> None:
        preset = load().audio
        channels = 1 if source.codec_context.channels == 1 else 2
        self._origin = origin_s
        self._layout = "mono" if channels == 1 else "stereo"
        self._rate = preset.rate
        self._resampler: AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None
        self._before_s: float | None = None
        # The encoder takes blocks of one size, and a smaller one only at the very end.
        self._blocks = AudioFifo()
        self._until = until_s
        self._run_in = run_in
        self._taken = 0  # samples since the origin
        self._sent = 0
        self._settled = False  # what is heard lies where `_taken` is
        self._stream = cast("AudioStream", output.add_stream(preset.encoder, rate=preset.rate))
        context = self._stream.codec_context
        context.layout, context.bit_rate = self._layout, preset.bits(channels)
        context.time_base = Fraction(1, preset.rate)

    @property
    def end_s(self) -> float:
        return self._taken / self._rate

    def take(self, packet: "Packet[Any]") -> Iterator["Packet[Any]"]:
        for frame in decoded(packet):
            if self._is_within(frame):
                yield from self._kept(self._resample(frame))

    def keep_up(self, at_s: float) -> Iterator["Packet[Any]"]:
        """Nothing that is heard before `at_s`, a moment of the source, comes any more."""
        silent_s = at_s - self._origin - _MOST_RESAMPLED_S
        if silent_s > self.end_s:
            yield from self._kept(self._drain())
            yield from self._kept(self._silence_to(round(silent_s * self._rate)))
            self._settled = False

    def finish(self, until_s: float, /) -> Iterator["Packet[Any]"]:
        yield from self._kept(self._drain())
        yield from self._kept(self._silence_to(round(until_s * self._rate)))
        yield from self._kept(self._encode(partial=True))
        yield from self._kept(self._stream.encode(None))

    def _kept(self, packets: Iterable["Packet[Any]"]) -> Iterator["Packet[Any]"]:
        return (packet for packet in packets if self._run_in or not is_run_in(packet))

    def _is_within(self, frame: Any) -> bool:
        if self._until is None:
            return True
        at = None if frame.pts is None else float(frame.pts * frame.time_base)
        return at is not None and self._origin <= at <= self._until - frame.samples / frame.sample_rate

    def _resample(self, frame: Any) -> Iterator["Packet[Any]"]:
        before, at = self._before_s, self._check(frame)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if (at is not None and before is not None and at - before > _MOST_RESAMPLED_S) or (
            shape != self._shape
        ):
            yield from self._drain()
        if self._resampler is None:
            self._shape = shape
            self._resampler = AudioResampler(
                "fltp", self._layout, self._rate, _BLOCK, options={"async": "1000"}
            )
        if at is not None:
            frame.pts = round((at - self._origin) * frame.sample_rate)
            frame.time_base = Fraction(1, frame.sample_rate)
        try:
            heard = self._resampler.resample(frame)
        except av.error.ArgumentError as error:
            raise UnreadableMedia(
                "The sound cannot be mixed down",
                f"It has {frame.layout.nb_channels} channels at {frame.sample_rate} samples a second.",
                "Export it again in stereo.",
            ) from error
        yield from self._put(heard)

    def _check(self, frame: Any) -> float | None:
        at = None if frame.pts is None else float(frame.pts * frame.time_base)
        if at is not None and self._before_s is not None:
            check_jump(self._before_s, at)
        self._before_s = at if at is not None else self._before_s
        return at

    def _drain(self) -> Iterator["Packet[Any]"]:
        if self._resampler is not None:
            left = self._resampler.resample(None)
            self._resampler = None
            yield from self._put(left)

    def _put(self, frames: Iterable[AudioFrame]) -> Iterator["Packet[Any]"]:
        for frame in frames:
            heard: AudioFrame | None = frame
            if frame.pts is not None:
                yield from self._silence_to(frame.pts)
                heard = frame if self._settled else _without(frame, self._taken - frame.pts)
            if heard is not None:
                self._settled = True
                yield from self._add(heard)

    def _silence_to(self, sample: int) -> Iterator["Packet[Any]"]:
        """Block by block: an hour of it at once would fill the memory."""
        channels = 1 if self._layout == "mono" else 2
        while (count := min(sample - self._taken, _BLOCK)) > 0:
            nothing = np.zeros((channels, count), dtype=np.float32)
            yield from self._add(_frame(nothing, self._layout, self._rate))

    def _add(self, frame: AudioFrame) -> Iterator["Packet[Any]"]:
        frame.pts = None
        self._blocks.write(frame)
        self._taken += frame.samples
        yield from self._encode(partial=False)

    def _encode(self, *, partial: bool) -> Iterator["Packet[Any]"]:
        while (block := self._blocks.read(_BLOCK, partial)) is not None:
            block.pts, block.time_base = self._sent, Fraction(1, self._rate)
            self._sent += block.samples
            yield from self._stream.encode(block)


def _frame(samples: "np.ndarray[Any, Any]", layout: str, rate: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
    frame.sample_rate = rate
    return frame


def _without(frame: AudioFrame, count: int) -> AudioFrame | None:
    """The frame without its first samples; None where nothing is left of it."""
    if count <= 0:
        return frame
    if count >= frame.samples:
        return None
    return _frame(np.ascontiguousarray(frame.to_ndarray()[:, count:]), frame.layout.name, frame.sample_rate)
