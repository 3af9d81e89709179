"""Where a piece begins in a film: its first picture, the keys around it, and the sound that goes with it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.stream import VideoStream

from media import avc
from media.errors import RenditionError, UnreadableMedia
from media.packets import seconds
from media.sniff import Container
from media.transcode import arrivals
from media.untrusted import Watch, codec_of, open_media, origin_of, streams_of

# Players give moments in whole milliseconds: what is so near is the picture that they show.
NEAR_S = 0.001
_SPILL_S = 2.0  # by so much sound and picture may be stored apart


@dataclass(frozen=True, slots=True)
class Place:
    """Moments are seconds of the file's own clock. The piece has what is from `begin_s` to before `end_s`.

    `first_s` is the picture on the screen at its beginning, `key_s` the key with which that can be decoded,
    `next_key_s` the first one behind it, if the piece goes so far. `starts`: the first picture is a key and
    can be copied. `copies`: so can all from the next key on, behind pictures that were encoded anew.
    """

    origin_s: float
    begin_s: float
    end_s: float
    first_s: float = 0.0
    key_s: float = 0.0
    next_key_s: float | None = None
    starts: bool = False
    copies: bool = False
    sound_s: float | None = None

    @property
    def last_s(self) -> float:
        """What begins later is no part of the piece."""
        return self.end_s - NEAR_S


def find(source: Path, kind: Container, begin_s: float, end_s: float, watch: Watch) -> Place:
    """Reads as far as the first key behind the beginning. Moments from the first picture or sound on.

    Raises UnreadableMedia.
    """
    with open_media(source, kind=kind) as container:
        streams = streams_of(container)
        origin = origin_of(streams)
        look = _Look(streams.video, streams.audio, origin + begin_s, origin + end_s)
        wanted = [stream for stream in (streams.video, streams.audio) if stream is not None]
        for packet in arrivals(container, wanted, begin_s, watch):
            if packet.size:
                look.at(packet)
            if look.done:
                break
        return look.place(origin)


class _Look:
    """Packets in the order of the file."""

    def __init__(
        self, video: VideoStream | None, audio: AudioStream | None, begin_s: float, end_s: float
    ) -> None:
        self._begin, self._end = begin_s, end_s
        self._pictures, self._sounds = video, audio
        self._record = video is not None and codec_of(video) == "h264" and _has_record(video)
        self._key: float | None = None
        self._first: float | None = None
        self._starts = False
        self._in_order = True  # since the key: decoded in the order they are shown
        self._next_key: float | None = None
        self._next_joins = False
        self._sound: float | None = None
        self._read = begin_s  # when the last packet is decoded
        self._over = False

    @property
    def done(self) -> bool:
        # What is decoded behind the beginning is shown behind it: no picture before that is still to come.
        seen = self._pictures is None or (self._next_key is not None and self._read > self._begin + NEAR_S)
        heard = self._sounds is None or self._sound is not None
        return (seen and heard) or self._over

    def at(self, packet: "Packet[Any]") -> None:
        at = seconds(packet)
        self._over = at is not None and at >= self._end + _SPILL_S
        if at is None:
            self._in_order = False
        elif packet.stream is not self._pictures:
            self._hear(packet, at)
        else:
            self._see(packet, at)

    def _hear(self, packet: "Packet[Any]", at: float) -> None:
        if self._sound is None and packet.stream is self._sounds and at >= self._begin - 1e-6:
            self._sound = at

    def _see(self, packet: "Packet[Any]", at: float) -> None:
        ordered = packet.dts is not None and packet.dts == packet.pts
        self._read = at if packet.dts is None else float(packet.dts * (packet.time_base or 0))
        if at <= self._begin + NEAR_S or self._first is None:
            if packet.is_keyframe:
                self._key, self._in_order = at, True
            if self._first is None or at > self._first:
                self._first = at
                self._starts = packet.is_keyframe and ordered and self._anew(packet)
        elif packet.is_keyframe and self._next_key is None:
            self._next_key = at
            self._next_joins = ordered and self._anew(packet)
        self._in_order = self._in_order and ordered

    def _anew(self, packet: "Packet[Any]") -> bool:
        return self._record and avc.begins_anew(bytes(packet))

    def place(self, origin_s: float) -> Place:
        if self._pictures is None:
            return Place(origin_s, self._begin, self._end, sound_s=self._sound)
        if self._first is None:
            raise UnreadableMedia("The video cannot be read", "There is no picture to begin with.")
        # A picture that begins with the cut, or a rounding behind it, is not shown before it.
        near = self._first <= self._begin + NEAR_S
        begin = max(self._begin, self._first) if near else self._begin
        following = self._next_key if self._next_key is not None and self._next_key < self._end else None
        key = self._first if self._key is None else self._key
        copies = self._record and self._in_order
        return Place(
            origin_s, begin, self._end, self._first, key, following,
            starts=copies and self._starts,
            copies=copies and (self._starts or following is None or self._next_joins),
            sound_s=self._sound,
        )  # fmt: skip


def _has_record(video: VideoStream) -> bool:
    return bytes(video.codec_context.extradata or b"")[:1] == b"\1"


def check_piece(begin_s: float, end_s: float) -> None:
    """RenditionError where nothing can lie between two moments."""
    if not 0 <= begin_s < end_s:
        raise RenditionError("The piece is empty", f"It would go from {begin_s:.1f} s to {end_s:.1f} s.")
