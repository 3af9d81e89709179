"""Long recordings out of short ones: the same fragments again and again, each time with later times."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BOX = struct.Struct(">I4s")
CONTAINERS = (b"moov", b"trak", b"mdia", b"moof", b"traf")


@dataclass(frozen=True, slots=True)
class Piece:
    """A top-level run of bytes: a moof with its mdat."""

    data: bytes
    times: tuple[tuple[int, int, int, int], ...]  # of each tfdt: position, version, value, time scale
    sequence: int  # position of the sequence number


@dataclass(frozen=True, slots=True)
class Loop:
    """A short recording taken apart."""

    head: bytes  # ftyp and moov
    pieces: tuple[Piece, ...]
    seconds: float


def take_apart(path: Path, seconds: float) -> Loop:
    """A fragmented MP4 that lasts so long."""
    data = path.read_bytes()
    starts = [at for at, kind, _ in _boxes(data, 0, len(data)) if kind == b"moof"]
    scales = _scales(data)
    ends = [*starts[1:], _end_of_media(data)]
    pieces = tuple(_piece(data[at:end], scales) for at, end in zip(starts, ends, strict=True))
    return Loop(data[: starts[0]], pieces, seconds)


def play(loop: Loop, *, seconds: float | None = None, size: int | None = None) -> Iterator[bytes]:
    """The head, then fragments until so many seconds or bytes are reached (whole fragments only)."""
    yield loop.head
    sent, turn, sequence = len(loop.head), 0, 0
    while seconds is None or turn * loop.seconds < seconds:
        for piece in loop.pieces:
            if size is not None and sent + len(piece.data) > size:
                return
            sequence += 1
            sent += len(piece.data)
            yield _later(piece, turn * loop.seconds, sequence)
        turn += 1


def _later(piece: Piece, seconds: float, sequence: int) -> bytes:
    data = bytearray(piece.data)
    struct.pack_into(">I", data, piece.sequence, sequence)
    for at, version, value, scale in piece.times:
        struct.pack_into(">Q" if version else ">I", data, at, value + round(seconds * scale))
    return bytes(data)


def _piece(data: bytes, scales: dict[int, int]) -> Piece:
    found: dict[bytes, list[int]] = {}
    for at, kind, _ in _walk(data, 0, len(data)):
        found.setdefault(kind, []).append(at + BOX.size)
    times = []
    for header, time in zip(found[b"tfhd"], found[b"tfdt"], strict=True):
        track = struct.unpack_from(">I", data, header + 4)[0]
        version = data[time]
        value = struct.unpack_from(">Q" if version else ">I", data, time + 4)[0]
        times.append((time + 4, version, value, scales[track]))
    return Piece(data, tuple(times), found[b"mfhd"][0] + 4)


def _scales(data: bytes) -> dict[int, int]:
    """Time scale by track id."""
    tracks, scales = [], []
    for at, kind, _ in _walk(data, 0, len(data)):
        body = at + BOX.size
        if kind == b"tkhd":
            tracks.append(struct.unpack_from(">I", data, body + (20 if data[body] else 12))[0])
        elif kind == b"mdhd":
            scales.append(struct.unpack_from(">I", data, body + (20 if data[body] else 12))[0])
    return dict(zip(tracks, scales, strict=True))


def _end_of_media(data: bytes) -> int:
    """Where the last mdat ends; what the muxer wrote behind it is an index of this file alone."""
    return max(at + size for at, kind, size in _boxes(data, 0, len(data)) if kind == b"mdat")


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    while start + BOX.size <= end:
        size, kind = BOX.unpack_from(data, start)
        yield start, kind, size
        start += size


def _walk(data: bytes, start: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    for at, kind, size in _boxes(data, start, end):
        yield at, kind, size
        if kind in CONTAINERS:
            yield from _walk(data, at + BOX.size, at + size)
