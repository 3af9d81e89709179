"""The index of a growing fragmented MP4: which bytes are which piece of time.

A recording is `ftyp` and `moov`, then one `moof` and `mdat` after another (architecture, "The one idea").
The parser takes the bytes as they come, in pieces of any size, and skips the media data without copying it;
a tail that is not whole waits in it until the rest arrives. A fragment reaches from the end of the one before
it to the end of its `mdat`, so fragments and init section cover the file without gaps.

A file that is not fragmented is no error here: `layout` says so and the boxes are passed over.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from media.boxes import HEADER_BYTES, LARGE_HEADER_BYTES, Box, Header, broken, read_header
from media.errors import FragmentError
from media.timing import Timing, read_moof
from media.tracks import Movie, Track, read_movie

__all__ = ["Fragment", "FragmentError", "FragmentParser", "Layout", "Track", "read_on", "scan"]

MAX_PIXELS = 16384 * 8640
MAX_INDEX_BYTES = 4 << 20  # of a moov or moof: a fragment of a second needs one kilobyte
MAX_PLAIN_MOOV_BYTES = 256 << 20  # the tables of a plain file of many hours; never held in memory
_SCAN_BYTES = 8 << 10


class Layout(StrEnum):
    UNKNOWN = "unknown"  # the moov is not there yet
    FRAGMENTED = "fragmented"
    PLAIN = "plain"  # one index for the whole file: nothing can be played before all of it is there


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of the file that a player can append: bytes, and decode times of the video in seconds.

    Its first `key_length` bytes are enough to show its first picture, where that is a key frame; else 0.
    """

    offset: int
    length: int
    start_s: float
    duration_s: float
    keyframe: bool
    samples: int = 0  # pictures (or sound blocks where there is no picture)
    key_length: int = 0

    @property
    def end(self) -> int:
        return self.offset + self.length


