"""One pass through a file into a fragmented MP4 like the one a recorder writes.

FFmpeg reports many broken files as success with fewer pictures, so everything is counted.
"""

import errno
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from media.errors import RenditionError
from media.muxer import OPTIONS
from media.packets import seconds
from media.untrusted import Watch

# What an encoder looks ahead, a dozen pictures, is longest where there is a picture in four seconds. If sound
# went on without them, they would come in later fragments than what is heard with them.
_OPTIONS = {**OPTIONS, "max_interleave_delta": "60000000"}
_WATCH_EVERY_S = 0.1
_DISK = frozenset({errno.ENOSPC, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)})


class Way(Protocol):
    """How the packets of one stream become packets of the output."""

    @property
    def end_s(self) -> float: ...

    def take(self, packet: "Packet[Any]") -> Iterable["Packet[Any]"]: ...

    def finish(self, until_s: float, /) -> Iterable["Packet[Any]"]:
        """What is left; the longest of the streams ends at `until_s`."""
        ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """What was written. `pictures` of the `expected` ones in the source came out."""

    width: int
    height: int
    duration_s: float
    pictures: int
    expected: int
    size_bytes: int
    copied: bool = False


@contextmanager
def open_output(path: Path, *, fragment_s: float = 0.5) -> Iterator[OutputContainer]:
    """Fragments of half a second are the parts of a live stream; of a finished one they only cost bytes."""
    options = {**_OPTIONS, "frag_duration": str(round(fragment_s * 1_000_000))}
    with writing(), av.open(str(path), "w", format="mp4", container_options=options) as output:
        yield output


def pump(
    container: InputContainer,
    ways: Mapping[int, Way],
    duration_s: float,
    watch: Watch,
) -> None:
    """Moves every packet of the streams in `ways` (by index) through its way. Raises RenditionError."""
    with writing():
        for packet in arrivals(container, [container.streams[index] for index in ways], duration_s, watch):
            mux(ways[packet.stream.index].take(packet))
        until_s = max((way.end_s for way in ways.values()), default=0.0)
        for way in ways.values():
            mux(way.finish(until_s))


def mux(packets: Iterable["Packet[Any]"]) -> None:
    """Each goes into the file of its stream."""
    for packet in packets:
        cast("OutputContainer", packet.stream.container).mux(packet)


def arrivals(
    container: InputContainer, streams: Sequence[Any], duration_s: float, watch: Watch
) -> Iterator["Packet[Any]"]:
    """The packets of `streams` in the order of the file. One that breaks off is played up to there."""
    progress = _Progress(duration_s, watch)
    with suppress(av.error.FFmpegError):
        for packet in container.demux(*streams):
            progress.at(seconds(packet))
            yield packet


@contextmanager
def writing() -> Iterator[None]:
    """Inside this, what the library complains of is ours and not the file's. A full disk is an OSError."""
    try:
        yield
    except av.error.FFmpegError as error:
        if error.errno in _DISK:
            raise OSError(error.errno, error.strerror) from error
        raise RenditionError("The new version could not be written", error.strerror or str(error)) from error


class _Progress:
    """Tells `watch` a few times a second how far the source has been read."""

    def __init__(self, duration_s: float, watch: Watch) -> None:
        self._duration = duration_s
        self._watch = watch
        self._next = 0.0

    def at(self, moment: float | None) -> None:
        if (now := time.monotonic()) < self._next:
            return
        self._next = now + _WATCH_EVERY_S
        known = moment is not None and self._duration > 0
        self._watch(min(0.99, max(0.0, (moment or 0.0) / self._duration)) if known else 0.0)
