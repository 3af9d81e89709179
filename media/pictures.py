"""Pictures of a video encoded again: scaled, upright, at the times they had.

Time stamps are kept to the tick, so a variable frame rate stays variable and every version of a video agrees
on when things happen. However many versions there are, the source is decoded once.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from media.clock import VIDEO_RATE
from media.packets import check_jump, decoded, seconds
from media.presets import VideoPreset, load
from media.segments import SEGMENT_S
from media.version import Target, Version

_SEGMENT = round(SEGMENT_S * VIDEO_RATE)
_MOST_KEYS = 64  # key frames between the demuxer and the encoder
_MAX_FPS = 240
_LATE = VIDEO_RATE // 10  # players wait no longer for a first picture
_MOST_WAITED = 10 * VIDEO_RATE
_NEVER = -(10**12)


@dataclass(frozen=True, slots=True)
class Coding:
    """How pictures are encoded. Without `rate` (per second, nominal) the source's own is taken."""

    preset: VideoPreset
    rate: Fraction | None = None
    threads: int = 2


@dataclass(slots=True)
class Window:
    """Only pictures in it are encoded, and their times count from its begin. Ticks; `until` may come late."""

    begin: int = _NEVER
    until: int = -_NEVER


def default_coding(threads: int) -> Coding:
    return Coding(load().rendition, threads=threads)


