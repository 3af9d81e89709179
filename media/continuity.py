"""Times that go on where a file's clock does not.

A transport or program stream may begin its clock anew in the middle (ISO/IEC 13818-1, 2.4.3.5): recordings
put one behind the other, a broadcast with something cut in. What follows is moved to where the rest ended.
"""

from typing import Any

from av.packet import Packet

from media.packets import read_s

_MOST_BACK_S = 1.0
_MOST_AHEAD_S = 10.0  # as FFmpeg's own programs judge


class Continuity:
    """Moves the packets of a file, in the order that they have in it; streams of one clock alike."""

    def __init__(self) -> None:
        self._moves = [0.0]  # seconds; each that was ever right, newest last
        self._move: dict[int, float] = {}  # by stream
        self._end: dict[int, float] = {}

    def heed(self, packet: "Packet[Any]") -> None:
        at, base, stream = read_s(packet), packet.time_base, packet.stream.index
        if at is None or not base:
            return
        move = self._move.get(stream, self._moves[-1])
        if not self._goes_on(stream, at + move):
            move = self._moved(stream, at)
        self._move[stream] = move
        self._end[stream] = at + move + float((packet.duration or 0) * base)
        if ticks := round(move / float(base)):
            packet.pts = None if packet.pts is None else packet.pts + ticks
            packet.dts = None if packet.dts is None else packet.dts + ticks

    def _goes_on(self, stream: int, at: float) -> bool:
        """A stream may have a hole while others go on; none goes back."""
        if stream not in self._end:
            return True
        newest = max(self._end.values())
        return at >= self._end[stream] - _MOST_BACK_S and at <= newest + _MOST_AHEAD_S

    def _moved(self, stream: int, at: float) -> float:
        """As another stream has been already, or before a time that was wrong; else to the end of all."""
        for move in reversed(self._moves):
            if self._goes_on(stream, at + move):
                return move
        self._moves.append(max(self._end.values()) - at)
        return self._moves[-1]
