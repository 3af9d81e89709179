"""What a video file is: sizes, rates, codings and length, read without decoding more than a few pictures."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from media.errors import FragmentError, UnreadableMedia
from media.facts import Probe
from media.fragments import MAX_PIXELS, FragmentParser, Layout, scan
from media.sniff import Container
from media.untrusted import (
    Streams,
    Watch,
    codec_of,
    ignore_progress,
    open_media,
    prepare,
    streams_of,
)

# A header that claims more is not believed; the packets are counted instead.
MAX_BELIEVED_S = 24 * 3600.0
# Nothing that can be watched is thinner: a header with a duration that would mean less is not believed.
MIN_BITS_PER_SECOND = 400
MAX_FPS = 1000.0
_PACKETS_TO_PICTURE = 600  # within so many packets a readable file shows a picture
_WATCH_EVERY = 256  # packets


def probe(
    path: Path,
    *,
    kind: Container,
    thorough: bool = True,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Probe:
    """Reads the facts and decodes one picture or sound block to know that it can be played.

    `thorough` reads the whole file where its header says nothing believable about its length.
    Raises UnreadableMedia.
    """
    index = _fragments(path, max_pixels) if kind is Container.MP4 else None
    with open_media(path, kind=kind, max_pixels=max_pixels) as container:
        streams = streams_of(container, max_pixels=max_pixels)
        rotation = _try_decoding(container, streams, max_pixels)
        facts = replace(_facts(container, streams, kind, path.stat().st_size), rotation=rotation)
    if index is not None:
        return _with_index(facts, index)
    if not _believable(facts):
        facts = replace(facts, duration_s=0.0, bitrate=0, frames=0)
        return _measured(path, kind, facts, max_pixels, watch) if thorough else facts
    return facts


def _facts(container: InputContainer, streams: Streams, kind: Container, size: int) -> Probe:
    duration = max(0.0, (container.duration or 0) / 1_000_000)
    facts = Probe(kind.value, size, duration, _rate(size, duration), fragmented=False)
    if (video := streams.video) is not None:
        facts = replace(
            facts,
            width=video.width,
            height=video.height,
            fps=_fps(video),
            frames=video.frames,
            codec=codec_of(video),
            pixel_format=video.pix_fmt or "",
            key_gap_s=_key_gap(video, duration),
        )
    if (audio := streams.audio) is not None:
        context = audio.codec_context
        facts = replace(
            facts,
            audio_codec=codec_of(audio),
            channels=context.channels,
            sample_rate=context.sample_rate,
        )
    return facts


def _fps(video: VideoStream) -> float:
    rate = video.average_rate or video.guessed_rate
    return round(min(float(rate), MAX_FPS), 3) if rate else 0.0


def _rate(size: int, duration_s: float) -> int:
    return min(round(8 * size / duration_s), 2**31 - 1) if duration_s > 0 else 0


def _key_gap(video: VideoStream, duration_s: float) -> float:
    """From the index of a plain MP4, which lists every picture; other indexes list a few."""
    entries = video.index_entries
    if not video.frames or len(entries) != video.frames or video.time_base is None:
        return 0.0
    keys = [entry.timestamp * float(video.time_base) for entry in entries if entry.is_keyframe]
    return longest_gap([*keys, duration_s])


def longest_gap(times: Sequence[float]) -> float:
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


def _try_decoding(container: InputContainer, streams: Streams, max_pixels: int) -> int:
    """Proves that something of the file can be decoded; returns the rotation of its first picture."""
    stream = streams.video or streams.audio
    if isinstance(stream, VideoStream):
        prepare(stream, threads=1, max_pixels=max_pixels)
    for number, packet in enumerate(container.demux(stream)):
        for frame in _decode(packet):
            return round(getattr(frame, "rotation", 0) / 90) * 90 % 360
        if number >= _PACKETS_TO_PICTURE:
            break
    what = "picture" if streams.video is not None else "sound"
    raise UnreadableMedia(
        "The video cannot be read",
        f"No {what} could be decoded.",
        "The file may be damaged or cut off; if it plays elsewhere, export it again as MP4.",
    )


def _decode(packet: "Packet[Any]") -> Sequence[object]:
    try:
        return packet.decode()
    except av.error.FFmpegError:
        return ()  # one bad packet is no bad file


def _fragments(path: Path, max_pixels: int) -> FragmentParser | None:
    """The index of our own kind of file; None for a plain one."""
    try:
        with path.open("rb") as file:
            parser = scan(file, max_pixels=max_pixels)
    except FragmentError as error:
        raise UnreadableMedia(error.title, error.detail, error.hint) from error
    return parser if parser.layout is Layout.FRAGMENTED and parser.fragments else None


def _with_index(facts: Probe, index: FragmentParser) -> Probe:
    """The index knows better than the header, and leaves out a torn tail."""
    duration, fragments = index.duration_s, index.fragments
    frames = sum(fragment.samples for fragment in fragments) if facts.has_video else 0
    starts = [fragment.start_s for fragment in fragments if fragment.keyframe]
    return replace(
        facts,
        fragmented=True,
        duration_s=duration,
        bitrate=_rate(index.consumed, duration),
        frames=frames,
        fps=round(min(frames / duration, MAX_FPS), 3) if duration > 0 else facts.fps,
        key_gap_s=longest_gap([*starts, fragments[-1].start_s + fragments[-1].duration_s]),
    )


def _believable(facts: Probe) -> bool:
    if not 0 < facts.duration_s <= MAX_BELIEVED_S or not math.isfinite(facts.duration_s):
        return False
    return facts.bitrate >= MIN_BITS_PER_SECOND


def _measured(path: Path, kind: Container, facts: Probe, max_pixels: int, watch: Watch) -> Probe:
    """Counts what is really there."""
    first, last, frames = math.inf, -math.inf, 0
    with open_media(path, kind=kind, max_pixels=max_pixels) as container:
        streams = streams_of(container, max_pixels=max_pixels)
        wanted = [stream for stream in (streams.video, streams.audio) if stream is not None]
        for number, packet in enumerate(container.demux(*wanted)):
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is None:
                continue
            start = float(stamp * packet.time_base)
            first = min(first, start)
            last = max(last, start + float((packet.duration or 0) * packet.time_base))
            frames += packet.stream is streams.video
            if number % _WATCH_EVERY == 0:
                watch(min(1.0, max(0, packet.pos or 0) / max(1, facts.size_bytes)))
    duration = last - first if last > first else 0.0
    if duration > MAX_BELIEVED_S:
        raise UnreadableMedia(
            "The video's times make no sense",
            f"Its pictures and sounds are spread over {duration / 3600:.0f} hours.",
            "Export it again as MP4.",
        )
    fps = round(min(frames / duration, MAX_FPS), 3) if duration and frames else facts.fps
    return replace(
        facts, duration_s=duration, bitrate=_rate(facts.size_bytes, duration), frames=frames, fps=fps
    )
