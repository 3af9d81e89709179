"""Pieces of a film encoded one by one, and joined without a seam.

Each piece is decoded from its own bytes and encoded as the whole would have been: pictures at the same ticks,
keys at the same places. Joining copies packets; the sound, which no piece has, comes once from the source.
"""

import io
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, BinaryIO, cast

from av.packet import Packet
from av.video.stream import VideoStream

from media.clock import VIDEO_RATE
from media.cuts import Cut
from media.errors import RenditionError
from media.facts import Probe, Rung
from media.fragments import MAX_PIXELS
from media.packets import seconds
from media.pictures import Coding, Window
from media.renditions import check_complete, open_outputs, open_pictures, sound_of
from media.sniff import Container
from media.transcode import Encoded, arrivals, mux, writing
from media.untrusted import Streams, Watch, ignore_progress, open_media, streams_of
from media.version import TICK, Target

_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """What came out of a piece that begins at the tick `base`: `pictures` of the `taken` ones that it has,
    with repetitions in `packets`."""

    base: int
    packets: int
    pictures: int
    taken: int


def encode_piece(
    source: Path,
    outputs: Mapping[Path, Rung],
    cut: Cut,
    *,
    facts: Probe,
    coding: Coding,
    init_length: int,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Piece:
    """Encodes one piece of a fragmented file for each rung, without sound.

    Raises UnreadableMedia, and RenditionError also where the piece does not begin with a key frame.
    """
    window = Window()
    with (
        _excerpt(source, init_length, cut) as file,
        open_media(source, kind=Container.MP4, max_pixels=max_pixels, file=file) as container,
        open_outputs(outputs) as targets,
    ):
        streams = streams_of(container, max_pixels=max_pixels)
        pictures = open_pictures(streams, targets, facts, coding, max_pixels, window=window)
        end = init_length + cut.end - cut.begin
        with writing():
            for packet in arrivals(container, [streams.video], cut.duration_s, watch):
                if _belongs(packet, window, end):
                    mux(pictures.take(packet))
            ends = window.until < Window().until
            mux(pictures.finish_before(window.until) if ends else pictures.finish(0.0))
    packets = {version.emitted for version in pictures.versions}
    check_complete(pictures.pictures, pictures.taken, pictures.expected)
    return Piece(max(0, window.begin), packets.pop(), pictures.pictures, pictures.taken)


def join_pieces(
    source: Path,
    outputs: Mapping[Path, Rung],
    pieces: Sequence[tuple[Piece, Mapping[str, Path]]],
    *,
    kind: Container,
    facts: Probe,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> list[Encoded]:
    """Writes each rung from its pieces, whose files are named by rung, with the sound of `source`.

    Raises RenditionError where the pieces do not fit together.
    """
    with (
        open_media(source, kind=kind, max_pixels=max_pixels) as container,
        open_outputs(outputs) as targets,
        ExitStack() as stack,
    ):
        films = [
            stack.enter_context(_film(target, [(piece, files[rung.name]) for piece, files in pieces]))
            for target, rung in zip(targets, outputs.values(), strict=True)
        ]
        with writing():
            _interleave(container, films, targets, facts, watch)
    wanted = sum(piece.packets for piece, _ in pieces)
    if any(film.packets != wanted for film in films):
        raise RenditionError("The pieces do not fit together", "Pictures were lost between them.")
    made, taken = (sum(getattr(piece, name) for piece, _ in pieces) for name in ("pictures", "taken"))
    check_complete(made, taken, facts.frames)
    return [
        Encoded(rung.width, rung.height, film.end_s, made, facts.frames, path.stat().st_size)
        for film, (path, rung) in zip(films, outputs.items(), strict=True)
    ]


def _interleave(
    container: Any, films: Sequence["_Film"], targets: Sequence[Target], facts: Probe, watch: Watch
) -> None:
    streams: Streams = streams_of(container)
    sound = sound_of(streams, facts, [target.output for target in targets])
    if sound is not None:
        for packet in arrivals(container, [streams.audio], facts.duration_s, watch):
            for film in films:
                mux(film.until(seconds(packet)))
            mux(sound.take(packet))
    for film in films:
        mux(film.until(inf))
    if sound is not None:
        mux(sound.finish(0.0))


class _Film:
    """The pictures of one rung, piece after piece."""

    def __init__(self, target: Target, first: VideoStream, packets: Iterator["Packet[Any]"]) -> None:
        # As it is: a decoder such as libdav1d has no encoder of its name to be asked.
        self._stream = target.output.add_stream_from_template(first, opaque=True)
        self._stream.time_base = TICK
        self._packets = packets
        self._next = next(packets, None)
        self.packets = 0
        self.end_s = 0.0

    def until(self, at_s: float | None) -> Iterator["Packet[Any]"]:
        """What is decoded up to then."""
        while at_s is not None and (packet := self._next) is not None and (seconds(packet) or 0.0) <= at_s:
            self._next = next(self._packets, None)
            self.packets += 1
            self.end_s = float(((packet.pts or 0) + (packet.duration or 0)) * TICK)
            packet.stream = self._stream
            yield packet


@contextmanager
def _film(target: Target, pieces: Sequence[tuple[Piece, Path]]) -> Iterator[_Film]:
    with open_media(pieces[0][1], kind=Container.MP4) as container:
        first = _video(streams_of(container))
        packets = _packets(pieces, bytes(first.codec_context.extradata or b""))
        try:
            yield _Film(target, first, packets)
        finally:
            packets.close()


def _packets(pieces: Sequence[tuple[Piece, Path]], header: bytes) -> Generator["Packet[Any]", None, None]:
    """Raises RenditionError where a piece was encoded another way: one header serves all."""
    for piece, path in pieces:
        with open_media(path, kind=Container.MP4) as container:
            video = _video(streams_of(container))
            if bytes(video.codec_context.extradata or b"") != header or video.time_base != TICK:
                raise RenditionError("The pieces do not fit together", "They were encoded in different ways.")
            for packet in container.demux(video):
                if packet.size and packet.pts is not None and packet.dts is not None:
                    packet.pts, packet.dts = packet.pts + piece.base, packet.dts + piece.base
                    yield packet


def _video(streams: Streams) -> VideoStream:
    if streams.video is None:
        raise RenditionError("The pieces do not fit together", "One of them has no picture.")
    return streams.video


def _belongs(packet: "Packet[Any]", window: Window, end: int) -> bool:
    """Whether the packet may show a picture of the piece; finds out when the piece begins and ends."""
    if not packet.size:
        return True
    at = round((seconds(packet) or 0.0) * VIDEO_RATE)
    if window.begin == Window().begin:
        if not packet.is_keyframe:
            raise RenditionError("The film cannot be cut here", "The piece does not begin with a key frame.")
        window.begin = at
    if window.until == Window().until and packet.pos is not None and packet.pos >= end:
        window.until = at
    decoded_at = at if packet.dts is None else round(float(packet.dts * packet.time_base) * VIDEO_RATE)
    return decoded_at < window.until


@contextmanager
def _excerpt(source: Path, init_length: int, cut: Cut) -> Iterator[BinaryIO]:
    with source.open("rb", buffering=0) as file:
        excerpt = _Excerpt(file, init_length, cut.begin, cut.spill)
        yield cast("BinaryIO", io.BufferedReader(excerpt, _BUFFER))


class _Excerpt(io.RawIOBase):
    """A file of the header of another one and a run of its fragments."""

    def __init__(self, file: BinaryIO, head: int, begin: int, end: int) -> None:
        self._file = file
        self._head = head
        self._skipped = begin - head
        self._size = head + end - begin
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        in_head = self._at < self._head
        left = (self._head if in_head else self._size) - self._at
        view = memoryview(buffer).cast("B")[: max(0, left)]
        self._file.seek(self._at if in_head else self._at + self._skipped)
        count = cast("Any", self._file).readinto(view) or 0
        self._at += count
        return int(count)
