"""Any readable video in the shape of a recording: fragmented MP4, H.264 and AAC, keys close together.

Streams that are right already are copied, packet by packet; only the others are encoded again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from media.errors import RenditionError, UnreadableMedia
from media.facts import Probe
from media.fragments import MAX_PIXELS
from media.packets import Copied, seconds
from media.pictures import Pictures, default_coding
from media.sniff import Container
from media.sounds import Sounds
from media.transcode import Encoded, Way, open_output, pump
from media.untrusted import Watch, ignore_progress, open_media, origin_of, prepare, streams_of
from media.version import Target

# A player can start only at a key frame: with more time between two of them, seeking feels broken.
MAX_KEY_GAP_S = 4.5
_MOST_CHANNELS = 2
_ROUNDING_S = 0.001
# Containers whose packets have times that can be trusted.
_COPYABLE = frozenset({Container.MP4, Container.MATROSKA, Container.FLV})


class _KeysTooFarApart(Exception):
    """Copying was tried and would not give a file one can seek in."""


class _Heard(Copied):
    """Sound without the packets that end before anything is heard: they need an edit list, and given such a
    file as a whole, Firefox drops the pictures up to the second key (see `media.muxer.is_run_in`).
    """

    def __init__(self, source: AudioStream, output: OutputContainer, *, origin_s: float) -> None:
        super().__init__(source, output, origin_s=origin_s)
        self._origin_s = origin_s

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        at, length = seconds(packet), float((packet.duration or 0) * (packet.time_base or 0))
        if at is not None and at < self._origin_s and at + length <= self._origin_s + _ROUNDING_S:
            return []
        return super().take(packet)


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
    if can_copy_video(facts):
        try:
            return work.run(copy_video=True)
        except _KeysTooFarApart:
            output.unlink(missing_ok=True)
    return work.run(copy_video=False)


@dataclass(frozen=True, slots=True)
class _Work:
    """The arguments of one `normalise`, tried once or twice."""

    source: Path
    output: Path
    kind: Container
    facts: Probe
    threads: int
    max_pixels: int
    watch: Watch

    def run(self, *, copy_video: bool) -> Encoded:
        with (
            open_media(self.source, kind=self.kind, max_pixels=self.max_pixels) as container,
            open_output(self.output) as target,
        ):
            ways = self._ways(container, target, copy_video)
            picture = next((way for way in ways.values() if isinstance(way, Pictures | Copied)), None)
            pump(container, ways, self.facts.duration_s, self._tell(ways))
        return self._result(ways, picture if self.facts.has_video else None)

    def _ways(self, container: InputContainer, target: OutputContainer, copy_video: bool) -> dict[int, Way]:
        streams = streams_of(container, max_pixels=self.max_pixels)
        origin = origin_of(streams)
        ways: dict[int, Way] = {}
        if (video := streams.video) is not None:
            if copy_video:
                ways[video.index] = Copied(video, target, origin_s=origin)
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
        if (audio := streams.audio) is not None:
            if can_copy_audio(self.facts):
                ways[audio.index] = _Heard(audio, target, origin_s=origin)
            else:
                ways[audio.index] = Sounds(audio, target, origin_s=origin, run_in=False)
        return ways

    def _tell(self, ways: dict[int, Way]) -> Watch:
        """Progress, and a look at the keys of what is being copied."""
        video = next(iter(ways.values())) if self.facts.has_video else None

        def watch(fraction: float) -> None:
            if isinstance(video, Copied) and video.key_gap_s > MAX_KEY_GAP_S:
                raise _KeysTooFarApart
            self.watch(fraction)

        return watch

    def _result(self, ways: dict[int, Way], picture: Way | None) -> Encoded:
        self._tell(ways)(1.0)
        made, expected = 0, 0
        if isinstance(picture, Pictures | Copied):
            made, expected = picture.pictures, max(picture.expected, self.facts.frames)
            if made == 0:
                raise UnreadableMedia("The video cannot be read", "No picture could be decoded.")
        duration = max((way.end_s for way in ways.values()), default=0.0)
        if isinstance(picture, Copied) and picture.held_s > MAX_KEY_GAP_S:
            raise _KeysTooFarApart
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
            copied=isinstance(picture, Copied),
        )
