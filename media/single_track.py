"""One track of a fragmented file as if it were a file of its own (ISO/IEC 14496-12), made as it is sent.

DASH players want picture and sound apart, while a recording has both in one file. Nothing is encoded or kept
twice: indexes are written anew for the one track, and its samples are copied from between the others'.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from media.boxes import HEADER_BYTES, Box, broken, read_header
from media.fragments import MAX_PIXELS
from media.timing import BASE_IS_MOOF, data_base
from media.tracks import Movie, SampleDefaults, read_movie

_DATA_OFFSET = 0x1
_FIRST_FLAGS = 0x4
_SIZES = 0x200
# Of encryption: they would name positions in the whole file.
_DROPPED = {"saiz", "saio", "senc"}


@dataclass(frozen=True, slots=True)
class _Run:
    """A `trun` without its offset: what stands around that, and where in the file its samples lie."""

    flags: bytes
    count: bytes
    rest: bytes
    start: int
    length: int


class SingleTrack:
    """`head` is the file up to its first fragment. Raises FragmentError where the track is not in it."""

    def __init__(self, head: bytes, track_id: int, max_pixels: int = MAX_PIXELS) -> None:
        boxes = dict(_top(memoryview(head)))
        moov = next((box for box in boxes.values() if box.kind == "moov"), None)
        if moov is None:
            raise broken("there is no index before the first fragment")
        self._movie: Movie = read_movie(moov, max_pixels)
        if all(track.id != track_id for track in self._movie.tracks):
            raise broken(f"there is no track {track_id}")
        self._id = track_id
        kept = (box for box in boxes.values() if box.kind in {"ftyp", "moov"})
        self.head = b"".join(
            self._movie_of_one(box) if box is moov else _box(box.kind, box.body) for box in kept
        )

    def fragments(self, data: bytes, offset: int) -> bytes:
        """What the track has of whole fragments; `data` are the bytes of the file from `offset` on."""
        view, made = memoryview(data), []
        for at, box in _top(view):
            if box.kind == "moof":
                made.append(self._fragment(box, offset + at, view, offset))
        return b"".join(made)

    def _movie_of_one(self, moov: Box) -> bytes:
        parts = []
        for box in moov.children():
            if box.kind == "trak":
                header = box.need("tkhd")
                if header.number(20 if header.version == 1 else 12, 4) == self._id:
                    parts.append(_box("trak", box.body))
            elif box.kind == "mvex":
                mine = [one for one in box.children() if one.kind != "trex" or one.number(4, 4) == self._id]
                parts.append(_box("mvex", *(_box(one.kind, one.body) for one in mine)))
            else:
                parts.append(_box(box.kind, box.body))
        return _box("moov", *parts)

    def _fragment(self, moof: Box, start: int, view: memoryview, offset: int) -> bytes:
        """`start` is the byte of the file at which the `moof` begins."""
        end, found = start, []
        for number, traf in enumerate(box for box in moof.children() if box.kind == "traf"):
            header = traf.need("tfhd")
            base = data_base(header, start, first=number == 0)
            runs = list(self._runs(traf, header, end if base is None else base))
            end = runs[-1].start + runs[-1].length if runs else end
            if header.number(4, 4) == self._id:
                found.append((traf, header, runs))
        if not found:
            return b""
        pieces = [
            view[run.start - offset : run.start + run.length - offset] for *_, runs in found for run in runs
        ]
        wanted = sum(run.length for *_, runs in found for run in runs)
        if sum(map(len, pieces)) != wanted or any(run.start < offset for *_, runs in found for run in runs):
            raise broken("samples of a fragment lie outside of it")
        index = _box("mfhd", moof.need("mfhd").body)
        # The index has the same size wherever it says that the samples are.
        length = len(_index(index, found, 0))
        return _index(index, found, length + HEADER_BYTES) + _box("mdat", *pieces)

    def _runs(self, traf: Box, header: Box, base: int) -> Iterator[_Run]:
        defaults = self._movie.defaults.get(header.number(4, 4), SampleDefaults())
        size, at = _default_size(header, defaults), base
        for box in traf.children():
            if box.kind != "trun":
                continue
            flags, count, fields = box.flags, box.number(4, 4), 8
            if flags & _DATA_OFFSET:
                at = base + int.from_bytes(box.body[8:12], "big", signed=True)
                fields = 12
            length = _length(box, flags, count, fields, size)
            yield _Run(
                bytes(box.body[0:1]) + (flags | _DATA_OFFSET).to_bytes(3, "big"),
                bytes(box.body[4:8]),
                bytes(box.body[fields:]),
                at,
                length,
            )
            at += length


def _top(view: memoryview) -> Iterator[tuple[int, Box]]:
    """The whole boxes, with the position of each."""
    at = 0
    while len(view) - at >= HEADER_BYTES:
        header = read_header(view[at : at + 16])
        if header is None or at + header.size > len(view):
            return
        yield at, Box(header.kind, view[at + header.length : at + header.size])
        at += header.size


def _index(mfhd: bytes, found: list[tuple[Box, Box, list[_Run]]], data_at: int) -> bytes:
    """The `moof`; `data_at` is where its first sample lies, counted from its start."""
    trafs = []
    for traf, header, runs in found:
        parts = [_header(header)]
        parts += [
            _box(box.kind, box.body) for box in traf.children() if box.kind not in {"tfhd", "trun", *_DROPPED}
        ]
        for run in runs:
            parts.append(_box("trun", run.flags, run.count, struct.pack(">i", data_at), run.rest))
            data_at += run.length
        trafs.append(_box("traf", *parts))
    return _box("moof", mfhd, *trafs)


def _header(header: Box) -> bytes:
    """The `tfhd`, counting from the `moof`."""
    flags = header.flags & ~0x1 | BASE_IS_MOOF
    rest = header.body[16 if header.flags & 0x1 else 8 :]
    return _box("tfhd", bytes(header.body[0:1]), flags.to_bytes(3, "big"), header.body[4:8], rest)


def _default_size(header: Box, defaults: SampleDefaults) -> int:
    at = 8 + sum(size for flag, size in ((0x1, 8), (0x2, 4), (0x8, 4)) if header.flags & flag)
    return header.number(at, 4) if header.flags & 0x10 else defaults.size


def _length(box: Box, flags: int, count: int, at: int, default: int) -> int:
    """Bytes of all samples of a run."""
    if not flags & _SIZES:
        return count * default
    at += 4 if flags & _FIRST_FLAGS else 0
    fields = [flag for flag in (0x100, 0x200, 0x400, 0x800) if flags & flag]
    table = box.body[at : at + 4 * len(fields) * count]
    if len(table) < 4 * len(fields) * count:
        raise broken("a table of samples is shorter than it says")
    return sum(struct.unpack(f">{len(fields) * count}I", table)[fields.index(_SIZES) :: len(fields)])


def _box(kind: str, *parts: bytes | memoryview) -> bytes:
    size = HEADER_BYTES + sum(map(len, parts))
    if size >= 1 << 32:
        raise broken("a fragment is too large to be taken apart")
    return b"".join([struct.pack(">I4s", size, kind.encode("latin-1")), *parts])
