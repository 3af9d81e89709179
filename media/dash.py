"""A DASH manifest of finished files (ISO/IEC 23009-1), as text.

HLS plays files as they are, with picture and sound in one; DASH players want them apart (dash.js refuses
anything else), so each segment here is one track of the same bytes: see `media.single_track`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from media.hls_master import CaptionTrack, Variant
from media.segments import Segment
from media.tracks import Track

MEDIA_TYPE = "application/dash+xml"
TIMESCALE = 90_000
Kind = Literal["video", "audio"]
_BUFFER_S = 2.0  # what a player should have before it begins: one segment
# Rates of a file are those of picture and sound together; no player chooses by the sound's own.
_SOUND_BPS = 192_000


@dataclass(frozen=True, slots=True)
class Representation:
    """One version: `timeline` says when its segments start and how long they are, written once per file."""

    name: str
    variant: Variant
    tracks: tuple[Track, ...]
    timeline: str

    @classmethod
    def of(
        cls, name: str, variant: Variant, tracks: Sequence[Track], segments: Sequence[Segment]
    ) -> "Representation":
        return cls(name, variant, tuple(tracks), _timeline(segments))

    def track(self, kind: Kind) -> Track | None:
        """The first one of a kind, which is the one that plays."""
        return next((track for track in self.tracks if track.kind == kind), None)


def manifest(
    versions: Sequence[Representation], duration_s: float, captions: Sequence[CaptionTrack] = ()
) -> str:
    """All versions of the picture, the sound of the first, and captions.

    Segments are at `dash/{version}-{kind}/{number}.m4s`, from number 0 on, and `init.mp4` beside them.
    """
    sets = [*_pictures(versions), _sound(versions[:1]), *map(_captions, captions)]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011"'
        f' type="static" mediaPresentationDuration="PT{duration_s:.3f}S" minBufferTime="PT{_BUFFER_S:.1f}S">',
        '<Period id="0" start="PT0S">',
        *filter(None, sets),
        "</Period>",
        "</MPD>",
    ]
    return "\n".join(lines) + "\n"


def _pictures(versions: Sequence[Representation]) -> list[str]:
    """A set for each codec: a player goes from one version of a set to another without a new decoder."""
    sets: dict[str, list[str]] = {}
    for one in versions:
        track, variant = one.track("video"), one.variant
        if track is not None:
            frames = f"{round(variant.frame_rate * 1000)}/1000" if variant.frame_rate else ""
            attributes = {
                "width": str(track.width),
                "height": str(track.height),
                "frameRate": frames,
                "bandwidth": str(max(1, variant.bandwidth)),
            }
            family = track.codec.partition(".")[0]
            sets.setdefault(family, []).append(_representation(one, "video", track, attributes))
    return [_set("video", lines) for lines in sets.values()]


def _sound(versions: Sequence[Representation]) -> str:
    lines = []
    for one in versions:
        track = one.track("audio")
        if track is not None:
            alone = one.track("video") is None
            rate = one.variant.bandwidth if alone else _SOUND_BPS
            attributes = {"audioSamplingRate": str(track.sample_rate), "bandwidth": str(rate)}
            lines.append(_representation(one, "audio", track, attributes))
    return _set("audio", lines)


def _set(kind: Kind, lines: list[str]) -> str:
    if not lines:
        return ""
    attributes = {"contentType": kind, "mimeType": f"{kind}/mp4", "segmentAlignment": "true"}
    body = "\n".join(lines)
    return f'<AdaptationSet{_written(attributes)} startWithSAP="1">\n{body}\n</AdaptationSet>'


def _representation(one: Representation, kind: Kind, track: Track, attributes: dict[str, str]) -> str:
    described = {"id": f"{one.name}-{kind}", "codecs": track.codec, **attributes}
    return (
        f"<Representation{_written(described)}>"
        f'<SegmentTemplate timescale="{TIMESCALE}" {one.timeline}</SegmentTemplate></Representation>'
    )


def _timeline(segments: Sequence[Segment]) -> str:
    """The template from its first attribute on: time begins where the file's does."""
    starts = [round(segment.parts[0].start_s * TIMESCALE) for segment in segments]
    starts.append(starts[-1] + round(segments[-1].duration_s * TIMESCALE))
    durations = [max(1, later - sooner) for sooner, later in pairwise(starts)]
    runs = [(duration, len(list(same))) for duration, same in groupby(durations)]
    entries = "".join(f'<S d="{duration}"{_repeated(count)}/>' for duration, count in runs)
    first = entries.replace("<S ", f'<S t="{starts[0]}" ', 1)
    return (
        f'presentationTimeOffset="{starts[0]}" startNumber="0"'
        ' initialization="dash/$RepresentationID$/init.mp4" media="dash/$RepresentationID$/$Number$.m4s">'
        f"<SegmentTimeline>{first}</SegmentTimeline>"
    )


def _repeated(count: int) -> str:
    return f' r="{count - 1}"' if count > 1 else ""


def _captions(track: CaptionTrack) -> str:
    attributes = {"contentType": "text", "mimeType": "text/vtt", "lang": track.language}
    return (
        f"<AdaptationSet{_written(attributes)}>"
        '<Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>'
        f"<Label>{escape(track.name)}</Label>"
        f"<Representation{_written({'id': f'captions-{track.language}', 'bandwidth': '256'})}>"
        f"<BaseURL>{escape(track.uri)}</BaseURL></Representation></AdaptationSet>"
    )


def _written(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value)
