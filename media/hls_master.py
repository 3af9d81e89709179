"""The HLS playlist of everything there is of a video (RFC 8216bis): versions, key frames alone, captions."""

from collections.abc import Sequence
from dataclasses import dataclass

CAPTIONS = "captions"  # the group of renditions that a version refers to


@dataclass(frozen=True, slots=True)
class Variant:
    """One line of a master playlist. Rates in bits and frames per second; zero or empty where unknown."""

    uri: str
    bandwidth: int
    average_bandwidth: int = 0
    codecs: str = ""
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """Captions in one language, a BCP 47 tag; `name` is what a menu shows."""

    uri: str
    language: str
    name: str


def master_playlist(
    variants: Sequence[Variant],
    key_frames: Sequence[Variant] = (),
    captions: Sequence[CaptionTrack] = (),
    *,
    independent: bool = True,
) -> str:
    """`key_frames` are the playlists of key frames alone; `independent` holds for all of the versions."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7"]
    if independent:
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    lines += [f"#EXT-X-MEDIA:{_media(track)}" for track in captions]
    # Without the last word players look for captions inside of the pictures, and offer them.
    group = [f'SUBTITLES="{CAPTIONS}"'] if captions else []
    for variant in variants:
        lines += [
            f"#EXT-X-STREAM-INF:{','.join([*_attributes(variant), *group, 'CLOSED-CAPTIONS=NONE'])}",
            variant.uri,
        ]
    lines += [
        f"#EXT-X-I-FRAME-STREAM-INF:{','.join([*_attributes(variant), _quoted('URI', variant.uri)])}"
        for variant in key_frames
    ]
    return "\n".join(lines) + "\n"


def _attributes(variant: Variant) -> list[str]:
    attributes = [f"BANDWIDTH={max(1, variant.bandwidth)}"]
    if variant.average_bandwidth:
        attributes.append(f"AVERAGE-BANDWIDTH={variant.average_bandwidth}")
    if variant.codecs:
        attributes.append(_quoted("CODECS", variant.codecs))
    if variant.width and variant.height:
        attributes.append(f"RESOLUTION={variant.width}x{variant.height}")
    if variant.frame_rate:
        attributes.append(f"FRAME-RATE={variant.frame_rate:.3f}")
    return attributes


def _media(track: CaptionTrack) -> str:
    return ",".join(
        [
            "TYPE=SUBTITLES",
            _quoted("GROUP-ID", CAPTIONS),
            _quoted("NAME", track.name),
            _quoted("LANGUAGE", track.language),
            "DEFAULT=NO",
            "AUTOSELECT=YES",
            "FORCED=NO",
            _quoted("CHARACTERISTICS", "public.accessibility.transcribes-spoken-dialog"),
            _quoted("URI", track.uri),
        ]
    )


def _quoted(name: str, value: str) -> str:
    """A quoted string has no way to hold a quote or the end of a line."""
    return f'{name}="{"".join(char for char in value if char.isprintable() and char != chr(34))}"'
