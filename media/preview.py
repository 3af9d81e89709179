"""The animated preview: a few seconds from all over a video, small enough for a list or a message."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from PIL import GifImagePlugin, Image, WebPImagePlugin

from media.errors import UnreadableMedia
from media.fragments import MAX_PIXELS
from media.glances import clips
from media.sniff import Container
from media.stills import Stills
from media.untrusted import Watch, ignore_progress, open_media, origin_of, prepare, streams_of

BOX = 320, 320  # pixels
FPS = 8
MAX_S = 5.0  # a shorter video is shown whole
CLIPS = 4
CLIP_S = 1.0
MAX_BYTES = 1 << 21  # of either file; in a mail it must load at once
# Pillow loads its formats at first use; by then the codec child may not read files any more.
_WEBP = WebPImagePlugin.WebPImageFile.format
_GIF = GifImagePlugin.GifImageFile.format
_COLOURS = 128
_WEBP_QUALITY = 60
# Tried in order until the file is small enough: part of the width, one picture of so many.
_SIZES = ((1.0, 1), (0.75, 1), (0.75, 2), (0.5, 2), (0.25, 4))


@dataclass(frozen=True, slots=True)
class Preview:
    """What was drawn: pixels of the WebP, pictures, seconds, bytes of both files."""

    width: int
    height: int
    count: int
    duration_s: float
    webp_bytes: int
    gif_bytes: int


def make_preview(
    source: Path,
    webp: Path,
    gif: Path,
    *,
    kind: Container,
    duration_s: float,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Preview:
    """Writes the same few seconds as an animated WebP and as a GIF, for those who show no WebP.

    Raises UnreadableMedia, also for a file without pictures.
    """
    short = duration_s <= MAX_S
    starts = [0.0] if short else [duration_s * number / CLIPS for number in range(CLIPS)]
    with open_media(source, kind=kind, max_pixels=max_pixels) as container:
        streams = streams_of(container, max_pixels=max_pixels)
        if (video := streams.video) is None:
            raise UnreadableMedia("There is no picture in this file", "It holds sound alone.")
        prepare(video, threads=1, max_pixels=max_pixels)
        stills = Stills(*BOX, pixel_aspect=float(video.sample_aspect_ratio or 1))
        length_s = MAX_S if short else CLIP_S
        film = _Film()
        pictures = clips(
            container,
            video,
            starts,
            length_s,
            origin_s=origin_of(streams),
            duration_s=duration_s,
            watch=watch,
        )
        for clip, at, frame in pictures:
            if film.wants(clip, at):
                film.add(clip, at, stills.picture(frame))
    if not film.pictures:
        raise UnreadableMedia("The video cannot be read", "No picture could be decoded.")
    film.finish(min(length_s, duration_s) if duration_s > 0 else length_s)
    width, height = _save(film, webp, _WEBP)
    _save(film, gif, _GIF)
    total_s = sum(film.lengths_ms) / 1000
    return Preview(width, height, len(film.pictures), total_s, webp.stat().st_size, gif.stat().st_size)


@dataclass(slots=True)
class _Film:
    """Pictures on a raster of eight a second; one that stays longer is kept once."""

    pictures: list[Image.Image] = field(default_factory=list)
    lengths_ms: list[int] = field(default_factory=list)
    _slots: list[tuple[int, int]] = field(default_factory=list)

    def wants(self, clip: int, at_s: float) -> bool:
        return not self._slots or (clip, int(at_s * FPS)) > self._slots[-1]

    def add(self, clip: int, at_s: float, picture: Image.Image) -> None:
        if self.pictures and picture.size != self.pictures[0].size:
            picture = picture.resize(self.pictures[0].size)
        self.pictures.append(picture)
        self._slots.append((clip, int(at_s * FPS)))

    def finish(self, clip_s: float) -> None:
        """Each picture stays until the next one of its clip, the last one until the clip ends."""
        end = max(1, round(clip_s * FPS))
        slots = [*self._slots, (-1, 0)]
        for (clip, slot), (next_clip, next_slot) in pairwise(slots):
            until = next_slot if clip == next_clip else max(end, slot + 1)
            self.lengths_ms.append((until - slot) * 1000 // FPS)


def _save(film: _Film, path: Path, kind: str) -> tuple[int, int]:
    """The size in which the film is small enough to be sent."""
    width, height = film.pictures[0].size
    for part, every in _SIZES:
        size = max(1, round(width * part)), max(1, round(height * part))
        pictures = [each if part == 1 else each.resize(size) for each in film.pictures[::every]]
        lengths = [sum(film.lengths_ms[at : at + every]) for at in range(0, len(film.lengths_ms), every)]
        _write(pictures, lengths, path, kind)
        if path.stat().st_size <= MAX_BYTES:
            break
    return size


def save_gif(pictures: Sequence[Image.Image], lengths_ms: Sequence[int], path: Path) -> None:
    """Pictures of one size, each for so many milliseconds, over and over."""
    _write(pictures, lengths_ms, path, _GIF)


def _write(pictures: Sequence[Image.Image], lengths_ms: Sequence[int], path: Path, kind: str) -> None:
    how = {"quality": _WEBP_QUALITY, "method": 2} if kind == _WEBP else {"optimize": False}
    if kind == _GIF:
        pictures = _with_one_palette(pictures)
    pictures[0].save(
        path, kind, save_all=True, append_images=pictures[1:], duration=list(lengths_ms), loop=0, **how
    )


def _with_one_palette(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """The colours of all pictures together, so that nothing flickers; dithering would triple the bytes."""
    few = pictures[:: max(1, len(pictures) // 8)]
    width, height = few[0].size
    sample = Image.new("RGB", (width, height * len(few)))
    for number, picture in enumerate(few):
        sample.paste(picture, (0, number * height))
    palette = sample.quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    return [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
