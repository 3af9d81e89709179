"""Smaller versions of a video for slow lines: a ladder of them from one decode, each in a file of its own.

A rendition has the pictures of the source at the times they had, keys where the source has keys, and the
source's own AAC: at any segment a player can go from one to another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from media.errors import RenditionError
from media.facts import Probe, Rung
from media.fragments import MAX_PIXELS
from media.packets import Copied
from media.pictures import Coding, Pictures, default_coding
from media.sniff import Container
from media.transcode import Encoded, Way, open_output, pump
from media.untrusted import Streams, Watch, ignore_progress, open_media, prepare, streams_of
from media.version import Target

# So many pictures of a hundred may be missing before a version counts as broken.
_TOLERATED = 0.01
# Segments begin at keys, two seconds apart; longer fragments are cut even without one.
_FRAGMENT_S = 2.5


def make_renditions(
    source: Path,
    outputs: Mapping[Path, Rung],
    *,
    kind: Container,
    facts: Probe,
    coding: Coding | None = None,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> list[Encoded]:
    """Encodes the pictures of `source` once for each rung, largest first; its AAC goes over as it is.

    Raises UnreadableMedia for a source that cannot be decoded and RenditionError when pictures are missing.
    """
    coding = coding or default_coding(threads=2)
    with (
        open_media(source, kind=kind, max_pixels=max_pixels) as container,
        open_outputs(outputs) as targets,
    ):
        pictures, ways = _ways(container, targets, facts, coding, max_pixels)
        pump(container, ways, facts.duration_s, watch)
    expected = max(pictures.expected, facts.frames)
    check_complete(pictures.pictures, pictures.taken, expected)
    duration = max(way.end_s for way in ways.values())
    return [
        Encoded(rung.width, rung.height, duration, pictures.pictures, expected, path.stat().st_size)
        for path, rung in outputs.items()
    ]


@contextmanager
def open_outputs(outputs: Mapping[Path, Rung]) -> Iterator[list[Target]]:
    with ExitStack() as stack:
        yield [
            Target(stack.enter_context(open_output(path, fragment_s=_FRAGMENT_S)), (rung.width, rung.height))
            for path, rung in outputs.items()
        ]


def open_pictures(
    streams: Streams,
    targets: Sequence[Target],
    facts: Probe,
    coding: Coding,
    max_pixels: int,
    **more: Any,
) -> Pictures:
    if streams.video is None:
        raise RenditionError("There is no picture to make smaller")
    prepare(streams.video, threads=coding.threads, max_pixels=max_pixels)
    return Pictures(streams.video, targets, coding, rotation=facts.rotation, keys_follow=True, **more)


class Shared:
    """Sound that goes over as it is, into several files."""

    def __init__(self, source: AudioStream, outputs: Iterable[OutputContainer]) -> None:
        first, *others = outputs
        self._copied = Copied(source, first)
        self._others = [output.add_stream_from_template(source) for output in others]

    @property
    def end_s(self) -> float:
        return self._copied.end_s

    def take(self, packet: "Packet[Any]") -> Iterator["Packet[Any]"]:
        return self._share(self._copied.take(packet))

    def finish(self, until_s: float, /) -> Iterator["Packet[Any]"]:
        return self._share(self._copied.finish(until_s))

    def _share(self, packets: Iterable["Packet[Any]"]) -> Iterator["Packet[Any]"]:
        """One at a time: the same packet is for each file in turn."""
        for packet in packets:
            yield packet
            for stream in self._others:
                packet.stream = stream
                yield packet


def sound_of(streams: Streams, facts: Probe, outputs: Iterable[OutputContainer]) -> Shared | None:
    if streams.audio is None:
        return None
    if facts.audio_codec != "aac":
        raise RenditionError("The sound cannot be taken over", f"It is {facts.audio_codec}, not AAC.")
    return Shared(streams.audio, outputs)


def _ways(
    container: InputContainer, targets: Sequence[Target], facts: Probe, coding: Coding, max_pixels: int
) -> tuple[Pictures, dict[int, Way]]:
    streams = streams_of(container, max_pixels=max_pixels)
    pictures = open_pictures(streams, targets, facts, coding, max_pixels)
    ways: dict[int, Way] = {}
    if streams.video is not None:
        ways[streams.video.index] = pictures
    sound = sound_of(streams, facts, [target.output for target in targets])
    if sound is not None and streams.audio is not None:
        ways[streams.audio.index] = sound
    return pictures, ways


def check_complete(encoded: int, taken: int, expected: int) -> None:
    """FFmpeg calls a damaged file a success with fewer pictures; we do not."""
    if encoded != taken or encoded == 0:
        raise RenditionError(
            "The new version is incomplete", f"Of {taken} decoded pictures {encoded} were encoded."
        )
    if taken < expected - max(2, expected * _TOLERATED):
        raise RenditionError(
            "The video is damaged",
            f"Of its {expected} pictures only {taken} can be decoded.",
            "It can still be watched as far as it goes.",
        )
