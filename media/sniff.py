"""Which container the first bytes of an upload are, decided here and not by a demuxer's guess.

A playlist or a script for FFmpeg's concat demuxer would make the server open what it names; a picture is
not a video. Only what is listed here is ever opened, and then with its demuxer forced.
"""

from enum import StrEnum

_TS_PACKET = 188
_TS_SYNC = 0x47
SNIFF_BYTES = 2 * _TS_PACKET + 1  # with so many bytes the answer is final
_LEAST_BYTES = 12
_ISO_STARTS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp")


class Container(StrEnum):
    """The value is the name of FFmpeg's demuxer."""

    UNDECIDED = ""  # more bytes are needed
    MP4 = "mp4"  # and QuickTime
    MATROSKA = "matroska"  # and WebM
    AVI = "avi"
    MPEGTS = "mpegts"
    FLV = "flv"
    OGG = "ogg"


_SIGNATURES = {
    Container.MATROSKA: ((0, b"\x1a\x45\xdf\xa3"),),
    Container.AVI: ((0, b"RIFF"), (8, b"AVI ")),
    Container.FLV: ((0, b"FLV\x01"),),
    Container.OGG: ((0, b"OggS\x00"),),
}


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
    return _sniff_transport_stream(head, final)


def _is_iso(head: bytes) -> bool:
    size = int.from_bytes(head[:4], "big")
    return head[4:8] in _ISO_STARTS and (size == 1 or size >= 8)


def _sniff_transport_stream(head: bytes, final: bool) -> Container | None:
    if head[0] != _TS_SYNC:
        return None
    if len(head) < SNIFF_BYTES:
        return None if final else Container.UNDECIDED
    synced = head[_TS_PACKET] == head[2 * _TS_PACKET] == _TS_SYNC
    return Container.MPEGTS if synced else None