class FragmentParser:
    """Incremental box parser. Not thread-safe; once it raised `FragmentError` it raises it for ever."""

    def __init__(self, max_pixels: int = MAX_PIXELS) -> None:
        self.layout = Layout.UNKNOWN
        self.init_length: int | None = None
        self.tracks: tuple[Track, ...] = ()
        self.fragments: list[Fragment] = []
        self.consumed = 0
        self.position = 0  # bytes fed so far
        self._max_pixels = max_pixels
        self._movie: Movie | None = None
        self._timing: Timing | None = None  # of the moof whose mdat is still to come
        self._header: Header | None = None  # of the box being read
        self._buffer = bytearray()
        self._skip = 0
        self._failed: FragmentError | None = None

    @property
    def duration_s(self) -> float:
        """Media time from the start of the first fragment to the end of the last."""
        if not self.fragments:
            return 0.0
        last = self.fragments[-1]
        return max(0.0, last.start_s + last.duration_s - self.fragments[0].start_s)

    @property
    def torn(self) -> bool:
        """Whether the last box is not whole, or not yet."""
        return self.position > self.consumed

    @property
    def skippable(self) -> int:
        """How many of the bytes that come next do not matter: a reader with a file may `skip` them."""
        return self._skip

    @property
    def video(self) -> Track | None:
        return next((track for track in self.tracks if track.kind == "video"), None)

    def feed(self, data: bytes | bytearray | memoryview) -> list[Fragment]:
        """Take the next bytes of the file and return the fragments that they complete."""
        if self._failed is not None:
            raise self._failed
        known = len(self.fragments)
        view = memoryview(data)
        try:
            while view:
                view = view[self._advance(view) :]
        except FragmentError as error:
            self._failed = error
            raise
        return self.fragments[known:]

    def skip(self, count: int) -> None:
        """Pass over `count` of the `skippable` bytes without showing them."""
        self._skip -= count
        self.position += count
        if self._skip == 0:
            self._end_box()

    def _advance(self, view: memoryview) -> int:
        if self._skip:
            count = min(self._skip, len(view))
            self.skip(count)
            return count
        wanted = self._wanted() - len(self._buffer)
        count = min(wanted, len(view))
        self._buffer += view[:count]
        self.position += count
        if count == wanted:
            self._on_wanted()
        return count

    def _wanted(self) -> int:
        """How large the buffer must become before something can be decided."""
        if self._header is not None:
            return self._header.size
        return LARGE_HEADER_BYTES if len(self._buffer) >= HEADER_BYTES else HEADER_BYTES

    def _on_wanted(self) -> None:
        if self._header is None:
            self._header = read_header(self._buffer)
            if self._header is None:
                return  # 64-bit size: eight bytes more
            if not self._keeps(self._header):
                self._buffer.clear()
                self._skip = self._header.body_size
            elif self._header.body_size:
                return
        if self._skip == 0:
            self._end_box()

    def _keeps(self, header: Header) -> bool:
        """Whether the box is read whole: only the indexes are."""
        self._check_order(header)
        if header.kind == "moof" and self.layout is Layout.FRAGMENTED:
            if header.size > MAX_INDEX_BYTES:
                raise broken("the index of a fragment is larger than 4 MiB")
            return True
        if header.kind != "moov":
            return False
        if header.size > MAX_PLAIN_MOOV_BYTES:
            raise broken("the index of the file is larger than 256 MiB")
        if header.size > MAX_INDEX_BYTES:
            # Only tables of samples grow like this, and a growing recording has none.
            self.layout = Layout.PLAIN
            return False
        return True

    def _check_order(self, header: Header) -> None:
        if header.kind == "moov" and self._movie is not None:
            raise broken("the file has a second index")
        if header.kind == "moof" and self.layout is Layout.UNKNOWN:
            raise broken("a fragment comes before the index that explains it")
        if header.kind == "mdat" and self._timing is None and not self.fragments:
            self.layout = Layout.PLAIN  # samples that the moov points at, or will

    def _end_box(self) -> None:
        header, self._header = self._header, None
        if header is None:
            return
        if self._buffer:
            body = bytes(self._buffer[header.length :])
            self._buffer.clear()
            self._read(Box(header.kind, memoryview(body)), self.position - header.size)
        elif header.kind == "mdat" and self._timing is not None:
            self._complete(self._timing)
        self.consumed = self.position

    def _read(self, box: Box, offset: int) -> None:
        try:
            if box.kind == "moov":
                self._read_moov(box)
            else:
                self._timing = read_moof(box, self._need_movie(), offset)
        except (struct.error, OverflowError, ValueError) as error:  # a last net; none is known to get here
            raise broken(f"{box.kind!r} cannot be understood ({error})") from error

    def _need_movie(self) -> Movie:
        if self._movie is None:
            raise broken("a fragment comes before the index that explains it")
        return self._movie

    def _read_moov(self, box: Box) -> None:
        movie = read_movie(box, self._max_pixels)
        self._movie, self.tracks = movie, movie.tracks
        if self.layout is Layout.UNKNOWN:
            self.layout = Layout.FRAGMENTED if movie.fragmented and movie.tracks else Layout.PLAIN
        if self.layout is Layout.FRAGMENTED:
            self.init_length = self.position

    def _complete(self, timing: Timing) -> None:
        before = self.fragments[-1] if self.fragments else None
        start = before.end if before else self.init_length or 0
        # Sound alone, as after the last picture, lies where the pictures before it end.
        start_s = before.start_s + before.duration_s if before and not timing.samples else timing.start_s
        self._timing = None
        length, key_length = self.position - start, max(0, timing.key_end - start)
        self.fragments.append(
            Fragment(
                start,
                length,
                start_s,
                timing.duration_s,
                timing.keyframe,
                timing.samples,
                key_length if key_length <= length else 0,
            )
        )


def scan(file: BinaryIO, end: int | None = None, max_pixels: int = MAX_PIXELS) -> FragmentParser:
    """Index a file from its start up to the byte `end` (None: all of it), seeking over the media data."""
    parser = FragmentParser(max_pixels)
    read_on(parser, file, file.seek(0, 2) if end is None else end)
    return parser


def read_on(parser: FragmentParser, file: BinaryIO, end: int) -> None:
    """Go on where `parser` stands, up to the byte `end` or the end of the file."""
    stop = min(end, file.seek(0, 2))
    while parser.position < stop:
        if parser.skippable:
            parser.skip(min(parser.skippable, stop - parser.position))
            continue
        file.seek(parser.position)
        data = file.read(min(_SCAN_BYTES, stop - parser.position))
        if not data:
            return
        parser.feed(data)
