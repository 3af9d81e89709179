"""What a `moov` says about its tracks: kind, time scale, picture size, and the codec as RFC 6381 names it."""

from dataclasses import dataclass
from typing import Literal

from media.boxes import Box, broken

MAX_TRACKS = 64
_VISUAL_FIELDS = 78  # bytes of a VisualSampleEntry before its boxes
_AUDIO_FIELDS = {0: 28, 1: 44, 2: 64}  # by the version of the QuickTime sound description
_STSD_FIELDS = 8
_KINDS: dict[bytes, Literal["video", "audio"]] = {b"vide": "video", b"soun": "audio"}


@dataclass(frozen=True, slots=True)
class Track:
    """A track of a file. Audio tracks have no picture size, video tracks neither channels nor sample rate."""

    id: int
    kind: Literal["video", "audio"]
    timescale: int
    codec: str
    width: int = 0
    height: int = 0
    channels: int = 0
    sample_rate: int = 0


@dataclass(frozen=True, slots=True)
class SampleDefaults:
    """`trex`: what a fragment means where it says nothing."""

    duration: int = 0
    flags: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Movie:
    """A whole `moov`. `known` holds the ids of all tracks, also of subtitles and the like."""

    tracks: tuple[Track, ...]
    known: frozenset[int]
    defaults: dict[int, SampleDefaults]
    fragmented: bool


def read_movie(moov: Box, max_pixels: int) -> Movie:
    tracks: list[Track] = []
    known: set[int] = set()
    extends: Box | None = None
    for box in moov.children():
        if box.kind == "trak":
            _read_trak(box, max_pixels, tracks, known)
        elif box.kind == "mvex":
            extends = box
    defaults = _read_defaults(extends) if extends else {}
    return Movie(tuple(tracks), frozenset(known), defaults, extends is not None)


def _read_trak(trak: Box, max_pixels: int, tracks: list[Track], known: set[int]) -> None:
    header = trak.need("tkhd")
    track_id = header.number(20 if header.version == 1 else 12, 4)
    if track_id == 0 or track_id in known or len(known) >= MAX_TRACKS:
        raise broken(f"the track number {track_id} is not usable")
    known.add(track_id)
    _check_picture(
        header.number(len(header.body) - 8, 4) >> 16, header.number(len(header.body) - 4, 4) >> 16, max_pixels
    )
    media = trak.need("mdia")
    media_header = media.need("mdhd")
    timescale = media_header.number(20 if media_header.version == 1 else 12, 4)
    if timescale == 0:
        raise broken("a track counts time in units of zero length")
    kind = _KINDS.get(bytes(media.need("hdlr").body[8:12]))
    if kind is not None:
        entry = _sample_entry(media)
        tracks.append(_track(track_id, kind, timescale, entry, max_pixels))


def _sample_entry(media: Box) -> Box:
    descriptions = media.need("minf").need("stbl").need("stsd")
    entry = next(descriptions.children(_STSD_FIELDS), None)
    if entry is None:
        raise broken("a track does not say how it is coded")
    return entry


def _track(
    track_id: int, kind: Literal["video", "audio"], timescale: int, entry: Box, max_pixels: int
) -> Track:
    if kind == "audio":
        version = entry.number(8, 2)
        codec = _codec(entry, _AUDIO_FIELDS.get(version, 28))
        return Track(
            track_id, kind, timescale, codec, channels=entry.number(16, 2), sample_rate=entry.number(24, 2)
        )
    width, height = entry.number(24, 2), entry.number(26, 2)
    _check_picture(width, height, max_pixels)
    if width == 0 or height == 0:
        raise broken("a video track has a picture without area")
    return Track(track_id, kind, timescale, _codec(entry, _VISUAL_FIELDS), width=width, height=height)


