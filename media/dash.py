"""A DASH manifest over byte ranges of finished files (ISO/IEC 23009-1), as text.

The same bytes as for HLS: picture and sound of a version lie in one file, so each Representation is
multiplexed, and all of them are one AdaptationSet. It names no ContentComponents: dash.js refuses what calls
itself multiplexed, and plays the same bytes as what they are to a browser, a video with two codecs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from media.hls_master import CaptionTrack, Variant
from media.segments import Segment

MEDIA_TYPE = "application/dash+xml"
TIMESCALE = 90_000
_BUFFER_S = 2.0  # what a player should have before it begins: one segment


@dataclass(frozen=True, slots=True)
class Representation:
    """One version of a video. `xml` names its segments and is written once per file."""

    name: str
    variant: Variant
    xml: str

    @classmethod
    def of(
        cls, name: str, uri: str, variant: Variant, init_length: int, segments: Sequence[Segment]
    ) -> "Representation":
        return cls(name, variant, _segment_list(uri, init_length, segments))


def manifest(
    representations: Sequence[Representation], duration_s: float, captions: Sequence[CaptionTrack] = ()
) -> str:
    """Raises ValueError without representations."""
    if not representations:
        raise ValueError("a manifest needs something to play")
    kind = "video" if representations[0].variant.width else "audio"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:full:2011" type="static"'
        f' mediaPresentationDuration="PT{duration_s:.3f}S" minBufferTime="PT{_BUFFER_S:.1f}S">',
        '<Period id="0" start="PT0S">',
        f'<AdaptationSet id="0" contentType="{kind}" mimeType="{kind}/mp4" segmentAlignment="true"'
        ' startWithSAP="1">',
        *(_representation(one) for one in representations),
        "</AdaptationSet>",
        *(_captions(number, track) for number, track in enumerate(captions, start=1)),
        "</Period>",
        "</MPD>",
    ]
    return "\n".join(lines) + "\n"


def _representation(one: Representation) -> str:
    variant = one.variant
    attributes = {"id": one.name, "bandwidth": str(max(1, variant.bandwidth)), "codecs": variant.codecs}
    if variant.width and variant.height:
        attributes |= {"width": str(variant.width), "height": str(variant.height)}
    if variant.frame_rate:
        attributes["frameRate"] = f"{round(variant.frame_rate * 1000)}/1000"
    return f"<Representation{_written(attributes)}>\n{one.xml}</Representation>"


def _segment_list(uri: str, init_length: int, segments: Sequence[Segment]) -> str:
    """One S for each SegmentURL: dash.js loses count where an S stands for several."""
    starts = [round(segment.parts[0].start_s * TIMESCALE) for segment in segments]
    last = segments[-1]
    ends = [later for _, later in pairwise(starts)] + [starts[-1] + round(last.duration_s * TIMESCALE)]
    times = "".join(
        f'<S t="{start}" d="{max(1, end - start)}"/>' for start, end in zip(starts, ends, strict=True)
    )
    urls = "".join(
        f'<SegmentURL mediaRange="{segment.offset}-{segment.offset + segment.length - 1}"/>\n'
        for segment in segments
    )
    return (
        f"<BaseURL>{uri}</BaseURL>\n"
        f'<SegmentList timescale="{TIMESCALE}" presentationTimeOffset="{starts[0]}">\n'
        f'<Initialization range="0-{init_length - 1}"/>\n'
        f"<SegmentTimeline>{times}</SegmentTimeline>\n{urls}</SegmentList>\n"
    )


def _captions(number: int, track: CaptionTrack) -> str:
    attributes = {"id": str(number), "contentType": "text", "mimeType": "text/vtt", "lang": track.language}
    return (
        f"<AdaptationSet{_written(attributes)}>"
        '<Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>'
        f"<Label>{escape(track.name)}</Label>"
        f"<Representation{_written({'id': f'captions-{track.language}', 'bandwidth': '256'})}>"
        f"<BaseURL>{track.uri}</BaseURL></Representation></AdaptationSet>"
    )


def _written(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value)
