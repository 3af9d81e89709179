"""Pictures and sound of a film side by side, however its file mixes them.

A player needs both of each moment at once, and some files have them seconds apart, or no sound at all for a
while. So each is read by a reader of its own, at its own place in the file: which of them comes next is then
known, what is missing is known to be missing, and nothing has to be kept until it turns up.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

from av.container import InputContainer
from av.packet import Packet

from media.continuity import Continuity
from media.packets import read_s
from media.sniff import Container
from media.transcode import Way, arrivals, mux, writing
from media.untrusted import Watch

_BEGIN_ANEW = frozenset({Container.MPEGTS, Container.MPEGPS})


class Companion(Way, Protocol):
    """A way that does not let the others wait."""

    def keep_up(self, at_s: float) -> Iterable["Packet[Any]"]:
        """What to write where nothing from before `at_s`, a moment of the source, will come any more."""
        ...


def pump_in_order(
    containers: Sequence[InputContainer],
    ways: Mapping[int, Companion],
    duration_s: float,
    watch: Watch,
) -> None:
    """Moves every packet of the streams in `ways` (by index) through its way, in the order of their times.

    `containers`: the same file opened as often as there are ways. Raises RenditionError.
    """
    told = _slowest(watch, len(ways))
    readers = [
        _timed(_alone(container, index, list(ways), duration_s, tell))
        for container, index, tell in zip(containers, ways, told, strict=True)
    ]
    with writing():
        for at_s, packet in heapq.merge(*readers, key=itemgetter(0)):
            way = ways[packet.stream.index]
            for other in ways.values():
                if other is not way:
                    mux(other.keep_up(at_s))
            mux(way.take(packet))
        until_s = max((way.end_s for way in ways.values()), default=0.0)
        for way in ways.values():
            mux(way.finish(until_s))


def _alone(
    container: InputContainer, index: int, indexes: Sequence[int], duration_s: float, watch: Watch
) -> Iterator["Packet[Any]"]:
    """The packets of one stream. Those of the others pass by: there is progress where it has none, and every
    reader sees where the file's clock begins anew."""
    streams = [container.streams[each] for each in indexes]
    continuity = Continuity() if container.format.name in _BEGIN_ANEW else None
    for packet in arrivals(container, streams, duration_s, watch):
        if continuity is not None:
            continuity.heed(packet)
        if packet.stream.index == index:
            yield packet


def _timed(packets: Iterable["Packet[Any]"]) -> Iterator[tuple[float, "Packet[Any]"]]:
    """Each with the moment when it is decoded; one that does not know it belongs to the one before."""
    at_s = 0.0
    for packet in packets:
        known = read_s(packet)
        at_s = at_s if known is None else known
        yield at_s, packet


def _slowest(watch: Watch, count: int) -> list[Watch]:
    """A watch for each reader; told on is how far the last of them is."""
    done = [0.0] * count

    def watch_for(number: int) -> Watch:
        def tell(fraction: float) -> None:
            done[number] = fraction
            watch(min(done))

        return tell

    return [watch_for(number) for number in range(count)]
