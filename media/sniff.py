"""Which container the first bytes of an upload are, decided here and not by a demuxer's guess.

Video and sound alone are told apart later, by what is inside.

A playlist or a script for FFmpeg's concat demuxer would make the server open what it names; a picture is
not a video. Only what is listed here is ever opened, and then with its demuxer forced.
"""

from enum import StrEnum

_TS_PACKET = 188
_TS_SYNC = 0x47
_PACK_START = b"\x00\x00\x01\xba"
SNIFF_BYTES = 2 * _TS_PACKET + 1  # with so many bytes the answer is final
_LEAST_BYTES = 12
# For people whose file is none of these.
TAKEN = "MP4, MOV, Matroska, WebM, AVI, WMV, MPEG-TS, MPEG, FLV, Ogg, M4A, MP3, WAV, FLAC or AAC"
_ISO_STARTS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp")


class Container(StrEnum):
    """The value is the name of FFmpeg's demuxer."""

    UNDECIDED = ""  # more bytes are needed
    MP4 = "mp4"  # and QuickTime
    MATROSKA = "matroska"  # and WebM
    AVI = "avi"
    ASF = "asf"  # Windows Media
    MPEGTS = "mpegts"
    MPEGPS = "mpeg"  # a program stream, as discs have it
    FLV = "flv"
    OGG = "ogg"
    WAV = "wav"
    FLAC = "flac"
    MP3 = "mp3"
    AAC = "aac"  # ADTS: bare packets


_SIGNATURES = {
    Container.MATROSKA: ((0, b"\x1a\x45\xdf\xa3"),),
    Container.AVI: ((0, b"RIFF"), (8, b"AVI ")),
    Container.ASF: ((0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"),),
    Container.FLV: ((0, b"FLV\x01"),),
    Container.OGG: ((0, b"OggS\x00"),),
    Container.WAV: ((0, b"RIFF"), (8, b"WAVE")),
    Container.FLAC: ((0, b"fLaC"),),
    Container.MP3: ((0, b"ID3"),),
}
# The first two bytes of a packet, under a mask: eleven or twelve bits of sync, and the layer.
_SYNCS = {Container.AAC: (0xFFF6, 0xFFF0), Container.MP3: (0xFFE6, 0xFFE2)}
_RESERVED_VERSION, _NO_BIT_RATE, _RESERVED_RATE = 0x08, 0xF0, 0x0C


def sniff(head: bytes, *, final: bool = False) -> Container | None:
    """The container of a file that starts with `head`; None when it is not one we take.

    `final`: there will be no more bytes, so nothing stays undecided.
    """
    if len(head) < _LEAST_BYTES:
        return None if final else Container.UNDECIDED
    if _is_iso(head):
        return Container.MP4
    for container, starts in _SIGNATURES.items():
        if all(head[at : at + len(magic)] == magic for at, magic in starts):
            return container
    return _sniff_packets(head) or _sniff_program_stream(head) or _sniff_transport_stream(head, final)


def _is_iso(head: bytes) -> bool:
    size = int.from_bytes(head[:4], "big")
    return head[4:8] in _ISO_STARTS and (size == 1 or size >= 8)


def _sniff_packets(head: bytes) -> Container | None:
    """Sound that begins without any container (ISO/IEC 11172-3, 2.4.1.3; 13818-7, 6.2)."""
    start = int.from_bytes(head[:2], "big")
    found = next((kind for kind, (mask, sync) in _SYNCS.items() if start & mask == sync), None)
    if found is not Container.MP3:
        return found
    version, rates = head[1] & 0x18, head[2]
    usable = rates & _NO_BIT_RATE not in (0, _NO_BIT_RATE) and rates & _RESERVED_RATE != _RESERVED_RATE
    return found if usable and version != _RESERVED_VERSION else None


def _sniff_program_stream(head: bytes) -> Container | None:
    """A pack header (ISO/IEC 13818-1, 2.5.3.3; 11172-1, 2.4.3.2); the clock in it begins with 01 or 0010."""
    is_pack = head.startswith(_PACK_START) and (head[4] >> 6 == 0b01 or head[4] >> 4 == 0b0010)
    return Container.MPEGPS if is_pack else None


def _sniff_transport_stream(head: bytes, final: bool) -> Container | None:
    if head[0] != _TS_SYNC:
        return None
    if len(head) < SNIFF_BYTES:
        return None if final else Container.UNDECIDED
    synced = head[_TS_PACKET] == head[2 * _TS_PACKET] == _TS_SYNC
    return Container.MPEGTS if synced else None