def _check_picture(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise broken(f"a picture of {width}x{height} is larger than the {max_pixels} pixels allowed")


def _read_defaults(extends: Box) -> dict[int, SampleDefaults]:
    return {
        box.number(4, 4): SampleDefaults(box.number(12, 4), box.number(20, 4), box.number(16, 4))
        for box in extends.children()
        if box.kind == "trex"
    }


def _codec(entry: Box, fields: int) -> str:
    """The codec for a CODECS attribute; the bare four letters where no more is known."""
    reader = _CODECS.get(entry.kind)
    if reader is None:
        return {"Opus": "opus", "fLaC": "flac"}.get(entry.kind, entry.kind.strip())
    config_kind, describe = reader
    config = next((box for box in entry.children(fields) if box.kind == config_kind), None)
    return entry.kind if config is None else describe(entry.kind, config)


def _avc(kind: str, config: Box) -> str:
    return f"{kind}.{config.number(1, 3):06x}"


def _hevc(kind: str, config: Box) -> str:
    """ISO/IEC 14496-15, annex E.3."""
    profile = config.number(1, 1)
    space = ("", "A", "B", "C")[profile >> 6]
    tier = "H" if profile & 0x20 else "L"
    compatibility = int(f"{config.number(2, 4):032b}"[::-1], 2)
    constraints = bytes(config.body[6:12]).rstrip(b"\0")
    parts = [f"{kind}.{space}{profile & 0x1F}", f"{compatibility:X}", f"{tier}{config.number(12, 1)}"]
    return ".".join(parts + [f"{byte:X}" for byte in constraints])


def _av1(kind: str, config: Box) -> str:
    profile_level, bits = config.number(1, 1), config.number(2, 1)
    depth = 8 if not bits & 0x40 else 12 if bits & 0x20 else 10
    tier = "H" if bits & 0x80 else "M"
    return f"{kind}.{profile_level >> 5}.{profile_level & 0x1F:02d}{tier}.{depth:02d}"


def _vp(kind: str, config: Box) -> str:
    return f"{kind}.{config.number(4, 1):02d}.{config.number(5, 1):02d}.{config.number(6, 1) >> 4:02d}"


def _aac(kind: str, config: Box) -> str:
    """The object type in `esds` (ISO/IEC 14496-1), and for AAC the audio object type behind it."""
    object_type, audio_type = _esds_types(bytes(config.body[4:]))
    if object_type is None:
        return kind
    return f"{kind}.{object_type:02X}" if audio_type is None else f"{kind}.{object_type:x}.{audio_type}"


def _esds_types(data: bytes) -> tuple[int | None, int | None]:
    object_type: int | None = None
    while data:
        tag, body, rest = _descriptor(data)
        if tag == 3:  # ES_Descriptor: an id, flags, then descriptors
            data = body[3:]
        elif tag == 4 and body:  # DecoderConfigDescriptor
            object_type, data = body[0], body[13:]
            if object_type != 0x40:
                return object_type, None
        elif tag == 5 and body:  # DecoderSpecificInfo
            audio_type = body[0] >> 3
            if audio_type == 31 and len(body) > 1:  # escape: the type continues in six bits more
                audio_type = 32 + ((body[0] & 7) << 3 | body[1] >> 5)
            return object_type, audio_type
        else:
            data = rest
    return object_type, None


def _descriptor(data: bytes) -> tuple[int, bytes, bytes]:
    """Split off a descriptor: its tag, its body, and what follows it."""
    size = 0
    for at, byte in enumerate(data[1:5], start=2):
        size = size << 7 | byte & 0x7F
        if not byte & 0x80:
            return data[0], data[at : at + size], data[at + size :]
    return data[0], b"", b""


_CODECS = {
    "avc1": ("avcC", _avc),
    "avc3": ("avcC", _avc),
    "hvc1": ("hvcC", _hevc),
    "hev1": ("hvcC", _hevc),
    "av01": ("av1C", _av1),
    "vp08": ("vpcC", _vp),
    "vp09": ("vpcC", _vp),
    "mp4a": ("esds", _aac),
}
