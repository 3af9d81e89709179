"""A smaller version of a video for slow lines: one rung below the source, in the same kind of file."""

from pathlib import Path

from media.errors import RenditionError
from media.facts import Probe, Rung
from media.fragments import MAX_PIXELS
from media.packets import Copied
from media.pictures import Pictures
from media.sniff import Container
from media.sounds import Sounds
from media.transcode import Encoded, Way, open_output, pump
from media.untrusted import Watch, ignore_progress, open_media, prepare, streams_of

# So many pictures of a hundred may be missing before a version counts as broken.
_TOLERATED = 0.01


def make_rendition(
    source: Path,
    output: Path,
    *,
    kind: Container,
    facts: Probe,
    rung: Rung,
    threads: int = 2,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Encoded:
    """Encodes the pictures of `source` again in the rung's size; AAC sound goes over as it is.

    Raises UnreadableMedia for a source that cannot be decoded and RenditionError when pictures are missing.
    """
    with open_media(source, kind=kind, max_pixels=max_pixels) as container, open_output(output) as target:
        streams = streams_of(container, max_pixels=max_pixels)
        if streams.video is None:
            raise RenditionError("There is no picture to make smaller")
        prepare(streams.video, threads=threads, max_pixels=max_pixels)
        pictures = Pictures(
            streams.video,
            target,
            (rung.width, rung.height),
            rotation=facts.rotation,
            keys_follow=True,
            threads=threads,
        )
        ways: dict[int, Way] = {streams.video.index: pictures}
        if streams.audio is not None:
            copied = facts.audio_codec == "aac"
            ways[streams.audio.index] = (
                Copied(streams.audio, target) if copied else Sounds(streams.audio, target)
            )
        pump(container, ways, target, facts.duration_s, watch)
    expected = max(pictures.expected, facts.frames)
    check_complete(pictures, expected)
    duration = max(way.end_s for way in ways.values())
    return Encoded(rung.width, rung.height, duration, pictures.pictures, expected, output.stat().st_size)


def check_complete(pictures: Pictures, expected: int) -> None:
    """FFmpeg calls a damaged file a success with fewer pictures; we do not."""
    if pictures.pictures != pictures.taken or pictures.pictures == 0:
        raise RenditionError(
            "The new version is incomplete",
            f"Of {pictures.taken} decoded pictures {pictures.pictures} were encoded.",
        )
    if pictures.taken < expected - max(2, expected * _TOLERATED):
        raise RenditionError(
            "The video is damaged",
            f"Of its {expected} pictures only {pictures.taken} can be decoded.",
            "It can still be watched as far as it goes.",
        )
