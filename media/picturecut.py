"""Pictures between two moments: encoded anew up to the first key and copied from there on, or all anew."""

from collections.abc import Iterable, Sequence
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from media.clock import VIDEO_RATE
from media.errors import RenditionError
from media.facts import Probe
from media.heads import Head
from media.packets import Copied, decoded, seconds
from media.pictures import Coding, Pictures, Window
from media.places import Place
from media.presets import load
from media.version import Target


class Joined:
    """Packets of a film that is stored in the order it is shown. The first picture is shown from the start.

    RenditionError where other pictures cannot be put before those of this film.
    """

    def __init__(self, source: VideoStream, output: OutputContainer, place: Place, zero_s: float) -> None:
        self._source = source
        self._zero, self._first = self._ticks(zero_s), self._ticks(place.first_s)
        self._key, self._end = self._ticks(place.key_s), self._ticks(place.end_s)
        self._last = self._ticks(place.last_s)
        self._seam = self._end if place.next_key_s is None else self._ticks(place.next_key_s)
        self._from_start = place.first_s <= place.begin_s
        self._head = None if place.starts else Head(source)
        header = None if self._head is None else self._head.header
        self._copied = Copied(source, output, origin_s=zero_s, header=header)
        self._lengths: dict[int, int] = {}  # of pictures that are encoded anew, by their time
        self._open = self._head is not None
        self.encoded = 0
        self.done = False

    @property
    def pictures(self) -> int:
        return self._copied.pictures

    @property
    def end_s(self) -> float:
        return self._copied.end_s

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        at = packet.pts
        if self.done or at is None or at < (self._key if self._open else self._first):
            return ()
        if at >= self._last:
            self.done = True
            return self._end_head()
        if not self._open or at >= self._seam:
            return [*self._end_head(), *self._pass(packet)]
        self._lengths[at] = packet.duration or 0
        return self._encode(decoded(packet))

    def finish(self, until_s: float, /) -> Sequence["Packet[Any]"]:
        return [*self._end_head(), *self._copied.finish(until_s)]

    def _end_head(self) -> Sequence["Packet[Any]"]:
        """The decoder's and the encoder's last ones, once."""
        if self._head is None or not self._open:
            return []
        self._open = False
        try:
            left = self._source.codec_context.decode(None)
        except av.error.FFmpegError:
            left = []
        done = [*self._encode(left), *self._timed(self._head.finish())]
        self.encoded = self._head.pictures
        if not self.encoded:
            raise RenditionError("The pictures at the beginning cannot be decoded")
        return done

    def _encode(self, frames: Iterable[Any]) -> Sequence["Packet[Any]"]:
        wanted = (
            frame for frame in frames if frame.pts is not None and self._first <= frame.pts < self._last
        )
        if self._head is None:
            return []
        head = self._head
        return [packet for frame in wanted for packet in self._timed(head.encode(frame))]

    def _timed(self, packets: Iterable["Packet[Any]"]) -> Iterable["Packet[Any]"]:
        for packet in packets:
            packet.duration = self._lengths.get(packet.pts or 0, packet.duration or 0)
            yield from self._pass(packet)

    def _pass(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        at = packet.pts or 0
        packet.duration = min(packet.duration or 0, self._end - at)
        if at == self._first and self._from_start:
            packet.duration += at - self._zero
            packet.pts = packet.dts = self._zero
        return self._copied.take(packet)

    def _ticks(self, at_s: float) -> int:
        return round(at_s / float(self._source.time_base or 1))


class Anew:
    """Any film's pictures encoded, at the times they had."""

    def __init__(
        self, source: VideoStream, output: OutputContainer, place: Place, facts: Probe, threads: int
    ) -> None:
        self._place = place
        self._until = round((place.end_s - place.begin_s) * VIDEO_RATE)
        self._pictures = Pictures(
            source,
            [Target(output, facts.even_size)],
            Coding(load().piece, threads=threads),
            origin_s=place.begin_s,
            rotation=facts.rotation,
            keys_follow=False,
            window=Window(min(0, _tick(place.first_s - place.begin_s)), _tick(place.last_s - place.begin_s)),
        )
        self.done = False

    @property
    def pictures(self) -> int:
        return self._pictures.pictures

    @property
    def encoded(self) -> int:
        return self._pictures.pictures

    @property
    def end_s(self) -> float:
        return min(self._pictures.end_s, self._until / VIDEO_RATE)

    def take(self, packet: "Packet[Any]") -> Iterable["Packet[Any]"]:
        at = seconds(packet)
        if self.done or at is None or at < self._place.key_s:
            return ()
        read_s = at if packet.dts is None else float(packet.dts * (packet.time_base or 0))
        if read_s >= self._place.end_s:
            self.done = True
            return ()
        return self._clipped(self._pictures.take(packet))

    def finish(self, _until_s: float, /) -> Iterable["Packet[Any]"]:
        return self._clipped([*self._pictures.drain(), *self._pictures.finish_before(self._until)])

    def _clipped(self, packets: Iterable["Packet[Any]"]) -> Iterable["Packet[Any]"]:
        """None is shown longer than the piece lasts."""
        for packet in packets:
            packet.duration = min(packet.duration or 0, self._until - (packet.pts or 0))
            yield packet


def _tick(at_s: float) -> int:
    return round(at_s * VIDEO_RATE)
