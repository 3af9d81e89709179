"""Pictures of a video encoded again: scaled, upright, at the times they had.

Time stamps are kept to the tick, so a variable frame rate stays variable and every version of a video agrees
on when things happen.
"""

from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from media.clock import VIDEO_RATE
from media.packets import check_jump, decoded, seconds
from media.presets import load
from media.segments import SEGMENT_S
from media.tonemap import ToneMap, is_hdr

TICK = Fraction(1, VIDEO_RATE)
_SEGMENT = round(SEGMENT_S * VIDEO_RATE)
_MOST_KEYS = 64  # key frames between the demuxer and the encoder
_MAX_FPS = 240
_FRAME_DURATION = 1 << 8  # AV_CODEC_FLAG_FRAME_DURATION: packets last as long as their pictures
# H.273 code points for pictures made from RGB or HDR: BT.709, limited range.
_BT709, _RANGE = 1, 1
# Degrees that a picture must be turned against the clock, as transpositions.
_TURNS = {90: ("cclock",), 180: ("clock", "clock"), 270: ("clock",)}


class Pictures:
    """Packets of `source` in, encoded packets for `output` out. One thread, one reformatter.

    `origin_s` is the moment of the source that becomes 0. With `keys_follow` a key frame is put where the
    source has one (a segment is then the same in every rendition), and always one in every four seconds.
    Without `timed` the time stamps of the source mean nothing and its mean rate is kept.
    """

    def __init__(
        self,
        source: VideoStream,
        output: OutputContainer,
        size: tuple[int, int],
        *,
        origin_s: float = 0.0,
        rotation: int = 0,
        keys_follow: bool,
        timed: bool = True,
        threads: int,
    ) -> None:
        preset = load().rendition
        self._source = source
        self._size = size
        self._rotation = rotation
        self._origin = origin_s
        self._keys_follow = keys_follow
        self._timed = timed
        self._keys: deque[int] = deque(maxlen=_MOST_KEYS)
        self._reformatter = VideoReformatter()
        self._upright: Graph | None = None
        self._tone = ToneMap(self._before_turning) if is_hdr(source.codec_context.color_trc) else None
        self._last: VideoFrame | None = None
        self._last_key = -(10**12)
        self._step = max(1, round(VIDEO_RATE / float(source.average_rate or 30)))
        self.expected = 0
        self.taken = 0
        self._repeated = 0
        self._emitted = 0
        self.end_s = 0.0
        rate = Fraction(source.average_rate or 30).limit_denominator(1001)
        rate = min(max(rate, Fraction(1)), Fraction(_MAX_FPS))
        self._stream = cast("VideoStream", output.add_stream(preset.name, rate=rate))
        self._configure(preset.options, preset.pixel_format, threads)

    @property
    def pictures(self) -> int:
        """Encoded pictures of the source; repetitions do not count."""
        return self._emitted - self._repeated

    def take(self, packet: "Packet[Any]") -> Sequence["Packet[Any]"]:
        """Decodes and encodes; pictures that cannot be decoded are missing from `taken` and nothing else."""
        if packet.size:
            self.expected += 1
            if packet.is_keyframe and packet.pts is not None:
                self._keys.append(packet.pts)
        done: list[Packet[Any]] = []
        for frame in decoded(packet):
            done += self._encode(frame)
        return done

    def finish(self, until_s: float, /) -> Sequence["Packet[Any]"]:
        """The last picture stays until the sound ends, or players would end before it."""
        held = [] if self._keys_follow else self._bridge(round(until_s * VIDEO_RATE), at_most=_SEGMENT // 2)
        self.end_s = max(self.end_s, until_s) if held else self.end_s
        return [*held, *self._count(self._stream.encode(None))]

    def _configure(self, options: dict[str, str], pixel_format: str, threads: int) -> None:
        context, source = self._stream.codec_context, self._source.codec_context
        context.width, context.height = self._size
        context.pix_fmt = pixel_format
        context.time_base = TICK
        context.gop_size = 1 << 29
        context.max_b_frames = 0
        context.flags |= _FRAME_DURATION
        context.thread_count = threads
        context.options = dict(options)
        context.sample_aspect_ratio = self._aspect()
        # The pictures keep their matrix and range through the scaler, so their tags stay true.
        context.color_primaries, context.color_trc = source.color_primaries, source.color_trc
        context.colorspace, context.color_range = source.colorspace, source.color_range
        if not (self._source.pix_fmt or "").startswith("yuv"):
            context.colorspace, context.color_range = _BT709, _RANGE
        if self._tone is not None:
            context.color_primaries = context.color_trc = context.colorspace = _BT709
            context.color_range = _RANGE
        self._stream.time_base = TICK

    def _aspect(self) -> Fraction:
        """Of a pixel, so that the picture keeps its shape when its size was rounded to even numbers."""
        aspect = self._source.sample_aspect_ratio
        if not aspect:
            return Fraction(1)
        return 1 / aspect if self._rotation % 180 else aspect

    def _encode(self, frame: VideoFrame) -> list["Packet[Any]"]:
        ticks = self._ticks(frame)
        key = frame.pts in self._keys if frame.pts is not None else frame.key_frame
        picture = self._scaled(frame)
        done = self._bridge(ticks)
        picture.pts, picture.time_base = ticks, TICK
        picture.duration = self._step if frame.time_base is None else self._length(frame)
        self._mark(picture, key)
        self.taken += 1
        self._last = picture
        self.end_s = (ticks + picture.duration) / VIDEO_RATE
        return done + self._count(self._stream.encode(picture))

    def _ticks(self, frame: VideoFrame) -> int:
        """Strictly increasing; a picture without a time follows the one before."""
        before = self._last.pts if self._last is not None and self._last.pts is not None else None
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
        last = self._last
        if last is None or last.pts is None:
            return done
        boundary = (last.pts // _SEGMENT + 1) * _SEGMENT
        # The source's own keys lie on boundaries; a gap of less than two segments has lost none.
        while ticks - last.pts > at_most and boundary < ticks - self._step:
            last.pts, last.duration = boundary, min(_SEGMENT, ticks - boundary)
            self._mark(last, key=False)
            self._repeated += 1
            done += self._count(self._stream.encode(last))
            boundary += _SEGMENT
        return done

    def _mark(self, picture: VideoFrame, key: bool) -> None:
        """Decides whether this picture begins a segment."""
        ticks = picture.pts or 0
        since = ticks - self._last_key
        crossed = ticks // _SEGMENT > self._last_key // _SEGMENT
        wanted = (key or since >= 2 * _SEGMENT) if self._keys_follow else crossed
        picture.pict_type = PictureType.I if wanted else PictureType.NONE
        if wanted:
            self._last_key = ticks

    @property
    def _before_turning(self) -> tuple[int, int]:
        return self._size[::-1] if self._rotation % 180 else self._size

    def _scaled(self, frame: VideoFrame) -> VideoFrame:
        if self._tone is not None:
            toned = self._tone(frame)
            return self._turned(toned) if self._rotation else toned
        width, height = self._before_turning
        rgb = not frame.format.name.startswith("yuv")
        scaled = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="yuv420p",
            dst_colorspace=_BT709 if rgb else None,
            dst_color_range=_RANGE if rgb else None,
        )
        return self._turned(scaled) if self._rotation else scaled

    def _turned(self, frame: VideoFrame) -> VideoFrame:
        """Upright; all frames have one size here, so one graph serves."""
        if self._upright is None:
            self._upright = graph = Graph()
            nodes = [
                graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=TICK)
            ]
            nodes += [graph.add("transpose", way) for way in _TURNS[self._rotation]]
            graph.link_nodes(*nodes, graph.add("buffersink")).configure()
        self._upright.vpush(frame)
        return self._upright.vpull()

    def _count(self, packets: Sequence["Packet[Any]"]) -> list["Packet[Any]"]:
        self._emitted += len(packets)
        return list(packets)
