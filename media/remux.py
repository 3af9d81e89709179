"""Any readable video in the shape of a recording: fragmented MP4, H.264 and AAC, keys close together.

Streams that are right already are copied, packet by packet; only the others are encoded again.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from media.avc import LENGTH_BYTES, is_whole
from media.errors import RenditionError, UnreadableMedia
from media.facts import Probe
from media.fragments import MAX_PIXELS
from media.interleave import Companion, pump_in_order
from media.packets import Copied, seconds
from media.pictures import Pictures, default_coding
from media.sniff import Container
from media.sounds import Sounds
from media.transcode import Encoded, open_output
from media.untrusted import Streams, Watch, ignore_progress, open_media, origin_of, prepare, streams_of
from media.version import Target

# A player can start only at a key frame: with more time between two of them, seeking feels broken.
MAX_KEY_GAP_S = 4.5
_MOST_CHANNELS = 2
_MOST_SAMPLES = 2048  # in a packet of AAC
_LENGTH_AT = 4  # in the record of parameter sets: how many bytes of length each unit has
_READERS = 2  # of pictures and of sound
_ROUNDING_S = 0.001
# Players jump over what is missing of the sound, and over the pictures beside it; of its end they do not mind
# this much.
_HOLE_S = 0.1
_SILENT_END_S = 1.0
# Containers whose packets have times that can be trusted.
_COPYABLE = frozenset({Container.MP4, Container.MATROSKA, Container.FLV})


class _CannotCopy(Exception):
    """Copying was tried and would not give a file that plays and can be sought in."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind  # "video" or "audio"


class _Seen(Copied):
    """Pictures. The first one is shown from the start; where they leave too much to the ones before, or are
    damaged, or where an edit list hides some of them, they cannot be copied."""

    def __init__(self, source: VideoStream, output: OutputContainer, *, origin_s: float) -> None:
        super().__init__(source, output, origin_s=origin_s)
        self._origin_s = origin_s
        self._begun = False
        header = source.codec_context.extradata or b""
        self._length_bytes = (header[_LENGTH_AT] & 3) + 1 if len(header) > _LENGTH_AT else LENGTH_BYTES

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        if packet.is_discard or (packet.size and not is_whole(bytes(packet), self._length_bytes)):
            raise _CannotCopy("video")
        if packet.size and packet.pts is not None and not self._begun:
            self._begun = True
            self._begin(packet)
        passed = super().take(packet)
        self._check(self.key_gap_s)
        return passed

    def keep_up(self, at_s: float) -> Sequence["Packet[Any]"]:
        self._check(at_s - self._origin_s - self.end_s)
        return ()

    def finish(self, until_s: float, /) -> Sequence["Packet[Any]"]:
        passed = super().finish(until_s)
        self._check(self.held_s)
        return passed

    def _begin(self, packet: "Packet[Any]") -> None:
        late_s = (seconds(packet) or 0.0) - self._origin_s
        self._check(late_s)
        if late_s > _HOLE_S and packet.time_base and packet.pts is not None:
            late = round(late_s / float(packet.time_base))
            packet.pts -= late
            packet.dts = None if packet.dts is None else packet.dts - late

    def _check(self, gap_s: float) -> None:
        if gap_s > MAX_KEY_GAP_S:
            raise _CannotCopy("video")


class _Heard(Copied):
    """Sound, which must be there all the time, for players stop where it is missing or cannot be decoded.

    Left out are the packets that end before anything is heard: they need an edit list, and given such a
    file as a whole, Firefox drops the pictures up to the second key (see `media.muxer.is_run_in`).
    """

    def __init__(self, source: AudioStream, output: OutputContainer, *, origin_s: float) -> None:
        super().__init__(source, output, origin_s=origin_s)
        self._origin_s = self._until_s = origin_s
        context = source.codec_context
        # What a packet says itself may be the time to the next one, behind a hole.
        self._length_s = (context.frame_size or _MOST_SAMPLES) / max(1, context.sample_rate)

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        if (at := seconds(packet)) is not None:
            until_s = at + self._length_s
            if at < self._origin_s and until_s <= self._origin_s + _ROUNDING_S:
                return []
            self._check(at, _HOLE_S)
            self._until_s = max(self._until_s, until_s)
        try:
            packet.decode()
        except av.error.FFmpegError as error:
            raise _CannotCopy("audio") from error
        return super().take(packet)

    def keep_up(self, at_s: float) -> Sequence["Packet[Any]"]:
        self._check(at_s, _SILENT_END_S)
        return ()

    def finish(self, until_s: float, /) -> Sequence["Packet[Any]"]:
        self._check(until_s + self._origin_s, _SILENT_END_S)
        return super().finish(until_s)

    def _check(self, at_s: float, at_most_s: float) -> None:
        if at_s - self._until_s > at_most_s:
            raise _CannotCopy("audio")


