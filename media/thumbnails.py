"""The poster: one picture that says what a video is about."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import JpegImagePlugin

from media.errors import UnreadableMedia
from media.fragments import MAX_PIXELS
from media.sniff import Container
from media.stills import Stills
from media.untrusted import Watch, ignore_progress, open_media, prepare, streams_of

MAX_WIDTH = 1280
_ANY_HEIGHT = 1 << 16
QUALITY = 85
# Where in a video a picture is looked for, as fractions of its length: the first second is often a desktop.
MOMENTS = (0.02, 0.15, 0.3, 0.5, 0.7)
_EARLY_PICTURES = 15  # of a video that has only just begun
_PACKETS_AFTER_SEEK = 400
# Pillow loads its formats at the first picture; by then the codec child may not read files any more.
FORMAT = JpegImagePlugin.JpegImageFile.format
_JUDGED_SIZE = 160
_BLACK = 24  # mean luma under which a picture shows nothing


@dataclass(frozen=True, slots=True)
class Poster:
    """What was written: its size in pixels and the moment it shows, in seconds."""

    width: int
    height: int
    time_s: float


def make_poster(
    source: Path,
    output: Path,
    *,
    kind: Container,
    duration_s: float = 0.0,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Poster:
    """Writes the best of a few pictures of `source` as a JPEG, upright, at most 1280 wide.

    Without a duration the first pictures are judged: so it works on a file that is still growing.
    Raises UnreadableMedia, also for a file without pictures.
    """
    with open_media(source, kind=kind, max_pixels=max_pixels) as container:
        video = streams_of(container, max_pixels=max_pixels).video
        if video is None:
            raise UnreadableMedia("There is no picture in this file", "It holds sound alone.")
        prepare(video, threads=1, max_pixels=max_pixels)
        frames = _spread(container, video, duration_s, watch) if duration_s > 0 else _first(container, video)
        best = max(frames, key=score, default=None)
        if best is None and duration_s > 0:  # it cannot be searched
            container.seek(0)
            best = max(_first(container, video), key=score, default=None)
        if best is None:
            raise UnreadableMedia("The video cannot be read", "No picture could be decoded.")
        stills = Stills(MAX_WIDTH, _ANY_HEIGHT, pixel_aspect=float(video.sample_aspect_ratio or 1))
        image = stills.picture(best)
        image.save(output, FORMAT, quality=QUALITY, optimize=True, progressive=True)
        return Poster(image.width, image.height, float(best.time or 0.0))


def score(frame: VideoFrame) -> float:
    """How much a picture shows: contrast and edges; nearly nothing when it is black or blank."""
    small = frame.reformat(width=_JUDGED_SIZE, height=_JUDGED_SIZE * 9 // 16, format="gray")
    luma = small.to_ndarray().astype(np.float32)
    edges = np.abs(np.diff(luma, axis=0)).mean() + np.abs(np.diff(luma, axis=1)).mean()
    value = float(luma.std() + 4.0 * edges)
    return value * 0.1 if luma.mean() < _BLACK else value


def _spread(
    container: InputContainer, video: VideoStream, duration_s: float, watch: Watch
) -> Iterator[VideoFrame]:
    """Key frames near the moments; whatever cannot be reached is left out."""
    video.codec_context.skip_frame = "NONKEY"
    for done, moment in enumerate(MOMENTS):
        watch(done / len(MOMENTS))
        with suppress(av.error.FFmpegError):
            container.seek(round(moment * duration_s * 1_000_000))
            yield from _next(container, video, 1)


def _first(container: InputContainer, video: VideoStream) -> Iterator[VideoFrame]:
    video.codec_context.skip_frame = "DEFAULT"
    return _next(container, video, _EARLY_PICTURES)


def _next(container: InputContainer, video: VideoStream, count: int) -> Iterator[VideoFrame]:
    with suppress(av.error.EOFError):
        for number, packet in enumerate(container.demux(video)):
            if number > _PACKETS_AFTER_SEEK:
                return
            with suppress(av.error.InvalidDataError):
                for frame in packet.decode():
                    yield frame
                    count -= 1
                    if count == 0:
                        return
