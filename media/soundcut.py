"""Sound between two moments, copied packet by packet.

A packet lasts 21 ms and cannot be split. The one over a cut would bring what was said before it, and a track
that begins later than the picture needs an edit list, which players treat differently. So a packet of silence
takes its place: the piece begins where that one does, and all that follows keeps its moment.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from media.packets import Copied, seconds
from media.places import Place
from media.untrusted import codec_of

_BLOCK = 1024  # samples in a packet of AAC-LC (ISO/IEC 14496-3, 4.5.2.1.1)
_MOST_CHANNELS = 2
_ROUNDING_S = 1e-6
_RUN_IN = 3  # packets until an encoder has settled


def can_copy(audio: AudioStream) -> bool:
    """Plain AAC; of other sound neither the length of packets nor what is silence in them is known here."""
    context = audio.codec_context
    return codec_of(audio) == "aac" and context.profile == "LC" and context.channels <= _MOST_CHANNELS


def zero_of(audio: AudioStream, place: Place) -> float:
    """The moment that becomes 0: at or before the beginning of the piece, on the grid of its packets."""
    if place.sound_s is None:
        return place.begin_s
    return place.sound_s - _before(audio, place) * _BLOCK / audio.codec_context.sample_rate


class SoundCut:
    """The packets that are heard wholly between the beginning and the end of a piece."""

    def __init__(self, source: AudioStream, output: OutputContainer, place: Place, zero_s: float) -> None:
        self._copied = Copied(source, output, origin_s=zero_s)
        self._source, self._place = source, place
        self._silent = max(0, round((self._sound_s - zero_s) * self._rate / _BLOCK))
        self.done = place.sound_s is None

    @property
    def end_s(self) -> float:
        return self._copied.end_s

    @property
    def _rate(self) -> int:
        return self._source.codec_context.sample_rate

    @property
    def _sound_s(self) -> float:
        return self._place.begin_s if self._place.sound_s is None else self._place.sound_s

    def take(self, packet: "Packet[Any]") -> Iterable["Packet[Any]"]:
        at = seconds(packet)
        if self.done or at is None or at < self._sound_s - _ROUNDING_S:
            return ()
        if at + _BLOCK / self._rate > self._place.end_s + _ROUNDING_S:
            self.done = True
            return ()
        return [*self._silence(), *self._copied.take(packet)]

    def finish(self, until_s: float, /) -> Iterable["Packet[Any]"]:
        return self._copied.finish(until_s)

    def _silence(self) -> Sequence["Packet[Any]"]:
        """What stands before the first packet, once."""
        count, self._silent = self._silent, 0
        if not count:
            return []
        data, base = _silent_packet(self._source), float(self._source.time_base or 1)
        done: list[Packet[Any]] = []
        for left in range(count, 0, -1):
            packet = Packet(data)
            packet.time_base = Fraction(self._source.time_base or 1)
            packet.pts = packet.dts = round((self._sound_s - left * _BLOCK / self._rate) / base)
            packet.duration = round(_BLOCK / self._rate / base)
            packet.is_keyframe = True
            done += self._copied.take(packet)
        return done


def _before(audio: AudioStream, place: Place) -> int:
    """So many packets would lie between the beginning and the first packet that is wholly behind it."""
    gap_s = (place.sound_s or place.begin_s) - place.begin_s
    return max(0, ceil(gap_s * audio.codec_context.sample_rate / _BLOCK - _ROUNDING_S))


def _silent_packet(audio: AudioStream) -> bytes:
    """A packet of silence as the decoder of this track reads it."""
    like = audio.codec_context
    context = av.CodecContext.create("aac", "w")
    context.sample_rate, context.layout, context.format = like.sample_rate, like.layout, "fltp"
    nothing = np.zeros((like.channels, _BLOCK), dtype=np.float32)
    packets: list[Packet[Any]] = []
    for number in range(_RUN_IN + 1):
        frame = AudioFrame.from_ndarray(nothing, format="fltp", layout=like.layout.name)
        frame.sample_rate, frame.pts = like.sample_rate, number * _BLOCK
        packets += context.encode(frame)
    return bytes(packets[-1])
