"""Which container the first bytes of an upload are, decided here and not by a demuxer's guess.

Video and sound alone are told apart later, by what is inside.

A playlist or a script for FFmpeg's concat demuxer would make the server open what it names; a picture is
not a video. Only what is listed here is ever opened, and then with its demuxer forced.
"""

from enum import StrEnum

_TS_SYNC = 0x47
# A transport stream's packets begin so far in, and follow each other so: cameras put four bytes before each.
_TS_LAYOUTS = ((0, 188), (4, 192))
_PACK_START = b"\x00\x00\x01\xba"
SNIFF_BYTES = 4 + 2 * 192 + 1  # with so many bytes the answer is final
_LEAST_BYTES = 12
# For people whose file is none of these.
TAKEN = (
    "MP4, MOV, 3GP, Matroska, WebM, AVI, WMV, MPEG-TS, MPEG, FLV, Ogg, "
    "M4A, MP3, WAV, AIFF, CAF, FLAC, AMR or AAC"
)
_ISO_STARTS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp")
# Pictures in the same boxes as films: major brands of HEIF (ISO/IEC 23008-12) and AVIF.
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"jxl ")


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
    AIFF = "aiff"
    CAF = "caf"
    AMR = "amr"


_SIGNATURES = (
    (Container.MATROSKA, ((0, b"\x1a\x45\xdf\xa3"),)),
    (Container.AVI, ((0, b"RIFF"), (8, b"AVI "))),
    (Container.ASF, ((0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"),)),
    (Container.FLV, ((0, b"FLV\x01"),)),
    (Container.OGG, ((0, b"OggS\x00"),)),
    (Container.WAV, ((0, b"RIFF"), (8, b"WAVE"))),
    (Container.WAV, ((0, b"RF64"), (8, b"WAVE"))),  # over 4 GiB (EBU Tech 3306)
    (Container.AIFF, ((0, b"FORM"), (8, b"AIFF"))),
    (Container.AIFF, ((0, b"FORM"), (8, b"AIFC"))),
    (Container.CAF, ((0, b"caff\x00\x01"),)),
    (Container.AMR, ((0, b"#!AMR\n"),)),
    (Container.AMR, ((0, b"#!AMR-WB\n"),)),
    (Container.FLAC, ((0, b"fLaC"),)),
    (Container.MP3, ((0, b"ID3"),)),
)
# What people also send. It is told apart so that they hear what it is; nothing ever opens it.
_OTHERS = {
    "a RealMedia file": ((0, b".RMF"),),
    "an MXF file": ((0, b"\x06\x0e\x2b\x34\x02\x05\x01\x01"),),
    "a recording of Windows Media Center (WTV)": ((0, b"\xb7\xd8\x00\x20\x37\x49\xda\x11"),),
    "a Flash animation (SWF)": ((1, b"WS"),),
    "a bare MPEG stream": ((0, b"\x00\x00\x01\xb3"),),
    "a bare H.264 or H.265 stream": ((0, b"\x00\x00\x00\x01"),),
    "an IVF file": ((0, b"DKIF"),),
    "a WavPack file": ((0, b"wvpk"),),
    "a Monkey's Audio file": ((0, b"MAC "),),
    "a Musepack file": ((0, b"MPCK"),),
    "a DSD file": ((0, b"DSD "),),
    "a WAVE64 file": ((0, b"riff\x2e\x91\xcf\x11"),),
    "a MIDI file, which holds notes and no sound": ((0, b"MThd"),),
    "a playlist, which only names other files": ((0, b"#EXTM3U"),),
    "a script, which only names other files": ((0, b"ffconcat"),),
    "a picture (PNG)": ((0, b"\x89PNG"),),
    "a picture (JPEG)": ((0, b"\xff\xd8\xff"),),
    "a picture (GIF)": ((0, b"GIF8"),),
    "a picture (WebP)": ((0, b"RIFF"), (8, b"WEBP")),
    "a PDF": ((0, b"%PDF"),),
    "an archive or a document (ZIP)": ((0, b"PK\x03\x04"),),
    "an archive (RAR)": ((0, b"Rar!"),),
    "an archive (7z)": ((0, b"7z\xbc\xaf\x27\x1c"),),
    "an archive (gzip)": ((0, b"\x1f\x8b"),),
    "a program": ((0, b"MZ"),),
}
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<mpd", b"<asx")
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
    for container, starts in _SIGNATURES:
        if all(head[at : at + len(magic)] == magic for at, magic in starts):
            return container
    return _sniff_packets(head) or _sniff_program_stream(head) or _sniff_transport_stream(head, final)


def refusal(head: bytes) -> str:
    """The sentences for whoever sent a file that `sniff` does not take, which begins so."""
    name = _other(head)
    if name is None:
        return f"This is neither a video nor sound that we can read: {TAKEN}."
    return f"This is {name}. We read {TAKEN}: convert it to one of these first."


def _other(head: bytes) -> str | None:
    if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS:
        return "a picture (HEIF or AVIF)"
    if head[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        return "a web page or another text"
    for name, starts in _OTHERS.items():
        if all(head[at : at + len(magic)] == magic for at, magic in starts):
            return name
    return None


def _is_iso(head: bytes) -> bool:
    size = int.from_bytes(head[:4], "big")
    is_still = head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS
    return head[4:8] in _ISO_STARTS and (size == 1 or size >= 8) and not is_still


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
    for begin, packet in _TS_LAYOUTS:
        if head[begin] != _TS_SYNC:
            continue
        if len(head) <= begin + 2 * packet:
            return None if final else Container.UNDECIDED
        if head[begin + packet] == head[begin + 2 * packet] == _TS_SYNC:
            return Container.MPEGTS
    return None
