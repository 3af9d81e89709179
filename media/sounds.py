"""Sound of a video encoded again as AAC."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from media.packets import check_jump, decoded
from media.presets import load

_BLOCK = 1024  # samples in an AAC frame


class Sounds:
    """Decoded, brought to 48 kHz and at most two channels, encoded as AAC.

    Holes in the sound are filled with silence, so that it stays with the picture.
    """

    def __init__(self, source: AudioStream, output: OutputContainer, *, origin_s: float = 0.0) -> None:
        preset = load().audio
        channels = 1 if source.codec_context.channels == 1 else 2
        self._origin = origin_s
        self._layout = "mono" if channels == 1 else "stereo"
        self._rate = preset.rate
        self._resampler: AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None
        self._before_s: float | None = None
        self.end_s = 0.0
        self._stream = cast("AudioStream", output.add_stream(preset.encoder, rate=preset.rate))
        context = self._stream.codec_context
        context.layout, context.bit_rate = self._layout, preset.bits(channels)
        context.time_base = Fraction(1, preset.rate)

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        done: list[Packet[Any]] = []
        for frame in decoded(packet):
            done += self._resample(frame)
        return done

    def finish(self, _until_s: float, /) -> Sequence["Packet[Any]"]:
        return [*self._drain(), *self._stream.encode(None)]

    def _resample(self, frame: Any) -> list["Packet[Any]"]:
        at = self._check(frame)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        done = self._drain() if shape != self._shape else []
        if self._resampler is None:
            self._shape = shape
            self._resampler = AudioResampler(
                "fltp", self._layout, self._rate, _BLOCK, options={"async": "1000"}
            )
        if at is not None:
            frame.pts = round((at - self._origin) * frame.sample_rate)
            frame.time_base = Fraction(1, frame.sample_rate)
        return done + self._encode(self._resampler.resample(frame))

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
        return self._encode(left)

    def _encode(self, frames: Sequence[Any]) -> list["Packet[Any]"]:
        done: list[Packet[Any]] = []
        for frame in frames:
            if frame.pts is not None:
                self.end_s = (frame.pts + frame.samples) / self._rate
            done += self._stream.encode(frame)
        return done