class Pictures:
    """Packets of `source` in, encoded packets for the targets' outputs out, largest target first.

    `origin_s` is the moment of the source that becomes 0. With `keys_follow` a key frame is put where the
    source has one (a segment is then the same in every rendition), and always one in every four seconds.
    Without `timed` the time stamps of the source mean nothing and its mean rate is kept.
    A `window` takes a piece out of the film. Without `keys_follow` there is a picture all the time: the first
    one is shown from 0, and each until the next.
    """

    def __init__(
        self,
        source: VideoStream,
        targets: Sequence[Target],
        coding: Coding,
        *,
        origin_s: float = 0.0,
        rotation: int = 0,
        keys_follow: bool,
        timed: bool = True,
        window: Window | None = None,
    ) -> None:
        self._source = source
        self._origin = origin_s
        self._keys_follow = keys_follow
        self._timed = timed
        self._keys: deque[int] = deque(maxlen=_MOST_KEYS)
        self._last: int | None = None
        self._last_key = _NEVER
        self._step = max(1, round(VIDEO_RATE / float(source.average_rate or 30)))
        self._repeated = 0
        self._ended = False
        self.expected = 0
        self.taken = 0
        self.end_s = 0.0
        self.window = window or Window()
        self.versions = [
            Version(source, target, rotation, first=number == 0) for number, target in enumerate(targets)
        ]
        rate = coding.rate or Fraction(source.average_rate or 30).limit_denominator(1001)
        for version in self.versions:
            version.open(coding.preset, min(max(rate, Fraction(1)), Fraction(_MAX_FPS)), coding.threads)

    @property
    def pictures(self) -> int:
        """Encoded pictures of the source, of the version that has the fewest; repetitions do not count."""
        return min(version.emitted for version in self.versions) - self._repeated

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        """Decodes and encodes; pictures that cannot be decoded are missing from `taken` and nothing else."""
        self._ended = not packet.size
        if packet.size:
            self.expected += self._is_within(seconds(packet))
            if packet.is_keyframe and packet.pts is not None:
                self._keys.append(packet.pts)
        return self._take(decoded(packet))

    def keep_up(self, at_s: float) -> Sequence["Packet[Any]"]:
        """No picture that is shown before `at_s`, a moment of the source, comes any more; unless the decoder
        still has it."""
        ticks = round((at_s - self._origin) * VIDEO_RATE)
        waits = self._last is not None and ticks - self._last > _MOST_WAITED
        decoded_all = self._ended or self.taken >= self.expected
        return self._bridge(ticks) if waits and decoded_all and self._timed else []

    def drain(self) -> Sequence["Packet[Any]"]:
        """What the decoder still holds, where a film is left before its end."""
        try:
            frames = self._source.codec_context.decode(None)
        except av.error.FFmpegError:
            return []  # it has been asked already
        for frame in frames:
            frame.time_base = self._source.time_base
        return self._take(frames)

    def _take(self, frames: Iterable[Any]) -> list["Packet[Any]"]:
        done: list[Packet[Any]] = []
        for frame in frames:
            if self._is_within(seconds(frame)):
                done += self._encode(frame)
        return done

    def finish(self, until_s: float, /) -> Sequence["Packet[Any]"]:
        """The last picture stays until the sound ends, or players would end before it."""
        held = [] if self._keys_follow else self._bridge(round(until_s * VIDEO_RATE), at_most=_SEGMENT // 2)
        self.end_s = max(self.end_s, until_s) if held else self.end_s
        return [*held, *self._finish()]

    def finish_before(self, tick: int) -> Sequence["Packet[Any]"]:
        """The end of a piece: another one goes on at `tick`."""
        return [*self._bridge(tick), *self._finish()]

    def _finish(self) -> list["Packet[Any]"]:
        return [packet for version in self.versions for packet in version.finish()]

    def _is_within(self, at_s: float | None) -> bool:
        if not self._timed:
            return True
        if at_s is None:  # nobody knows whether it lies in a window
            return self.window.begin == _NEVER
        return self.window.begin <= round((at_s - self._origin) * VIDEO_RATE) < self.window.until

    def _encode(self, frame: VideoFrame) -> list["Packet[Any]"]:
        ticks = self._ticks(frame)
        key = frame.pts in self._keys if frame.pts is not None else frame.key_frame
        duration = self._step if frame.time_base is None else self._length(frame)
        done = self._bridge(ticks)
        picture = frame
        for version in self.versions:
            picture = version.scaled(picture)
        self.taken += 1
        if self._last is None and ticks > _LATE and not self._keys_follow:
            self._last, self._repeated = 0, self._repeated + 1
            done += [*self._show(0, min(ticks, _SEGMENT), key=True), *self._bridge(ticks)]
        self._last = ticks
        self.end_s = (ticks + duration) / VIDEO_RATE
        return done + self._show(ticks, duration, key=key)

    def _show(self, ticks: int, duration: int, *, key: bool) -> list["Packet[Any]"]:
        key = self._begins_segment(ticks, key)
        at = ticks - max(0, self.window.begin)
        return [packet for version in self.versions for packet in version.show(at, duration, key=key)]

    def _ticks(self, frame: VideoFrame) -> int:
        """Strictly increasing; a picture without a time follows the one before."""
        before = self._last
        at = seconds(frame) if self._timed else None
        if at is None:
            return 0 if before is None else before + self._step
        ticks = round((at - self._origin) * VIDEO_RATE)
        if before is None:
            return max(0, ticks)
        check_jump(before / VIDEO_RATE, ticks / VIDEO_RATE)
        return max(ticks, before + 1)

    def _length(self, frame: VideoFrame) -> int:
        if not frame.duration or frame.time_base is None:
            return self._step
        return min(max(1, round(frame.duration * frame.time_base * VIDEO_RATE)), 10 * VIDEO_RATE)

    def _bridge(self, ticks: int, *, at_most: int = 2 * _SEGMENT) -> list["Packet[Any]"]:
        """Repeats the last picture on the segment boundaries of a long gap: a key needs a picture."""
        done: list[Packet[Any]] = []
        if self._last is None:
            return done
        boundary = (self._last // _SEGMENT + 1) * _SEGMENT
        # The source's own keys lie on boundaries; a gap of less than two segments has lost none.
        while ticks - self._last > at_most and boundary < ticks - self._step:
            self._last = boundary
            self._repeated += 1
            done += self._show(boundary, min(_SEGMENT, ticks - boundary), key=False)
            boundary += _SEGMENT
        return done

    def _begins_segment(self, ticks: int, key: bool) -> bool:
        since = ticks - self._last_key
        crossed = ticks // _SEGMENT > self._last_key // _SEGMENT
        wanted = (key or since >= 2 * _SEGMENT) if self._keys_follow else crossed
        if wanted:
            self._last_key = ticks
        return wanted
