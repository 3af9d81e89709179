"""Files to keep: the video as an ordinary MP4, and its sound alone. Nothing is encoded that need not be.

A fragmented file is right for streaming and wrong for an editor or a phone's gallery, so these have one index
for all of it, at the front: they play while they are still being fetched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

from media.errors import RenditionError, UnreadableMedia
from media.fragments import MAX_PIXELS
from media.packets import Copied
from media.sniff import Container
from media.sounds import Sounds
from media.transcode import Way, pump, writing
from media.untrusted import (
    AUDIO_CODECS,
    Watch,
    codec_of,
    ignore_progress,
    open_media,
    origin_of,
    streams_of,
)

_FASTSTART = {"movflags": "faststart", "max_interleave_delta": "10000000"}
# Sound that an ordinary player finds natural in an MP4.
_COPYABLE_SOUND = frozenset({"aac"})
_MOST_SOUNDS = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written. `copied`: nothing was encoded."""

    duration_s: float
    size_bytes: int
    copied: bool


def make_download(
    source: Path,
    output: Path,
    *,
    kind: Container,
    duration_s: float = 0.0,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Kept:
    """Copies the picture and all sound tracks of a file that streams into an MP4 with its index in front.

    Raises UnreadableMedia, and RenditionError when it cannot be written.
    """
    with (
        open_media(source, kind=kind, max_pixels=max_pixels) as container,
        open_plain(output, "mp4") as target,
    ):
        streams = streams_of(container, max_pixels=max_pixels)
        origin = origin_of(streams)
        ways: dict[int, Way] = {}
        if (video := streams.video) is not None:
            ways[video.index] = Copied(video, target, origin_s=origin)
        for audio in _sounds(container):
            ways[audio.index] = Copied(audio, target, origin_s=origin)
        pump(container, ways, duration_s, watch)
    return _kept(ways, output, copied=True)


def make_audio(
    source: Path,
    output: Path,
    *,
    kind: Container,
    duration_s: float = 0.0,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Kept:
    """The sound alone as an M4A: AAC goes over as it is, anything else is encoded.

    Raises like `make_download`, also for a file without sound.
    """
    with (
        open_media(source, kind=kind, max_pixels=max_pixels) as container,
        open_plain(output, "ipod") as target,
    ):
        streams = streams_of(container, max_pixels=max_pixels)
        if (audio := streams.audio) is None:
            raise UnreadableMedia("There is no sound in this file", "It holds pictures alone.")
        origin = origin_of(streams)
        copied = codec_of(audio) in _COPYABLE_SOUND
        way = Copied(audio, target, origin_s=origin) if copied else Sounds(audio, target, origin_s=origin)
        pump(container, {audio.index: way}, duration_s, watch)
    return _kept({audio.index: way}, output, copied=copied)


@contextmanager
def open_plain(path: Path, muxer: str) -> Iterator[OutputContainer]:
    """An ordinary file with its index in front; `muxer` is `mp4`, or `ipod` for sound alone."""
    with writing(), av.open(str(path), "w", format=muxer, container_options=_FASTSTART) as output:
        yield output


def _sounds(container: InputContainer) -> list[AudioStream]:
    wanted = [stream for stream in container.streams.audio if codec_of(stream) in AUDIO_CODECS]
    return wanted[:_MOST_SOUNDS]


def _kept(ways: dict[int, Way], output: Path, *, copied: bool) -> Kept:
    duration_s = max((way.end_s for way in ways.values()), default=0.0)
    if duration_s <= 0:
        raise RenditionError("The file to keep is empty", "Nothing of the video could be read.")
    return Kept(duration_s, output.stat().st_size, copied)
