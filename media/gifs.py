"""A piece of a recording drawn as a GIF."""

from pathlib import Path
from typing import Any

from media.errors import UnreadableMedia
from media.glances import clips
from media.places import check_piece, find
from media.preview import save_gif
from media.sniff import Container
from media.stills import Stills
from media.untrusted import Watch, ignore_progress, open_media, prepare, streams_of

_LOOKED_PART = 0.3  # of the work, finding the key frame
_ROUNDING_S = 1e-6


def make_gif(
    source: Path,
    output: Path,
    *,
    kind: Container,
    begin_s: float,
    end_s: float,
    duration_s: float,
    box: tuple[int, int],
    fps: int,
    watch: Watch = ignore_progress,
) -> dict[str, Any]:
    """Draws what lies between two moments as a GIF that fits into `box`, pixels. All of it is held in memory:
    the caller keeps it short. Raises UnreadableMedia, and RenditionError where nothing lies between them.
    """
    check_piece(begin_s, end_s)
    place = find(source, kind, begin_s, end_s, lambda done: watch(done * _LOOKED_PART))
    pictures, slot = [], -1
    with open_media(source, kind=kind) as container:
        if (video := streams_of(container).video) is None:
            raise UnreadableMedia("There is no picture in this file", "It holds sound alone.")
        prepare(video, threads=1)
        stills = Stills(*box, pixel_aspect=float(video.sample_aspect_ratio or 1))
        key_s, first_s = place.key_s - place.origin_s, place.first_s - place.origin_s
        drawn = clips(
            container, video, [key_s], end_s - key_s,
            origin_s=place.origin_s, duration_s=duration_s,
            watch=lambda done: watch(_LOOKED_PART + done * (1 - _LOOKED_PART)),
        )  # fmt: skip
        for _, since, frame in drawn:
            at = int(max(0.0, since + key_s - begin_s) * fps)
            if since + key_s >= first_s - _ROUNDING_S and at > slot:
                pictures.append((at, stills.picture(frame)))
                slot = at
    if not pictures:
        raise UnreadableMedia("The video cannot be read", "No picture could be decoded.")
    ends = [at for at, _ in pictures[1:]] + [max(slot + 1, round((end_s - begin_s) * fps))]
    lengths = [(end - at) * 1000 // fps for (at, _), end in zip(pictures, ends, strict=True)]
    save_gif([picture for _, picture in pictures], lengths, output)
    return {"begin_s": begin_s, "duration_s": end_s - begin_s, "pictures": len(pictures)}
