"""Sound of a video encoded again as AAC."""

from collections.abc import Sequence
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

    Holes in the sound are filled with silence, so that it stays with the picture. With `until_s`, a moment of
    the source, only what is heard between the origin and then is taken, and silence up to its beginning.
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
        self._begin = None if until_s is None else 0  # samples, when the first one is heard
        self._taken = 0
        self._sent = 0
        self._stream = cast("AudioStream", output.add_stream(preset.encoder, rate=preset.rate))
        context = self._stream.codec_context
        context.layout, context.bit_rate = self._layout, preset.bits(channels)
        context.time_base = Fraction(1, preset.rate)

    @property
    def end_s(self) -> float:
        return ((self._begin or 0) + self._taken) / self._rate

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        done: list[Packet[Any]] = []
        for frame in decoded(packet):
            if self._is_within(frame):
                done += self._resample(frame)
        return self._kept(done)

    def finish(self, _until_s: float, /) -> Sequence["Packet[Any]"]:
        return self._kept([*self._drain(), *self._encode(partial=True), *self._stream.encode(None)])

    def _kept(self, packets: Sequence["Packet[Any]"]) -> Sequence["Packet[Any]"]:
        return packets if self._run_in else [packet for packet in packets if not is_run_in(packet)]

    def _is_within(self, frame: Any) -> bool:
        if self._until is None:
            return True
        at = None if frame.pts is None else float(frame.pts * frame.time_base)
        return at is not None and self._origin <= at <= self._until - frame.samples / frame.sample_rate

    def _resample(self, frame: Any) -> list["Packet[Any]"]:
        before, at = self._before_s, self._check(frame)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        hole = at is not None and before is not None and at - before > _MOST_RESAMPLED_S
        done = self._drain() if hole or shape != self._shape else []
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
        return done + self._put(heard)

    def _check(self, frame: Any) -> float | None:
        at = None if frame.pts is None else float(frame.pts * frame.time_base)
        if at is not None and self._before_s is not None:
            check_jump(self._before_s, at)
        self._before_s = at if at is not None else self._before_s
        return at

    def _drain(self) -> list["Packet[Any]"]:
        if self._resampler is None:
            return []
        left = self._resampler.resample(None)
        self._resampler = None
        return self._put(left)

    def _put(self, frames: Sequence[Any]) -> list["Packet[Any]"]:
        done: list[Packet[Any]] = []
        for frame in frames:
            if self._begin is None:
                self._begin = frame.pts or 0
            if frame.pts is not None:
                done += self._silence(frame.pts - self._begin - self._taken)
            done += self._add(frame)
        return done

    def _silence(self, samples: int) -> list["Packet[Any]"]:
        """Block by block: an hour of it at once would fill the memory."""
        done: list[Packet[Any]] = []
        channels = 1 if self._layout == "mono" else 2
        while samples > 0:
            count = min(samples, _BLOCK)
            nothing = np.zeros((channels, count), dtype=np.float32)
            frame = AudioFrame.from_ndarray(nothing, format="fltp", layout=self._layout)
            frame.sample_rate = self._rate
            done += self._add(frame)
            samples -= count
        return done

    def _add(self, frame: AudioFrame) -> list["Packet[Any]"]:
        frame.pts = None
        self._blocks.write(frame)
        self._taken += frame.samples
        return self._encode(partial=False)

    def _encode(self, *, partial: bool) -> list["Packet[Any]"]:
        done: list[Packet[Any]] = []
        while (block := self._blocks.read(_BLOCK, partial)) is not None:
            block.pts, block.time_base = (self._begin or 0) + self._sent, Fraction(1, self._rate)
            self._sent += block.samples
            done += self._stream.encode(block)
        return done