def can_copy_video(facts: Probe) -> bool:
    near = facts.key_gap_s <= MAX_KEY_GAP_S  # 0, unknown, is found out while copying
    return facts.plain_h264 and not facts.rotation and near and Container(facts.format) in _COPYABLE


def can_copy_audio(facts: Probe) -> bool:
    """Surround is mixed down, once and here: what players make of six channels differs."""
    plain = facts.audio_codec == "aac" and facts.channels <= _MOST_CHANNELS
    return plain and Container(facts.format) in _COPYABLE


def normalise(
    source: Path,
    output: Path,
    *,
    kind: Container,
    facts: Probe,
    threads: int = 2,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Encoded:
    """Writes `source` as a file that streams. What a damaged source still shows is kept.

    Raises UnreadableMedia where nothing of it can be decoded, RenditionError when it cannot be written.
    """
    work = _Work(
        source=source,
        output=output,
        kind=kind,
        facts=facts,
        threads=threads,
        max_pixels=max_pixels,
        watch=watch,
    )
    copies = {"video": can_copy_video(facts), "audio": can_copy_audio(facts)}
    while True:
        try:
            return work.run(copies)
        except _CannotCopy as one:
            output.unlink(missing_ok=True)
            copies[one.kind] = False


@dataclass(frozen=True, slots=True)
class _Work:
    """The arguments of one `normalise`, tried until what can be copied is known."""

    source: Path
    output: Path
    kind: Container
    facts: Probe
    threads: int
    max_pixels: int
    watch: Watch

    def run(self, copies: Mapping[str, bool]) -> Encoded:
        with ExitStack() as stack:
            containers = [stack.enter_context(self._open()) for _ in range(_READERS)]
            target = stack.enter_context(open_output(self.output))
            ways = self._ways([self._streams(container) for container in containers], target, copies)
            picture = next((way for way in ways.values() if isinstance(way, Pictures | _Seen)), None)
            pump_in_order(containers[: len(ways)], ways, self.facts.duration_s, self.watch)
        self.watch(1.0)
        return self._result(ways, picture)

    def _open(self) -> AbstractContextManager[InputContainer]:
        return open_media(self.source, kind=self.kind, max_pixels=self.max_pixels)

    def _streams(self, container: InputContainer) -> Streams:
        return streams_of(container, max_pixels=self.max_pixels)

    def _ways(
        self, readers: Sequence[Streams], target: OutputContainer, copies: Mapping[str, bool]
    ) -> dict[int, Companion]:
        """Each way takes what a reader of its own gives, in this order."""
        origin = origin_of(readers[0])
        ways: dict[int, Companion] = {}
        if (video := readers[0].video) is not None:
            if copies["video"]:
                ways[video.index] = _Seen(video, target, origin_s=origin)
            else:
                prepare(video, threads=self.threads, max_pixels=self.max_pixels)
                ways[video.index] = Pictures(
                    video,
                    [Target(target, self.facts.even_size)],
                    default_coding(self.threads),
                    origin_s=origin,
                    rotation=self.facts.rotation,
                    keys_follow=False,
                    timed=self.kind is not Container.AVI,  # it counts packets in the order of decoding
                )
        if (audio := readers[len(ways)].audio) is not None:
            if copies["audio"]:
                ways[audio.index] = _Heard(audio, target, origin_s=origin)
            else:
                ways[audio.index] = Sounds(audio, target, origin_s=origin, run_in=False)
        return ways

    def _result(self, ways: Mapping[int, Companion], picture: Pictures | _Seen | None) -> Encoded:
        made, expected = 0, 0
        if picture is not None:
            made, expected = picture.pictures, max(picture.expected, self.facts.frames)
            if made == 0:
                raise UnreadableMedia("The video cannot be read", "No picture could be decoded.")
        duration = max((way.end_s for way in ways.values()), default=0.0)
        if duration <= 0:
            raise RenditionError("The video is empty", "It has no length.")
        width, height = self.facts.even_size if picture is not None else (0, 0)
        return Encoded(
            width,
            height,
            duration,
            made,
            expected,
            self.output.stat().st_size,
            copied=isinstance(picture, _Seen),
        )
