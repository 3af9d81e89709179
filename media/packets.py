"""Packets: what they say about time, what is in them, and passing them on as they are."""

from collections.abc import Sequence
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from media.errors import RenditionError, UnreadableMedia

# A jump of the time stamps beyond this is no pause in a video but a broken file.
MAX_JUMP_S = 3600.0
_MOST_HELD = 64  # packets without a decode time


def seconds(packet: Any) -> float | None:
    """When a packet or frame is shown; when it is decoded, where that is all it knows."""
    stamp = packet.pts if packet.pts is not None else packet.dts
    return None if stamp is None or packet.time_base is None else float(stamp * packet.time_base)


def check_jump(before_s: float, at_s: float) -> None:
    if at_s - before_s > MAX_JUMP_S:
        raise RenditionError(
            "The video's times make no sense",
            f"In the middle of it they jump by {(at_s - before_s) / 3600:.0f} hours.",
            "Export it again as MP4.",
        )


def decoded(packet: "Packet[Any]") -> Sequence[Any]:
    """The frames of a packet; none when it is damaged."""
    try:
        return packet.decode()
    except av.error.MemoryError as error:
        raise UnreadableMedia(
            "The video is too large to decode", "It needs more memory than this server allows."
        ) from error
    except av.error.FFmpegError:
        return ()


def lasting_until(packet: "Packet[Any]", following: "Packet[Any]") -> "Packet[Any]":
    """The packet, with the time to the one that follows it in the file as its length.

    What it says itself is what the source's rate makes likely. Where a fragment ends behind it, the muxer
    believes that, and everything in the next one would be early.
    """
    if packet.dts is not None and following.dts is not None:
        packet.duration = following.dts - packet.dts
    return packet


def read_s(packet: "Packet[Any]") -> float | None:
    """When a packet is decoded, which no picture that follows it is shown before."""
    stamp = packet.dts if packet.dts is not None else packet.pts
    return None if stamp is None or packet.time_base is None else float(stamp * packet.time_base)


def _length(packet: "Packet[Any]") -> float:
    return float((packet.duration or 0) * (packet.time_base or 0))


class Copied:
    """Packets that go over as they are, moved to the new zero.

    A picture stays until the next one, and the last one until the sound ends, for players end with the
    picture. `header` replaces the codec's own.
    """

    def __init__(
        self,
        source: VideoStream | AudioStream,
        output: OutputContainer,
        *,
        origin_s: float = 0.0,
        header: bytes | None = None,
    ) -> None:
        self._stream = output.add_stream_from_template(source)
        if header is not None:
            self._stream.codec_context.extradata = header
        self._shift = round(origin_s / float(source.time_base)) if source.time_base else 0
        self._held: list[Packet[Any]] = []
        self._before: int | None = None
        self._key_s: float | None = None
        self._is_picture = isinstance(source, VideoStream)
        self._last: Packet[Any] | None = None
        self.held_s = 0.0  # longer than it said
        self.expected = 0
        self.pictures = 0
        self.key_gap_s = 0.0
        self.end_s = 0.0

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        if not packet.size or packet.pts is None:
            return []
        self.expected += 1
        if packet.is_corrupt:
            return []  # cut off with the file: half a sound or picture
        if packet.dts is None:
            self._held.append(packet)  # Matroska has no decode times; the first ones follow from the next
            if len(self._held) > _MOST_HELD:
                raise RenditionError("The video's times make no sense", "Its pictures have no order.")
            return []
        packets = [*self._dated(packet), packet]
        self._held = []
        return [passed for each in packets for passed in self._pass(each)]

    def finish(self, until_s: float, /) -> Sequence["Packet[Any]"]:
        for packet in self._held:
            packet.dts = packet.pts
        held, self._held = self._held, []
        passed = [passed for each in held for passed in self._pass(each)]
        last, self._last = self._last, None
        if last is None:
            return passed
        self.held_s = max(0.0, until_s - self.end_s)
        last.duration = (last.duration or 0) + round(self.held_s / float(last.time_base or 1))
        self.end_s += self.held_s
        return [*passed, last]

    def _dated(self, packet: "Packet[Any]") -> list["Packet[Any]"]:
        step = packet.duration or 1
        for back, held in enumerate(reversed(self._held), start=1):
            held.dts = min((packet.dts or 0) - back * step, held.pts or 0)
        return self._held

    def _pass(self, packet: "Packet[Any]") -> list["Packet[Any]"]:
        if packet.dts is None or packet.pts is None:
            return []
        if self._before is not None and packet.dts <= self._before:
            return []  # twice the same moment: the muxer would refuse the whole file for it
        self._before = packet.dts
        packet.dts, packet.pts = packet.dts - self._shift, packet.pts - self._shift
        self._check_times(packet)
        self._watch_keys(packet)
        self.pictures += 1
        self.end_s = max(self.end_s, (seconds(packet) or 0.0) + _length(packet))
        packet.stream = self._stream
        if not self._is_picture:
            return [packet]
        before, self._last = self._last, packet
        return [] if before is None else [lasting_until(before, packet)]

    def _check_times(self, packet: "Packet[Any]") -> None:
        """The MP4 muxer ends the whole process over times that its fields cannot hold."""
        base = float(packet.time_base or 0)
        shown, read = float(packet.pts or 0) * base, float(packet.dts or 0) * base
        check_jump(self.end_s, shown)
        check_jump(read, shown)
        check_jump(shown, read)
        if _length(packet) > MAX_JUMP_S:
            packet.duration = 0

    def _watch_keys(self, packet: "Packet[Any]") -> None:
        at = seconds(packet) or 0.0
        if self._key_s is not None:
            self.key_gap_s = max(self.key_gap_s, at - self._key_s)
        if packet.is_keyframe:
            self._key_s = at
